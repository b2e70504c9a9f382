/** Rows with their raw outputs as training computes them, by which every form of the model is checked. */
import { type LoadedFrame, loadFrame, loadTable } from "../data/load.ts";
import type { RowSource } from "../data/source.ts";
import type { Table, TableColumn } from "../data/table.ts";
import type { StepContext } from "../execute/step.ts";
import type { PortableModel } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";
import type { Feature, Frame } from "./frame.ts";
import { rawOutputs } from "./raw.ts";

const ROWS = 100;

export interface Golden {
  readonly table: Table;
  /** [rows × outputs] */
  readonly raw: Float64Array;
}

/**
 * About 100 rows spread over the training part, predicted from the features that DuckDB computed, and one row in
 * which everything is missing, which only the direct evaluator can compute.
 */
export async function goldenRows(
  context: Pick<StepContext, "store" | "threads">,
  source: RowSource,
  model: PortableModel,
  trained: LoadedFrame,
): Promise<Golden> {
  const names = model.inputs.map((input) => input.name);
  const all = await loadTable(context.store, source, names, { labelled: model.target, threads: context.threads });
  const frame = await servedFrame(context, source, model, trained);
  const count = Math.min(ROWS, all.rows);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * all.rows) / count));
  const table = withMissingRow(all, rows);
  const missing: Table = { rows: 1, columns: new Map(names.map((name) => [name, lastRow(table, name)])) };
  const raw = new Float64Array((count + 1) * model.learner.outputs);
  raw.set(rawOutputs(model.learner, rowsOf(frame, rows)));
  raw.set(predictTable(model, missing).raw, count * model.learner.outputs);
  return { table, raw };
}

/** Target-encoded columns were out of fold in training; a served row gets the whole part's values. */
async function servedFrame(
  context: Pick<StepContext, "store" | "threads">,
  source: RowSource,
  model: PortableModel,
  trained: LoadedFrame,
): Promise<Frame> {
  if (!model.steps.some((step) => step.op === "target")) return trained.frame;
  const encoding = model.learner.is === "linear" ? "linear" : "trees";
  const options = { encoding, target: model.target, steps: model.steps, threads: context.threads } as const;
  return (await loadFrame(context.store, source, options)).frame;
}

function rowsOf(frame: Frame, rows: Int32Array): Frame {
  return { rows: rows.length, features: frame.features.map((feature) => featureRows(feature, rows)) };
}

function featureRows(feature: Feature, rows: Int32Array): Feature {
  if (feature.kind === "numeric") {
    return { ...feature, values: Float64Array.from(rows, (row) => feature.values[row]!) };
  }
  if (feature.kind === "category") {
    return { ...feature, codes: rows.map((row) => feature.codes[row]!) };
  }
  const offsets = new Int32Array(rows.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  rows.forEach((row, i) => {
    indices.push(...feature.indices.subarray(feature.offsets[row]!, feature.offsets[row + 1]!));
    values.push(...feature.values.subarray(feature.offsets[row]!, feature.offsets[row + 1]!));
    offsets[i + 1] = indices.length;
  });
  return { ...feature, offsets, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

function withMissingRow(table: Table, rows: Int32Array): Table {
  const columns = new Map<string, TableColumn>();
  for (const [name, column] of table.columns) {
    if (column.type === "number") {
      const values = new Float64Array(rows.length + 1).fill(Number.NaN);
      rows.forEach((row, i) => {
        values[i] = column.values[row]!;
      });
      columns.set(name, { type: "number", values });
    } else {
      const codes = new Int32Array(rows.length + 1).fill(-1);
      rows.forEach((row, i) => {
        codes[i] = column.codes[row]!;
      });
      columns.set(name, { ...column, codes });
    }
  }
  return { rows: rows.length + 1, columns };
}

function lastRow(table: Table, name: string): TableColumn {
  const column = table.columns.get(name)!;
  return column.type === "number"
    ? { type: "number", values: column.values.slice(-1) }
    : { ...column, codes: column.codes.slice(-1) };
}
