/** Sends diagnostics when typing pauses: of the file at hand first, then of those that take from it. */

import { documentDiagnostics } from "./diagnostics.ts";
import type { Services } from "./feature.ts";
import { uriOf } from "./locations.ts";

/** Milliseconds without a key before a check; a check takes the rest of the 150 that a reader waits. */
const PAUSE = 40;

export class Publisher {
  readonly #services: Services;
  /** The client asks for diagnostics itself (`textDocument/diagnostic`), and is only told that others may be old. */
  pulls = false;
  readonly #waiting = new Set<string>();
  readonly #shown = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Every spec of the workspace is looked at once, a few at a time, so that requests get their turn. */
  start(): void {
    for (const path of this.#services.workspace.specs()) this.#waiting.add(path);
    this.#soon();
  }

  changed(paths: readonly string[]): void {
    for (const path of paths) {
      this.#waiting.add(path);
      for (const dependent of this.#services.workspace.dependents(path)) this.#waiting.add(dependent);
    }
    this.#later(PAUSE);
  }

  /** Nobody listens any more. */
  stop(): void {
    this.#waiting.clear();
    this.#halt();
  }

  closed(uri: string, path: string): void {
    // On disk it is a file of the workspace still, or nothing at all.
    if (this.#services.workspace.specs().includes(path)) {
      this.changed([path]);
      return;
    }
    this.#send(uri, path, []);
    // Those that import it see what is on disk, or nothing.
    for (const dependent of this.#services.workspace.dependents(path))
      if (dependent !== path) this.#waiting.add(dependent);
    if (this.#waiting.size > 0) this.#later(PAUSE);
  }

  #halt(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#timer = null;
    this.#turn = null;
  }

  #later(milliseconds: number): void {
    this.#halt();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#next();
    }, milliseconds);
  }

  /** When what has come in meanwhile is answered. */
  #soon(): void {
    if (this.#timer !== null || this.#turn !== null) return;
    this.#turn = setImmediate(() => {
      this.#turn = null;
      this.#next();
    });
  }

  /** One file, then whoever else has something to say. */
  #next(): void {
    const path = this.#first();
    if (path === null) return;
    this.#waiting.delete(path);
    const { workspace } = this.#services;
    const uri = [...workspace.open.values()].find((document) => document.path === path)?.uri ?? uriOf(path);
    this.#send(uri, path, workspace.files.read(path) === null ? [] : documentDiagnostics(workspace, path));
    if (this.#waiting.size > 0) this.#soon();
  }

  /** Open files before others. */
  #first(): string | null {
    for (const { path } of this.#services.workspace.open.values()) if (this.#waiting.has(path)) return path;
    const [other] = this.#waiting;
    return other ?? null;
  }

  #send(uri: string, path: string, diagnostics: ReturnType<typeof documentDiagnostics>): void {
    const { connection, workspace } = this.#services;
    const open = workspace.open.get(uri);
    if (this.pulls && open !== undefined) return;
    const text = JSON.stringify(diagnostics);
    // What was empty and is empty need not be said.
    if ((this.#shown.get(path) ?? "[]") === text && open === undefined) return;
    this.#shown.set(path, text);
    void connection.sendDiagnostics({
      uri,
      diagnostics,
      ...(open === undefined ? {} : { version: open.version }),
    });
  }
}
