/** Single rows of a table, and tables of single rows. */
import type { Table, TableColumn } from "../data/table.ts";
import { writeSeconds } from "./dates.ts";
import type { InputColumn } from "./form.ts";
import { InputError, isNumeric, numberReader, stringReader } from "./input.ts";

export type CallerValue = number | string | boolean | null;

/** Row `at` of a table as a caller would send it: missing is null, dates are texts in the column's format. */
export function callerRow(
  inputs: readonly InputColumn[],
  table: Table,
  at: number,
): Record<string, CallerValue> {
  return Object.fromEntries(
    inputs.map((input) => [input.name, callerValue(input, table.columns.get(input.name), at)]),
  );
}

function callerValue(input: InputColumn, column: TableColumn | undefined, at: number): CallerValue {
  if (column === undefined) return null;
  if (column.type === "string") return column.levels[column.codes[at]!] ?? null;
  const value = column.values[at]!;
  if (Number.isNaN(value)) return null;
  if (input.type === "boolean") return value !== 0;
  if (!Number.isFinite(value)) return value;
  if (input.type === "date" || input.type === "timestamp") return writeSeconds(value, input);
  return value;
}

/** Whether a caller could send the row: training data may hold what a request may not. */
export function isSendable(
  inputs: readonly InputColumn[],
  row: Readonly<Record<string, CallerValue>>,
): boolean {
  return inputs.every((input) => {
    try {
      (isNumeric(input) ? numberReader : stringReader)(input)(row[input.name]);
      return true;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  });
}

/** A value that no level of any model is. */
const UNSEEN = "a value that training never saw";

/**
 * The table's rows of these inputs and two more: one with every value missing, one like the first row with
 * values in its string columns that training never saw.
 */
export function withEdgeRows(inputs: readonly InputColumn[], table: Table): Table {
  const rows = table.rows + 2;
  const columns = new Map<string, TableColumn>();
  for (const input of inputs) {
    const column = table.columns.get(input.name);
    if (column === undefined) throw new Error(`the table lacks the model's input ${input.name}`);
    if (column.type === "number" && isNumeric(input)) {
      const values = new Float64Array(rows);
      values.set(column.values.subarray(0, table.rows));
      values[rows - 2] = Number.NaN;
      values[rows - 1] = table.rows > 0 ? column.values[0]! : Number.NaN;
      columns.set(input.name, { type: "number", values });
    } else if (column.type === "string" && !isNumeric(input)) {
      const codes = new Int32Array(rows);
      codes.set(column.codes.subarray(0, table.rows));
      codes[rows - 2] = -1;
      codes[rows - 1] = column.levels.length;
      columns.set(input.name, { type: "string", codes, levels: [...column.levels, UNSEEN] });
    } else {
      throw new Error(`${input.name} is ${input.type} in the model, ${column.type} in the table`);
    }
  }
  return { rows, columns };
}
