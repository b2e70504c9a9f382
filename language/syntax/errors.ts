/** A list of syntax errors with at most one for each mistake. */
import type { ParseError, Span } from "./tree.ts";

/** Codes of `language/diagnostics/catalogue/syntax.ts`. */
export type SyntaxCode = keyof typeof import("../diagnostics/catalogue/syntax.ts").syntaxDiagnostics;

/** Nobody reads more, and a file that is no spec at all would have one for every other character. */
export const MOST_ERRORS = 200;

export type Report = (
  code: SyntaxCode,
  span: Span,
  values?: Readonly<Record<string, string>>,
  related?: ParseError["related"],
) => void;

export function parseError(
  code: SyntaxCode,
  span: Span,
  values: Readonly<Record<string, string>> = {},
  related?: ParseError["related"],
): ParseError {
  const plain = { code, span: { start: span.start, end: span.end }, values };
  return related === undefined ? plain : { ...plain, related };
}
