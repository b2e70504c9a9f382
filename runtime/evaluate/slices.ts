/** Groups of rows by the values of a column. */
import type { ColumnType } from "../../language/vocabulary/types.ts";
import type { TableColumn } from "../data/table.ts";

/** The slice of rows whose value is missing. */
export const MISSING = "(missing)";
/** More values than this are no groups. */
export const SLICE_LIMIT = 200;

export interface SliceColumn {
  readonly column: string;
  /** Values as text, in ascending order, missing last; only values that occur. */
  readonly values: readonly string[];
  /** [rows] into `values`. */
  readonly codes: Int32Array;
}

/** Groups rows by value; dates and booleans are spelled as in the data. */
export function sliceColumn(name: string, type: ColumnType, column: TableColumn): SliceColumn {
  const keys = column.type === "string" ? column.codes : column.values;
  const occurring = [...new Set(keys)].filter((key) => !isMissing(column, key)).sort((a, b) => a - b);
  const values = occurring.map((key) => (column.type === "string" ? column.levels[key]! : spell(type, key)));
  const place = new Map(occurring.map((key, i) => [key, i]));
  const codes = Int32Array.from(keys, (key) => place.get(key) ?? values.length);
  const missing = codes.includes(values.length);
  return { column: name, values: missing ? [...values, MISSING] : values, codes };
}

/** Row numbers of each value, in order. */
export function rowsBySlice(slices: SliceColumn): Int32Array[] {
  const counts = new Int32Array(slices.values.length);
  for (const code of slices.codes) counts[code]! += 1;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  slices.codes.forEach((code, row) => {
    rows[code]![counts[code]!++] = row;
  });
  return rows;
}

const isMissing = (column: TableColumn, key: number) =>
  column.type === "string" ? key < 0 : Number.isNaN(key);

function spell(type: ColumnType, value: number): string {
  if (type === "boolean") return value === 1 ? "true" : "false";
  if (type === "date") return new Date(value * 1000).toISOString().slice(0, 10);
  return type === "timestamp" ? new Date(value * 1000).toISOString() : String(value);
}
