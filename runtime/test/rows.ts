/** The rows of a test, as the code that serves models takes them. */
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import type { Table } from "../data/table.ts";
import { StepFailure } from "../execute/step.ts";
import { InputError, isNumeric, numberReader, stringReader } from "../portable/input.ts";
import { tableOf } from "../serve/table.ts";

export type Cell = string | number | boolean | null;

export interface TestRow {
  readonly name: string;
  /** Its own values and those that all rows share. */
  readonly cells: Readonly<Record<string, Cell>>;
}

export function rowsOf({ given = {}, row = [] }: Test): TestRow[] {
  return row.map(({ name, cells }) => ({ name, cells: { ...given, ...cells } }));
}

/**
 * The columns as a caller's rows have them: a column that a row does not name is missing in it.
 * @throws StepFailure ML6075 for a value that the column does not take
 */
export function tableOfRows(
  test: Declaration,
  columns: readonly ColumnSchema[],
  rows: readonly TestRow[],
): Table {
  const readers = columns.map(
    (column) => [column.name, isNumeric(column) ? numberReader(column) : stringReader(column)] as const,
  );
  const read = rows.map(({ cells }, index) => {
    const values = readers.map(([name, reader]) => {
      const value = refusing(test, index, rows[index]!.name, () => reader(cells[name]));
      return [name, typeof value === "number" && Number.isNaN(value) ? null : value] as const;
    });
    return Object.fromEntries(values);
  });
  return tableOf(columns, read);
}

/** Turns a value that the model's own readers refuse into a diagnostic at the row. */
export function refusing<T>(test: Declaration, index: number, row: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { column, expected, value } = error;
    const problem = `${column} must be ${expected}, not ${JSON.stringify(value)}`;
    throw new StepFailure({
      code: "ML6075",
      values: { row: `\`${row}\``, test: `\`${test.name}\``, problem },
      declaration: test.id,
      pointer: `/row/${index}`,
    });
  }
}
