/** Files that the checker reads, and how it says what it found. */
import { entryOf, fill, pageOf, sentence } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Edit, Fix, Related } from "../diagnostics/diagnostic.ts";
import { Lines } from "../diagnostics/lines.ts";
import { parse } from "../syntax/parse.ts";
import type { SourceTree, Span } from "../syntax/tree.ts";

/** Hands out files; the language itself never touches the disk. Paths are relative to the project, with `/`. */
export interface Host {
  /** The file's text, or null when there is none. */
  read(path: string): string | null;
  /** The same, parsed already, where an editor keeps it so. */
  parsed?(path: string): Pick<Source, "tree" | "lines"> | null;
}

export interface Source {
  readonly path: string;
  readonly tree: SourceTree;
  readonly lines: Lines;
  /** The way from the entry's folder to this file's: data paths written here are relative to it. */
  readonly folder: string;
}

export const openSource = (path: string, text: string, folder = ""): Source => ({
  path,
  tree: parse(text),
  lines: new Lines(text),
  folder,
});

/** A replacement of one piece of a file. */
export const edit = (source: Source, span: Span, text: string): Edit => ({
  file: source.path,
  range: source.lines.range(span),
  text,
});

export const related = (source: Source, span: Span, message: string): Related => ({
  message,
  file: source.path,
  range: source.lines.range(span),
});

export interface Extras {
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** In place of the catalogue's help. */
  readonly help?: string;
}

/** A diagnostic while others are weighed against it: what its message was made of is still known. */
export interface Found extends Diagnostic {
  readonly values: Readonly<Record<string, string>>;
}

/** Makes a diagnostic from the catalogue's entry of `code`. */
export function diagnose(
  code: string,
  values: Readonly<Record<string, string>>,
  source: Source,
  span: Span,
  extras: Extras = {},
): Found {
  const entry = entryOf(code);
  const help = extras.help ?? entry.help;
  return {
    code,
    severity: entry.severity,
    message: sentence(entry.message, values),
    file: source.path,
    range: source.lines.range(span),
    related: extras.related ?? [],
    fixes: extras.fixes ?? [],
    help: help === undefined ? null : fill(help, values),
    page: pageOf(code),
    values,
  };
}

/** A fix that writes `word` in place of what stands at `span`. */
export const replaceWith = (source: Source, span: Span, word: string): readonly Fix[] => [
  { title: `write \`${word}\``, edits: [edit(source, span, word)] },
];
