/** The model that the serving benchmark's servers share: 200 boosted trees over 8 numbers and 4 categories. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Table, TableColumn } from "../runtime/data/table.ts";
import { fitBoostedTrees } from "../runtime/learn/boosting/boost.ts";
import type { Feature, Target } from "../runtime/learn/frame.ts";
import { exportModel } from "../runtime/portable/export.ts";
import type { InputColumn, PortableModel } from "../runtime/portable/form.ts";
import { predictTable } from "../runtime/portable/predict.ts";
import { callerRow } from "../runtime/portable/rows.ts";
import { openStore } from "../runtime/store/store.ts";

const OPTIONS = {
  trees: 200,
  depth: 6,
  leaves: 31,
  rate: 0.1,
  min_rows: 20,
  l2: 0,
  bins: 255,
  rows: 1,
  columns: 1,
  patience: 20,
  class_weights: "none",
} as const;
const ROWS = 8_000;
const LEVELS = ["a", "b", "c", "d", "e", "f"];
const GOLDEN = 20;

/** Numbers in [0, 1) from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Trains, and writes `model.onnx`, `signature.json`, `fast.bin` and `rows.json` (for scikit-learn) into `folder`. */
export async function makeModel(folder: string): Promise<void> {
  const next = random(42);
  const columns = new Map<string, TableColumn>();
  const inputs: InputColumn[] = [];
  const features: Feature[] = [];
  const plain = { nullable: true, min: null, max: null, values: null, format: null, doc: null } as const;
  for (let c = 0; c < 4; c++) {
    const name = `category_${c}`;
    const codes = Int32Array.from({ length: ROWS }, () => Math.floor(next() * LEVELS.length));
    columns.set(name, { type: "string", codes, levels: LEVELS });
    inputs.push({ name, type: "category", ...plain });
    features.push({ kind: "category", name, codes, levels: LEVELS });
  }
  for (let c = 0; c < 8; c++) {
    const name = `number_${c}`;
    const values = Float64Array.from({ length: ROWS }, () => Math.round(next() * 1e5) / 10);
    columns.set(name, { type: "number", values });
    inputs.push({ name, type: "float", ...plain });
    features.push({ kind: "numeric", name, values });
  }
  const truth = Float64Array.from({ length: ROWS }, (_, i) => {
    const number = (c: number) => (columns.get(`number_${c}`) as { values: Float64Array }).values[i]! / 1e4;
    const code = (c: number) => (columns.get(`category_${c}`) as { codes: Int32Array }).codes[i]!;
    return Number(
      number(0) * number(1) + 0.3 * Math.sin(9 * number(2)) + 0.1 * code(0) - 0.1 * code(1) + 0.3 * next() >
        0.4,
    );
  });
  const target: Target = { task: "binary", values: truth, classes: ["no", "yes"] };
  const hooks = {
    seed: 42,
    threads: 1,
    signal: new AbortController().signal,
    resume: null,
    columns: [],
    layers: null,
    log: () => undefined,
    progress: () => {},
    track: () => {},
  };
  const { learner } = await fitBoostedTrees({ rows: ROWS, features }, target, OPTIONS, hooks);
  const model: PortableModel = {
    format: 1,
    task: "binary",
    target: "approved",
    inputs,
    steps: inputs.flatMap(({ name, type }) =>
      type === "category" ? [{ op: "category", column: name, output: name, levels: LEVELS } as const] : [],
    ),
    features: features.map(({ name, kind }) => ({ name, kind, width: 1 })),
    learner,
    classes: target.classes,
    threshold: 0.5,
  };
  const table: Table = { rows: ROWS, columns };
  const some: Table = {
    rows: GOLDEN,
    columns: new Map([...columns].map(([name, column]) => [name, head(column)])),
  };
  const store = openStore(join(folder, "store"));
  const files = await exportModel(
    model,
    { table: some, raw: predictTable(model, some).raw },
    { store, signal: hooks.signal, log: () => {} },
  );
  for (const [name, digest] of Object.entries(files)) cpSync(await store.file(digest), join(folder, name));
  store.close();
  const rows = Array.from({ length: ROWS }, (_, i) => callerRow(inputs, table, i));
  const labels = Array.from(truth, (code) => target.classes[code]);
  writeFileSync(join(folder, "rows.json"), JSON.stringify({ rows, labels, trees: OPTIONS.trees }));
}

function head(column: TableColumn): TableColumn {
  return column.type === "number"
    ? { type: "number", values: column.values.subarray(0, GOLDEN) }
    : { ...column, codes: column.codes.subarray(0, GOLDEN) };
}
