/** The rows of a source as SQL. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import type { Store } from "../store/types.ts";
import { closest } from "./closest.ts";
import type { Session } from "./session.ts";
import type { RowSource } from "./source.ts";
import { identifier, text } from "./sql.ts";
import { PART_COLUMN, ROW_COLUMN } from "./table.ts";

export interface SourceRows {
  /** A parenthesised query: `__row` and the schema's columns, in the source's order. */
  readonly from: string;
  readonly count: number;
}

/**
 * The rows of a source's part; with `labelled`, only those in which that column has a value.
 * @throws StepFailure ML4109 when the part has no rows or does not exist.
 */
export async function sourceRows(
  session: Session,
  store: Store,
  source: RowSource,
  labelled: string | null = null,
): Promise<SourceRows> {
  const file = await store.file(source.rows);
  const conditions: string[] = [];
  if (source.part !== null) conditions.push(`${PART_COLUMN} = ${text(source.part)}`);
  if (labelled !== null) conditions.push(`${identifier(columnOf(source, labelled).name)} IS NOT NULL`);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  const columns = [ROW_COLUMN, ...source.columns.map((column) => column.name)].map(identifier).join(", ");
  const from = `(SELECT ${columns} FROM read_parquet(${text(file)})${where})`;
  const count = Number((await session.row(`SELECT count(*) AS n FROM ${from}`))["n"]);
  if (count === 0 && source.part !== null) {
    throw new StepFailure({
      code: "ML4109",
      values: { part: source.part, dataset: source.dataset },
      declaration: source.dataset,
      pointer: "/split",
    });
  }
  return { from, count };
}

/**
 * The schema of one column.
 * @throws StepFailure ML4101 with the nearest name when there is none.
 */
export function columnOf(source: Pick<RowSource, "columns" | "dataset">, name: string): ColumnSchema {
  const column = source.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const near = closest(
    name,
    source.columns.map((candidate) => candidate.name),
  );
  throw new StepFailure({
    code: "ML4101",
    values: { column: name, dataset: source.dataset, hint: near ? `; did you mean ${near}?` : "" },
    declaration: source.dataset,
  });
}

/** Throws unless rows came in the source's order: DuckDB keeps it, and everything aligned by position relies on it. */
export function assertSourceOrder(rowIds: Float64Array): void {
  for (let i = 1; i < rowIds.length; i++) {
    if (!(rowIds[i]! > rowIds[i - 1]!)) throw new Error("rows arrived out of order");
  }
}
