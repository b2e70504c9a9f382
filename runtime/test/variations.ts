/** Tables in which one column is another: swapped for every other value that occurs, or raised by a share. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { LoadedTable } from "../data/load.ts";
import type { Table, TableColumn } from "../data/table.ts";

export interface Variation {
  readonly table: Table;
  /** The rows that differ, by place. */
  readonly changed: readonly { readonly row: number; readonly from: string; readonly to: string }[];
}

/** More values than these, the most frequent, are not tried. */
export const MOST_VALUES = 20;

/** How many values a column has in these rows, missing apart. */
export function valuesIn(table: Table, name: string): number {
  const column = table.columns.get(name)!;
  return column.type === "string" ? new Set(column.codes.filter((code) => code >= 0)).size : 2;
}

/** One table for each value of the column: all rows that have another get this one. */
export function swapped(table: LoadedTable, name: string): Variation[] {
  const column = table.columns.get(name)!;
  return column.type === "string"
    ? swappedTexts(table, name, column)
    : swappedBooleans(table, name, column.values);
}

function swappedTexts(
  table: LoadedTable,
  name: string,
  column: Extract<TableColumn, { type: "string" }>,
): Variation[] {
  const counts = new Map<number, number>();
  for (const code of column.codes) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  const tried = [...counts].sort(([a, n], [b, m]) => m - n || a - b).slice(0, MOST_VALUES);
  return tried.map(([to]) => {
    const changed = rowsWhere(table, (row) => column.codes[row]! >= 0 && column.codes[row] !== to).map(
      (row) => ({
        row,
        from: column.levels[column.codes[row]!]!,
        to: column.levels[to]!,
      }),
    );
    const codes = column.codes.map((code) => (code < 0 ? code : to));
    return { table: withColumn(table, name, { ...column, codes }), changed };
  });
}

function swappedBooleans(table: LoadedTable, name: string, values: Float64Array): Variation[] {
  const changed = rowsWhere(table, (row) => !Number.isNaN(values[row]!)).map((row) => {
    const is = values[row] !== 0;
    return { row, from: String(is), to: String(!is) };
  });
  const flipped = values.map((value) => (Number.isNaN(value) ? value : value === 0 ? 1 : 0));
  return [{ table: withColumn(table, name, { type: "number", values: flipped }), changed }];
}

/** Rows whose value is missing or zero stay as they are, as do those that the schema's `max` would not let in. */
export function raised(table: LoadedTable, { name, type, max }: ColumnSchema, by: number): Variation[] {
  const column = table.columns.get(name)!;
  if (column.type !== "number") throw new Error(`${name} is no number`);
  const higher = column.values.map((value) => {
    const next = value + Math.abs(value) * by;
    return type === "int" ? Math.ceil(next) : next;
  });
  const isRaised = (row: number) =>
    higher[row]! > column.values[row]! && (max === null || higher[row]! <= max);
  const changed = rowsWhere(table, isRaised).map((row) => ({
    row,
    from: String(column.values[row]),
    to: String(Number(higher[row]!.toPrecision(6))),
  }));
  const values = column.values.map((value, row) => (isRaised(row) ? higher[row]! : value));
  return [{ table: withColumn(table, name, { type: "number", values }), changed }];
}

const rowsWhere = (table: Table, holds: (row: number) => boolean): number[] =>
  Array.from({ length: table.rows }, (_, row) => row).filter(holds);

const withColumn = (table: Table, name: string, column: TableColumn): Table => ({
  rows: table.rows,
  columns: new Map([...table.columns, [name, column]]),
});
