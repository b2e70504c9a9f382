/** A list of syntax errors with at most one for each mistake. */
import type { Span, SyntaxError } from "./tree.ts";

/** Codes of `language/diagnostics/catalogue/syntax.ts`. */
export type SyntaxCode = keyof typeof import("../diagnostics/catalogue/syntax.ts").syntaxDiagnostics;

export type Report = (
  code: SyntaxCode,
  span: Span,
  values?: Readonly<Record<string, string>>,
  related?: SyntaxError["related"],
) => void;

export function syntaxError(
  code: SyntaxCode,
  span: Span,
  values: Readonly<Record<string, string>> = {},
  related?: SyntaxError["related"],
): SyntaxError {
  const plain = { code, span: { start: span.start, end: span.end }, values };
  return related === undefined ? plain : { ...plain, related };
}
