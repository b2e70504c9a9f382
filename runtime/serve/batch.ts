/** Carries a batch out: predicts a dataset and writes the file that the spec names. */
import { extname, matchesGlob, resolve } from "node:path";
import type { Batch } from "../../stdlib/kinds/batch.ts";
import type { LoadedTable } from "../data/load.ts";
import { loadTable } from "../data/load.ts";
import { type RowSource, resolveSource } from "../data/source.ts";
import type { TableColumn } from "../data/table.ts";
import type { StepContext, StepResult } from "../execute/step.ts";
import { StepFailure } from "../execute/step.ts";
import type { PortableModel, Predictions } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";
import { includedColumns, requireInputs } from "./batch-columns.ts";
import { BATCH_OUTPUT } from "./batch-output.ts";
import { placeFile, type Scored, writeCsv, writeParquetFile } from "./batch-write.ts";
import { columnRules, readVersion, releaseName, resolveVersion } from "./resolve.ts";
import { ranking, shareOf } from "./top.ts";

/**
 * Output `predictions`: the file's bytes, which stand at `output` too. Rows are in the source's order, or with
 * `top` from the highest score down. Summary `{rows, written, release, version, model}`.
 * @throws StepFailure ML7001, ML7010 to ML7018, ML7101
 */
export async function runBatch(context: StepContext): Promise<StepResult> {
  const { program, declaration, store, registry, threads, signal } = context;
  const props = context.props as unknown as Batch;
  const fail = (code: string, pointer: string, values: Readonly<Record<string, string>>) =>
    new StepFailure({ code, values, declaration: declaration.id, pointer });
  const format = formatOf(props.output);
  if (format === null) throw fail("ML7010", "/output", { path: props.output });
  const target = resolve(context.project, props.output);
  const reader = readerOf(context, target);
  if (reader !== null) throw fail("ML7011", "/output", { path: props.output, dataset: reader });

  const version = resolveVersion(program, declaration, props.release, registry);
  const { model } = await readVersion(store, version, declaration);
  const rules = columnRules(program, releaseName(program, props.release).declaration, model);
  const source = resolveSource(context, props.input);
  const dataset = source.dataset.slice(source.dataset.indexOf(".") + 1);
  requireInputs(model, source.columns, { dataset, release: version.name, fail });
  const include = includedColumns(props, source.columns, rules.redacted, { dataset, fail });
  if (props.ties !== undefined && !source.columns.some((column) => column.name === props.ties)) {
    throw fail("ML7016", "/ties", { dataset, attribute: "ties", column: props.ties, hint: "" });
  }

  const names = new Set([
    ...model.inputs.map((column) => column.name),
    ...(props.ties === undefined ? [] : [props.ties]),
  ]);
  const table = await loadTable(store, source, [...names], { threads });
  signal.throwIfAborted();
  const predictions = predictTable(model, table);
  assertAnswered(predictions, model, table, { dataset, fail });
  signal.throwIfAborted();
  const scored = scoresOf(model, predictions);
  const order = orderOf(props, scored.score, table);

  const file = store.temporary(format);
  const sheet = { source, include, rowIds: table.rowIds, order, scored };
  if (format === ".csv") await writeCsv(store, sheet, file);
  else await writeParquetFile(store, sheet, file);
  const digest = await store.putFile(file);
  await placeFile(await store.file(digest), target).catch((error: unknown) => {
    throw fail("ML7015", "/output", {
      path: props.output,
      why: error instanceof Error ? error.message : String(error),
    });
  });
  return {
    outputs: { [BATCH_OUTPUT]: digest },
    summary: {
      rows: table.rows,
      written: order.length,
      release: version.name,
      version: version.version,
      model: version.model,
    },
    notes: [
      `${order.length} of ${table.rows} rows, predicted by ${version.name}@${version.version} → ${props.output}`,
    ],
  };
}

function formatOf(path: string): ".csv" | ".parquet" | null {
  const extension = extname(path).toLowerCase();
  return extension === ".csv" || extension === ".parquet" ? extension : null;
}

/** The dataset that reads the file which would be written; null when none does. */
function readerOf({ program, project }: StepContext, target: string): string | null {
  for (const { kind, name, props } of program.declarations) {
    const path = props["path"];
    if (kind !== "dataset" || typeof path !== "string") continue;
    const read = resolve(project, path);
    if (read === target || (/[*?[{]/.test(path) && matchesGlob(target, read))) return name;
  }
  return null;
}

function scoresOf(model: PortableModel, { rows, predicted, probabilities }: Predictions): Scored {
  if (probabilities === null) return { prediction: predicted, probability: null, score: predicted };
  const classes = model.classes.length;
  const probability = Float64Array.from(predicted, (code, row) => probabilities[row * classes + code]!);
  const score =
    model.task === "binary"
      ? Float64Array.from({ length: rows }, (_, row) => probabilities[row * classes + 1]!)
      : probability;
  return { prediction: Array.from(predicted, (code) => model.classes[code]!), probability, score };
}

function orderOf(props: Batch, score: Float64Array, table: LoadedTable): Int32Array {
  if (props.top === undefined) return Int32Array.from(score, (_, row) => row);
  const ties = props.ties === undefined ? null : cellsOf(table.columns.get(props.ties)!);
  return ranking(score, ties).subarray(0, shareOf(props.top, table.rows));
}

function cellsOf(column: TableColumn): (number | string | null)[] {
  if (column.type === "string") return Array.from(column.codes, (code) => column.levels[code] ?? null);
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
}

type Fail = (code: string, pointer: string, values: Readonly<Record<string, string>>) => StepFailure;

/** A linear model has no answer where a number is missing that it was not taught to fill. */
function assertAnswered(
  { raw }: Predictions,
  model: PortableModel,
  table: LoadedTable,
  { dataset, fail }: { readonly dataset: RowSource["dataset"]; readonly fail: Fail },
): void {
  const { outputs } = model.learner;
  const rows = new Set<number>();
  for (let i = 0; i < raw.length; i++) if (!Number.isFinite(raw[i])) rows.add(Math.floor(i / outputs));
  const [first] = rows;
  if (first === undefined) return;
  const missing = model.inputs.find((input) => {
    const column = table.columns.get(input.name);
    return column?.type === "number" && Number.isNaN(column.values[first]);
  });
  throw fail("ML7018", "/input", {
    dataset,
    count: String(rows.size),
    row: String(table.rowIds[first]! + 1),
    column: missing?.name ?? model.inputs[0]?.name ?? "",
  });
}
