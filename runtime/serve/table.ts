/** From checked rows to typed columns. */
import type { Table, TableColumn } from "../data/table.ts";
import type { InputColumn } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import type { Row } from "./request.ts";

/** Columns of `rows`, each in the order of `columns`; null becomes NaN or code −1. */
export function tableOf(columns: readonly InputColumn[], rows: readonly Row[]): Table {
  return {
    rows: rows.length,
    columns: new Map(columns.map((column) => [column.name, columnOf(column, rows)])),
  };
}

function columnOf(column: InputColumn, rows: readonly Row[]): TableColumn {
  if (isNumeric(column)) {
    const values = Float64Array.from(rows, (row) => (row[column.name] as number | null) ?? Number.NaN);
    return { type: "number", values };
  }
  const texts = rows.map((row) => row[column.name] as string | null);
  // The default order compares code units, which is the order that `StringColumn` asks for.
  const levels = [...new Set(texts.filter((text) => text !== null))].sort();
  const codes = new Map(levels.map((level, code) => [level, code]));
  return {
    type: "string",
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : (codes.get(text) ?? -1))),
    levels,
  };
}
