/** What the server knows of all files: texts, analyses, and which file takes from which. */
import { type Analysis, analyse } from "../language/compile.ts";
import type { Vocabulary } from "../language/vocabulary/kind.ts";
import { type Disk, Files, type Parsed } from "./files.ts";

/** One text that the editor has open. */
export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  readonly version: number;
}

interface Known {
  readonly analysis: Analysis;
  /** The parsed texts that it was made from, by path: it holds as long as these do. */
  readonly from: ReadonlyMap<string, Parsed | null>;
}

/** Analyses of files that are not open are kept up to so many characters of text: some 140 MB. */
const CLOSED = 1_200_000;

/** What the client said that it can do. */
export interface ClientAbilities {
  /** Tab stops in what is inserted. */
  readonly snippets: boolean;
  /** It asks again for lenses, or for hints, when it is told that they are old. */
  readonly refreshesLenses: boolean;
  readonly refreshesHints: boolean;
}

export class Workspace {
  readonly vocabulary: Vocabulary;
  client: ClientAbilities = { snippets: false, refreshesLenses: false, refreshesHints: false };
  readonly files: Files;
  readonly open = new Map<string, OpenDocument>();
  readonly #analyses = new Map<string, Known>();
  /** The files that each spec was last made from. */
  readonly #takes = new Map<string, readonly string[]>();
  #revision = 0;
  #folders: readonly string[] = [];
  #specs: ReadonlySet<string> | null = null;

  constructor(vocabulary: Vocabulary, disk: Disk) {
    this.vocabulary = vocabulary;
    this.files = new Files(disk);
  }

  set folders(folders: readonly string[]) {
    this.#folders = folders;
    this.#specs = null;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Every spec of the workspace, open or on disk. */
  specs(): readonly string[] {
    this.#specs ??= new Set(this.#folders.flatMap((folder) => this.files.disk.specs(folder)));
    const open = [...this.open.values()].map(({ path }) => path);
    return [...new Set([...open, ...this.#specs])];
  }

  /** Goes up with every change of any file. */
  get revision(): number {
    return this.#revision;
  }

  /** The editor's text of a file is this now. */
  changed(document: OpenDocument, text: string): void {
    this.#revision += 1;
    this.open.set(document.uri, document);
    this.files.open(document.path, text);
  }

  closed(uri: string, path: string): void {
    this.#revision += 1;
    this.open.delete(uri);
    this.files.close(path);
    this.#forgetClosed();
  }

  /** A file came, went or is another on disk. */
  changedOnDisk(path: string): void {
    this.#revision += 1;
    this.files.changed(path);
    this.#specs = null;
  }

  /**
   * The spec as its own entry: names, declarations and diagnostics of what stands in it now. Kept until a text that it
   * was made from changes.
   */
  analysis(path: string): Analysis {
    const known = this.#analyses.get(path);
    if (known !== undefined && this.#holds(known)) return known.analysis;
    const from = new Map<string, Parsed | null>();
    const files = this.files;
    const parsed = (file: string): Parsed | null => {
      const found = files.parsed(file);
      from.set(file, found);
      return found;
    };
    const host = { parsed, read: (file: string) => parsed(file)?.text ?? null };
    const analysis = analyse({ files: host, entry: path, vocabulary: this.vocabulary });
    // The latest last, for those that go first.
    this.#analyses.delete(path);
    this.#analyses.set(path, { analysis, from });
    this.#takes.set(path, [...from.keys()]);
    this.#forgetClosed();
    return analysis;
  }

  /** The oldest first. */
  #forgetClosed(): void {
    const open = new Set([...this.open.values()].map(({ path }) => path));
    let over = -CLOSED;
    for (const [path, { analysis }] of this.#analyses)
      if (!open.has(path)) over += analysis.source?.lines.text.length ?? 0;
    for (const [path, { analysis }] of this.#analyses) {
      if (over <= 0) return;
      if (open.has(path)) continue;
      this.#analyses.delete(path);
      over -= analysis.source?.lines.text.length ?? 0;
    }
  }

  /** The last analysis while the next is on its way, so that who types does not wait; made now where there is none. */
  recent(path: string): Analysis {
    return this.lastAnalysis(path) ?? this.analysis(path);
  }

  /** The analysis as last made, though the text may have changed since; null when there was none. */
  lastAnalysis(path: string): Analysis | null {
    return this.#analyses.get(path)?.analysis ?? null;
  }

  #holds({ from }: Known): boolean {
    for (const [file, parsed] of from) if (this.files.parsed(file) !== parsed) return false;
    return true;
  }

  /** Specs that took from `path` when they were last read. */
  dependents(path: string): readonly string[] {
    return [...this.#takes].filter(([, files]) => files.includes(path)).map(([entry]) => entry);
  }
}
