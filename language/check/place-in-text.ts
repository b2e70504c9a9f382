/** From a place in a text value (a query) to the place in the spec where it is written. */
import type { Range } from "../diagnostics/diagnostic.ts";
import { Lines } from "../diagnostics/lines.ts";
import type { SourceRange } from "../ir/program.ts";
import { parse } from "../syntax/parse.ts";

/**
 * The range of `length` code units from `at` of the text that stands in the attribute at `place`; null when the text
 * is not written there as it is (it holds escapes, or is put together from parameters).
 */
export function placeInText(
  source: string,
  place: SourceRange,
  value: string,
  at: number,
  length: number,
): Range | null {
  const lines = new Lines(source);
  const start = lines.offset(place.line, place.column);
  const end = lines.offset(place.endLine, place.endColumn);
  const literals = parse(source).tokens.filter(
    (token) => token.start >= start && token.end <= end && token.text.startsWith('"'),
  );
  const [literal, ...more] = literals;
  if (literal === undefined || more.length > 0) return null;
  const line = value.slice(0, at).split("\n").length - 1;
  const column = at - (value.lastIndexOf("\n", at - 1) + 1);
  // The lines of a text block lost the indent that they share, and perhaps a first and a last line.
  const written = literal.text.split(/\r\n|\n|\r/);
  const shown = value.split("\n");
  const quotes = literal.text.startsWith('"""') ? 3 : 1;
  for (const skipped of [0, 1]) {
    const matches = shown.every((text, index) =>
      bare(written[index + skipped] ?? "\0").endsWith(text.trimEnd()),
    );
    if (!matches) continue;
    const row = bare(written[line + skipped]!);
    const indent = row.length - shown[line]!.trimEnd().length;
    const first = lines.position(literal.start);
    const from = line + skipped === 0 ? first.column + Math.max(indent, quotes) : indent + 1;
    const placed = { line: first.line + line + skipped, column: from + column };
    return { ...placed, endLine: placed.line, endColumn: placed.column + Math.max(1, length) };
  }
  return null;

  /** Without closing quotes and space at the end, which belong to no line of the text. */
  function bare(text: string): string {
    return text.replace(/"+\s*$/, "").trimEnd();
  }
}
