/** Columns of a dataset's part as texts, for templates, completions and sequences. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import { columnOf, sourceRows } from "../../data/rows.ts";
import { withSession } from "../../data/session.ts";
import { resolveSource } from "../../data/source.ts";
import { identifier } from "../../data/sql.ts";
import { ROW_COLUMN } from "../../data/table.ts";
import type { StepContext } from "../../execute/step.ts";

export interface TextRow {
  /** The row's place in its source, from 0. */
  readonly row: number;
  /** Column name → value as text; a missing one is empty. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The named columns (all when not given) of every row in the source's order. Numbers and dates are written as DuckDB
 * writes them (`1.5`, `2026-03-01`).
 * @throws StepFailure ML4101 for an unknown column, ML4109 for a part without rows
 */
export async function textRows(
  context: Pick<StepContext, "inputs" | "program" | "store" | "threads">,
  reference: Reference,
  columns?: readonly string[],
): Promise<TextRow[]> {
  const source = resolveSource(context, reference);
  const wanted =
    columns?.map((name) => columnOf(source, name).name) ?? source.columns.map(({ name }) => name);
  const names = [...new Set(wanted)];
  return withSession({ root: context.store.root, threads: context.threads }, async (session) => {
    const { from } = await sourceRows(session, context.store, source);
    const selected = names.map((name, i) => `coalesce(${identifier(name)}::VARCHAR, '') AS c${i}`);
    const result = await session.stream(`SELECT ${[ROW_COLUMN, ...selected].join(", ")} FROM ${from}`);
    const rows: TextRow[] = [];
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const cells = chunk.getColumns();
      for (let i = 0; i < chunk.rowCount; i++) {
        rows.push({
          row: Number(cells[0]![i]),
          values: Object.fromEntries(names.map((name, j) => [name, String(cells[j + 1]![i])])),
        });
      }
    }
    return rows;
  });
}
