/** Files as the language server sees them: open texts before the disk. */
import type { Host } from "../language/check/source.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import { parse } from "../language/syntax/parse.ts";
import type { SourceTree } from "../language/syntax/tree.ts";

/** What the server is given of the world; the language itself touches no disk. */
export interface Disk {
  /** The text at a path as the language names files (absolute, or `std:…`); null when there is none. */
  read(path: string): string | null;
  /** Absolute paths of the files below a folder that end in `.mlops`, those that Git ignores left out. */
  specs(folder: string): readonly string[];
  /** Names in a folder, folders with a `/` behind them; empty when there is none. */
  list(folder: string): readonly string[];
}

/** A text, read once for each version of it. */
export interface Parsed {
  readonly text: string;
  readonly tree: SourceTree;
  readonly lines: Lines;
}

/** Parsed texts by path; one that is open in the editor stands before the one on disk. */
export class Files implements Host {
  readonly #disk: Disk;
  readonly #open = new Map<string, { readonly text: string; parsed: Parsed | null }>();
  /** Trees of files that nobody has open are made again when the memory was needed: workspaces are large. */
  readonly #onDisk = new Map<string, { readonly text: string; parsed: WeakRef<Parsed> } | null>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  get disk(): Disk {
    return this.#disk;
  }

  /** Takes the text that the editor has. */
  open(path: string, text: string): void {
    if (this.#open.get(path)?.text !== text) this.#open.set(path, { text, parsed: null });
  }

  close(path: string): void {
    this.#open.delete(path);
    this.#onDisk.delete(path);
  }

  /** The file on disk is another now. */
  changed(path: string): void {
    this.#onDisk.delete(path);
  }

  read(path: string): string | null {
    return this.#open.get(path)?.text ?? this.#onDisk.get(path)?.text ?? this.parsed(path)?.text ?? null;
  }

  parsed(path: string): Parsed | null {
    const open = this.#open.get(path);
    if (open !== undefined) {
      open.parsed ??= parsedOf(open.text);
      return open.parsed;
    }
    const known = this.#onDisk.get(path);
    if (known === null) return null;
    const kept = known?.parsed.deref();
    if (kept !== undefined) return kept;
    const text = known?.text ?? this.#disk.read(path);
    const parsed = text === null ? null : parsedOf(text);
    this.#onDisk.set(path, parsed === null ? null : { text: parsed.text, parsed: new WeakRef(parsed) });
    return parsed;
  }
}

const parsedOf = (text: string): Parsed => ({ text, tree: parse(text), lines: new Lines(text) });
