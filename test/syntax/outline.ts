/** Trees and tokens as text that is easy to compare, for baselines. */
import { entryOf, fill } from "../../language/diagnostics/catalogue.ts";
import { Lines } from "../../language/syntax/positions.ts";
import type { ParseError, SourceTree, Span } from "../../language/syntax/tree.ts";

/** One token a line; spaces within a line are left out. */
export function outlineTokens(tree: SourceTree): string {
  const tokens = tree.tokens.filter(({ type }) => type !== "space");
  return tokens.map(({ type, text }) => `${type} ${JSON.stringify(text)}\n`).join("");
}

/** One node a line, its position and plain values behind it, its parts below it; the errors last. */
export function outlineTree(tree: SourceTree): string {
  const lines = new Lines(tree.text);
  const items = tree.items.map((item) => outline(item, "", "", lines)).join("");
  return items + tree.errors.map((error) => outlineError(error, lines)).join("");
}

function outline(node: object, label: string, indent: string, lines: Lines): string {
  const entries = Object.entries(node).filter(
    ([key]) => key !== "kind" && key !== "span" && key !== "wordSpan",
  );
  const plain = entries.filter(([, value]) => value !== null && typeof value !== "object");
  const nested = entries.filter(([, value]) => value !== null && typeof value === "object");
  const title = [
    label,
    "kind" in node ? node.kind : "",
    ...plain.map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ];
  const place = "span" in node ? ` @${position((node as { span: Span }).span, lines)}` : "";
  const head = `${indent}${title.filter((part) => part !== "").join(" ")}${place}\n`;
  return (
    head + nested.map(([key, value]) => outlineEach(value as object, key, `${indent}  `, lines)).join("")
  );
}

function outlineEach(value: object, key: string, indent: string, lines: Lines): string {
  if (!Array.isArray(value)) return outline(value, `${key}:`, indent, lines);
  return value.map((each: object, index) => outline(each, `${key}[${index}]:`, indent, lines)).join("");
}

function outlineError({ code, span, values, related = [] }: ParseError, lines: Lines): string {
  const message = fill(entryOf(code).message, values);
  const others = related.map((each) => `  @${position(each.span, lines)} ${each.message}\n`).join("");
  return `${code} @${position(span, lines)} ${message}\n${others}`;
}

function position({ start, end }: Span, lines: Lines): string {
  const [from, to] = [lines.positionOf(start), lines.positionOf(end)];
  const last = from.line === to.line ? "" : `${to.line + 1}:`;
  return `${from.line + 1}:${from.column + 1}-${last}${to.column + 1}`;
}
