/** A table of raw columns as the inputs of a model's graph. */
import type { Table, TableColumn } from "../data/table.ts";
import type { TransformStep } from "./form.ts";
import type { GraphInput } from "./steps.ts";
import { transformTable } from "./transform-table.ts";

/** Values of `num` [rows × k] and `str` [rows × m], row-major; null where the graph has no such input. */
export interface Feeds {
  readonly rows: number;
  readonly num: { readonly values: Float64Array; readonly columns: number } | null;
  readonly str: { readonly values: readonly string[]; readonly columns: number } | null;
}

/** What of a signature says how the graph is fed. */
export interface FeedRule {
  readonly before: readonly TransformStep[];
  readonly num: readonly GraphInput[];
  readonly str: readonly GraphInput[];
}

/** Runs the `before` steps, lower-cases texts and writes missing strings as ''. */
export function feedsOf(rule: FeedRule, table: Table): Feeds {
  const computed = rule.before.length > 0 ? transformTable(rule.before, table) : null;
  const find = (input: GraphInput): TableColumn => {
    const column = input.from === "before" ? computed?.get(input.column) : table.columns.get(input.column);
    if (column === undefined || column.type === "sparse")
      throw new Error(`the table lacks the column ${input.column}`);
    return column;
  };
  const { rows } = table;
  const num = new Float64Array(rows * rule.num.length);
  rule.num.forEach((input, j) => {
    const column = find(input);
    if (column.type !== "number") throw new Error(`${input.column} is no number`);
    for (let i = 0; i < rows; i++) num[i * rule.num.length + j] = column.values[i]!;
  });
  const str = new Array<string>(rows * rule.str.length);
  rule.str.forEach((input, j) => {
    const column = find(input);
    if (column.type !== "string") throw new Error(`${input.column} is no text`);
    const levels = input.lower ? column.levels.map((level) => level.toLowerCase()) : column.levels;
    for (let i = 0; i < rows; i++) str[i * rule.str.length + j] = levels[column.codes[i]!] ?? "";
  });
  return {
    rows,
    num: rule.num.length > 0 ? { values: num, columns: rule.num.length } : null,
    str: rule.str.length > 0 ? { values: str, columns: rule.str.length } : null,
  };
}
