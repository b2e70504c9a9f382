/** From the language's places to the protocol's, and back. */
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as lsp from "vscode-languageserver-types";
import type { Range } from "../language/diagnostics/diagnostic.ts";
import type { Lines } from "../language/diagnostics/lines.ts";
import type { Span } from "../language/syntax/tree.ts";

/** The path by which the language knows a document; other schemes keep their address (`untitled:Untitled-1`). */
export const pathOf = (uri: string): string => (uri.startsWith("file:") ? fileURLToPath(uri) : uri);

/** `std:gates.mlops` is shown read-only by the client under `mlops-std:`. */
export function uriOf(path: string): string {
  if (path.startsWith("std:")) return `mlops-std:/${path.slice("std:".length)}`;
  return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path) ? path : pathToFileURL(path).href;
}

/** The language counts from 1, the protocol from 0; both in UTF-16 code units. */
export const rangeOf = (range: Range): lsp.Range => ({
  start: { line: range.line - 1, character: range.column - 1 },
  end: { line: range.endLine - 1, character: range.endColumn - 1 },
});

export const spanRange = (lines: Lines, span: Span): lsp.Range => rangeOf(lines.range(span));

export const offsetOf = (lines: Lines, { line, character }: lsp.Position): number =>
  Math.max(0, lines.offset(line + 1, Math.min(character, lines.line(line + 1).length) + 1));

export function positionOf(lines: Lines, offset: number): lsp.Position {
  const { line, column } = lines.position(offset);
  return { line: line - 1, character: column - 1 };
}
