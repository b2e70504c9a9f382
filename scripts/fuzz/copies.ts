/** A longer valid file: copies of one, in each of which the declarations have names of their own. */
import { parse } from "../../language/syntax/parse.ts";
import type { Expression, Item } from "../../language/syntax/tree.ts";

/** What clashes outside of a program: names of packages, and the ports and paths at which they answer. */
const ONCE: readonly string[] = ["mlops", "release", "deployment", "environment"];

export function copies(text: string, count: number): string {
  if (count <= 1) return text;
  const tree = parse(text);
  const items = tree.items.filter(
    (item) => item.kind !== "import" && !(item.kind === "phrase" && ONCE.includes(item.head.text)),
  );
  const names = new Set(items.flatMap(nameOf));
  const pieces = items.map(({ span }) =>
    tree.tokens
      .filter(({ start, end }) => start >= span.start && end <= span.end)
      .map((token, at, tokens) => {
        const attribute = /^\s*=(?!=)/.test(text.slice(token.end, token.end + 3));
        const member = tokens[at - 1]?.text === ".";
        return { text: token.text, own: names.has(token.text) && !attribute && !member };
      }),
  );
  const parts = [text];
  for (let copy = 2; copy <= count; copy += 1) {
    for (const piece of pieces)
      parts.push(piece.map((token) => (token.own ? `${token.text}_${copy}` : token.text)).join(""));
  }
  return parts.join("\n");
}

function nameOf(item: Item): string[] {
  if (item.kind === "attribute" || item.kind === "column") return [item.name.text];
  if (item.kind !== "phrase" || item.operand === null) return [];
  return bareName(item.operand);
}

function bareName(expression: Expression): string[] {
  if (expression.kind === "call") return bareName(expression.callee);
  return expression.kind === "reference" ? [expression.name.text] : [];
}
