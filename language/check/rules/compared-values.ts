/** A column is compared with values that it can have. */
import type { Binary, Expression } from "../../syntax/tree.ts";
import type { OfferedColumn } from "../../vocabulary/kind.ts";
import { replaceWith } from "../source.ts";
import { listed, nearest } from "../suggest.ts";
import { bareName } from "../symbols.ts";
import type { Rule } from "./rule.ts";
import { binariesOf } from "./written.ts";

export const comparedValuesExist: Rule = (context) => {
  for (const draft of context.drafts) {
    const { symbol, offered } = draft;
    if (offered.columns === null || symbol.kind.role === "test") continue;
    const binaries = binariesOf(symbol.phrase).filter(({ operator }) => COMPARING.includes(operator));
    if (binaries.length === 0) continue;
    const listing = new Map<string, OfferedColumn>();
    for (const column of offered.columns) if (column.values !== null) listing.set(column.name, column);
    if (listing.size === 0) continue;
    for (const expression of binaries) {
      for (const { column, value } of comparisons(expression, listing)) {
        const written = value.kind === "string" || value.kind === "number" ? value.value : null;
        if (written === null || column.values?.includes(written) !== false) continue;
        const known = column.values.map(String);
        const near = nearest(String(written), known);
        const quoted = typeof written === "string" ? JSON.stringify(near) : String(near);
        const values = {
          column: column.name,
          value: `\`${symbol.source.lines.text.slice(value.span.start, value.span.end)}\``,
          near: near === null ? "" : `; did you mean \`${quoted}\`?`,
          known: listed(
            known.map((one) => (typeof written === "string" ? JSON.stringify(one) : one)),
            "and",
          ),
        };
        context.reportAt("ML3055", values, symbol.source, value.span, {
          fixes: near === null ? [] : replaceWith(symbol.source, value.span, quoted),
        });
      }
    }
  }
};

const COMPARING: readonly string[] = ["in", "==", "!="];

function* comparisons(
  expression: Binary,
  listing: ReadonlyMap<string, OfferedColumn>,
): Generator<{ readonly column: OfferedColumn; readonly value: Expression }> {
  const { operator, left, right } = expression;
  const columnOf = (side: Expression) => listing.get(bareName(side)?.text ?? "");
  if (operator === "in") {
    const column = columnOf(left);
    if (column === undefined || right.kind !== "list") return;
    for (const value of right.items) yield { column, value };
  } else if (operator === "==" || operator === "!=") {
    const [first, second] = [columnOf(left), columnOf(right)];
    if (first !== undefined) yield { column: first, value: right };
    else if (second !== undefined) yield { column: second, value: left };
  }
}
