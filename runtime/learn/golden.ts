/** Rows with their raw outputs as training computes them, by which every form of the model is checked. */
import { type LoadedFrame, loadFrame, loadTable } from "../data/load.ts";
import type { RowSource } from "../data/source.ts";
import type { Table, TableColumn } from "../data/table.ts";
import type { StepContext } from "../execute/step.ts";
import type { Golden } from "../portable/export.ts";
import type { PortableModel } from "../portable/form.ts";
import type { Feature, Frame } from "./frame.ts";
import { rawOutputs } from "./raw.ts";

const ROWS = 100;

/**
 * About 100 rows spread over the training part, predicted from the features that DuckDB computed: the export gate
 * holds every other form to them, and adds rows in which everything is missing or unknown.
 */
export async function goldenRows(
  context: Pick<StepContext, "store" | "threads">,
  source: RowSource,
  model: PortableModel,
  trained: LoadedFrame,
): Promise<Golden> {
  const names = model.inputs.map((input) => input.name);
  const all = await loadTable(context.store, source, names, {
    labelled: model.target,
    threads: context.threads,
  });
  const frame = await servedFrame(context, source, model, trained);
  const count = Math.min(ROWS, all.rows);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * all.rows) / count));
  return { table: tableRows(all, rows), raw: rawOutputs(model.learner, rowsOf(frame, rows)) };
}

/** Target-encoded columns were out of fold in training; a served row gets the whole part's values. */
async function servedFrame(
  context: Pick<StepContext, "store" | "threads">,
  source: RowSource,
  model: PortableModel,
  trained: LoadedFrame,
): Promise<Frame> {
  if (!model.steps.some((step) => step.op === "target")) return trained.frame;
  const encoding = model.learner.is === "trees" ? "trees" : "linear";
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

function tableRows(table: Table, rows: Int32Array): Table {
  const columns = new Map<string, TableColumn>();
  for (const [name, column] of table.columns) {
    columns.set(
      name,
      column.type === "number"
        ? { type: "number", values: Float64Array.from(rows, (row) => column.values[row]!) }
        : { ...column, codes: rows.map((row) => column.codes[row]!) },
    );
  }
  return { rows: rows.length, columns };
}
