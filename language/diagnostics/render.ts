/** A diagnostic as people read it in a terminal: the line, a caret under the place, and what to do. */
import { AGAIN, type Diagnostic, type Range } from "./diagnostic.ts";
import type { Lines } from "./lines.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** The text of a file, to show its line; null when it is not at hand. */
  lines(file: string): Lines | null;
}

const CODES = { bold: 1, red: 31, yellow: 33, blue: 34, cyan: 36, dim: 2 } as const;
type Style = keyof typeof CODES;

const SEVERITY: Readonly<Record<Diagnostic["severity"], Style>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
};

/** One diagnostic over several lines, ending in a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = (style: Style, text: string) =>
    options.color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  const style = SEVERITY[diagnostic.severity];
  const out = [
    `${paint(style, `${diagnostic.severity}[${diagnostic.code}]`)}${paint("bold", `: ${diagnostic.message}`)}`,
  ];
  out.push(...excerpt(diagnostic.file, diagnostic.range, "", style, options, paint));
  const again = diagnostic.related.filter(
    ({ message, file }) => message === AGAIN && file === diagnostic.file,
  );
  if (again.length > 0) {
    const lines = [...new Set(again.map(({ range }) => range.line))].filter(
      (line) => line !== diagnostic.range.line,
    );
    const places =
      lines.length === 0 ? "the same line" : `line${lines.length === 1 ? "" : "s"} ${lines.join(", ")}`;
    out.push(`  ${paint("cyan", "again")}: on ${places}`);
  }
  for (const related of diagnostic.related) {
    if (again.includes(related)) continue;
    out.push(...excerpt(related.file, related.range, related.message, "cyan", options, paint));
  }
  out.push(...(diagnostic.details ?? []).map((line) => `    ${line}`));
  for (let cause = diagnostic.because; cause !== undefined; cause = cause.because) {
    const { code, message, file, range } = cause;
    out.push(`  ${paint("cyan", "because")}: ${message} [${code}, ${file}:${range.line}:${range.column}]`);
  }
  if (diagnostic.stops !== undefined) out.push(`  ${paint("cyan", "stops")}: ${diagnostic.stops.join(", ")}`);
  if (diagnostic.help !== null) out.push(`  ${paint("cyan", "help")}: ${diagnostic.help}`);
  for (const fix of diagnostic.fixes)
    out.push(`  ${paint("cyan", "fix")}: ${fix.title} ${paint("dim", "(mlops check --fix)")}`);
  return `${out.join("\n")}\n`;
}

function excerpt(
  file: string,
  range: Range,
  message: string,
  style: Style,
  options: RenderOptions,
  paint: (style: Style, text: string) => string,
): string[] {
  const number = String(range.line);
  const gutter = " ".repeat(number.length);
  const place = `${gutter}${paint("blue", "-->")} ${file}:${range.line}:${range.column}`;
  const text = options.lines(file)?.line(range.line) ?? "";
  if (text.trim() === "") return [message === "" ? place : `${place} ${message}`];
  const end = range.endLine === range.line ? range.endColumn : text.length + 1;
  const before = text.slice(0, range.column - 1);
  // Tabs stay tabs, so that the carets stand under what they mean however wide a tab is shown.
  const indent = before.replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, width(text.slice(range.column - 1, end - 1))));
  const bar = paint("blue", "|");
  return [
    place,
    `${gutter} ${bar}`,
    `${paint("blue", number)} ${bar} ${text}`,
    `${gutter} ${bar} ${indent}${paint(style, message === "" ? carets : `${carets} ${message}`)}`,
  ];
}

/** How many columns a text takes: code points, roughly. */
const width = (text: string): number => [...text].length;

/** "2 errors, 1 warning" */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((found) => found.severity === severity).length;
    if (count === 0) return [];
    return [`${count} ${severity === "info" ? "note" : severity}${count === 1 ? "" : "s"}`];
  });
  return parts.join(", ");
}
