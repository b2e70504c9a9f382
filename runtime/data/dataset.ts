/** The work of a `dataset` step: read, check, test, split, and keep as Parquet. */
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Split } from "../../stdlib/kinds/dataset.ts";
import type { Json, StepContext, StepResult } from "../execute/step.ts";
import { checkRows, TYPED } from "./check-rows.ts";
import { closest } from "./closest.ts";
import { type Expectation, testExpectations } from "./expect.ts";
import { inferSchema } from "./infer.ts";
import { sourceName } from "./paths.ts";
import { dataFailure, RAW, type RawRows, type ReadContext } from "./raw.ts";
import { READERS } from "./readers.ts";
import { withSession, writeParquet } from "./session.ts";
import { PARTS, splitRows } from "./split.ts";
import { identifier } from "./sql.ts";
import { PART_COLUMN, ROW_COLUMN } from "./table.ts";

/**
 * Outputs `rows`; summary `{rows, source_rows, dropped, bad_rows, columns, parts}`. A failed expectation is the
 * verdict `failed`.
 * @throws StepFailure ML4001–ML4014
 */
export async function readDataset(context: StepContext): Promise<StepResult> {
  const { declaration, props, store } = context;
  const read = READERS[declaration.variant ?? ""];
  if (!read) throw new Error(`no reader for dataset: ${declaration.variant}`);
  const output = await outputOf(context);
  return withSession({ root: store.root, threads: context.threads }, async (session) => {
    const reading: ReadContext = {
      session,
      declaration: declaration.id,
      props,
      project: context.project,
      ...output,
      // The IR's props passed the kind's own schema when the spec was checked.
      schema: (props["schema"] as unknown as ColumnSchema[] | undefined) ?? null,
      onBadRow: (props["on_bad_row"] as ReadContext["onBadRow"] | undefined) ?? "fail",
      signal: context.signal,
      temporary: (suffix) => store.temporary(suffix),
    };
    const raw = await read(reading, context);
    context.progress(1, 4, "rows read");
    const columns = reading.schema ?? raw.schema ?? (await inferredSchema(reading, raw));
    const checked = await checkRows(reading, raw, columns);
    await session.run(`DROP TABLE ${RAW}`);
    if (checked.rows === 0)
      throw dataFailure(reading, "ML4009", { source: sourceName(reading) }, { pointer: "/path" });
    await refuseUnknownPositive(reading, columns);
    context.progress(2, 4, "rows checked");
    const expectations = await testExpectations(
      reading,
      raw,
      columns,
      (props["expect"] ?? []) as unknown as Expectation[],
    );
    const split = props["split"] as unknown as Split | undefined;
    const parts = split ? await splitRows(reading, columns, split) : {};
    context.progress(3, 4, "rows split");
    const file = store.temporary(".parquet");
    const names = columns.map((column) => identifier(column.name)).join(", ");
    const query = split
      ? `SELECT t.${ROW_COLUMN}, ${names}, p.${PART_COLUMN} FROM ${TYPED} AS t POSITIONAL JOIN ${PARTS} AS p`
      : `SELECT ${ROW_COLUMN}, ${names}, NULL::VARCHAR AS ${PART_COLUMN} FROM ${TYPED}`;
    await writeParquet(session, query, file);
    context.progress(4, 4);
    return {
      outputs: { rows: await store.putFile(file) },
      summary: {
        rows: checked.rows,
        source_rows: raw.rows + raw.damaged.count,
        dropped: checked.dropped,
        bad_rows: checked.badRows,
        bad_cells: checked.byColumn,
        columns: columns as unknown as Json,
        parts,
        expectations: expectations.results as unknown as Json,
      },
      verdict: expectations.failed ? "failed" : "passed",
      notes: [...checked.notes, ...expectations.notes],
      diagnostics: [...checked.diagnostics, ...expectations.diagnostics],
    };
  });
}

async function inferredSchema(context: ReadContext, raw: RawRows): Promise<ColumnSchema[]> {
  const columns = await inferSchema(
    context.session,
    raw.columns,
    (context.props["missing"] as string[] | undefined) ?? [],
    raw.typed,
  );
  const split = context.props["split"] as unknown as Split | undefined;
  // What a split names was not checked against a schema before the run, since there was none.
  for (const name of [split?.stratify, split?.group, split?.at, ...(split?.distinct ?? [])]) {
    if (name === undefined || columns.some((column) => column.name === name)) continue;
    const near = closest(
      name,
      columns.map((column) => column.name),
    );
    const values = {
      column: name,
      dataset: context.declaration,
      hint: near ? `; did you mean ${near}?` : "",
    };
    throw dataFailure(context, "ML4101", values, { pointer: "/split" });
  }
  return columns;
}

/** A label whose positive class never occurs is a slip of the pen that would turn every metric around. */
async function refuseUnknownPositive(context: ReadContext, columns: readonly ColumnSchema[]): Promise<void> {
  for (const [i, column] of columns.entries()) {
    if (column.positive === null) continue;
    const value = `${identifier(column.name)}::VARCHAR`;
    const found = await context.session.rows(
      `SELECT DISTINCT ${value} AS value FROM ${TYPED} WHERE ${identifier(column.name)} IS NOT NULL ORDER BY value LIMIT 20`,
    );
    const values = found.map((row) => String(row["value"]));
    if (values.length === 0 || values.length === 20 || values.includes(String(column.positive))) continue;
    throw dataFailure(
      context,
      "ML4010",
      { column: column.name, positive: String(column.positive), values: values.join(", ") },
      { pointer: `/schema/${i}/positive` },
    );
  }
}

/** The file behind a path that is a step's output. */
async function outputOf({ props, inputs, store }: StepContext): Promise<Pick<ReadContext, "output">> {
  const path = props["path"];
  if (typeof path !== "object" || path === null) return {};
  // The language lets only a reference with an output stand where no path stands.
  const { ref, part = "" } = path as unknown as Reference;
  const digest = inputs.get(ref)?.outputs[part];
  if (digest === undefined) throw new Error(`${ref} has no output ${part}`);
  return { output: { file: await store.file(digest), name: `${ref.slice(ref.indexOf(".") + 1)}.${part}` } };
}
