import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { loadTable } from "../../runtime/data/load.ts";
import { resolveSource } from "../../runtime/data/source.ts";
import type { Json, StepContext, StepResult } from "../../runtime/execute/step.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { readModel } from "../../runtime/portable/read.ts";
import { step as modelStep } from "../../runtime/steps/model.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-model-"));
const nowhere = { file: "test.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 };
let store: LocalStore;
let dataset: StepResult;

const column = (
  name: string,
  type: ColumnSchema["type"],
  more: Partial<ColumnSchema> = {},
): ColumnSchema => ({
  name,
  type,
  nullable: true,
  role: null,
  positive: null,
  min: null,
  max: null,
  values: null,
  unique: false,
  pattern: null,
  format: null,
  redacted: false,
  doc: null,
  ...more,
});

const COLUMNS = [
  column("income", "float"),
  column("age", "int", { nullable: false }),
  column("area", "category"),
  column("approved", "category", { role: "label", positive: "yes" }),
  column("grade", "category"),
  column("stars", "int"),
  column("amount", "float"),
  column("only", "category"),
];

/** 600 rows in three parts; every label follows from income, age and area, with some noise and some gaps. */
const ROWS = `
  SELECT i AS __row, ['train', 'train', 'train', 'validation', 'test'][i % 5 + 1] AS __part, * EXCLUDE (i, u, v, score),
    CASE WHEN score > 1.2 THEN 'yes' ELSE 'no' END AS approved,
    CASE WHEN score > 1.6 THEN 'high' WHEN score > 0.9 THEN 'middle' ELSE 'low' END AS grade,
    floor(score * 2)::BIGINT AS stars,
    CASE WHEN i % 29 = 0 THEN NULL ELSE score * 100 END AS amount,
    'same' AS only
  FROM (
    SELECT i, u, v, 20 + (v * 50)::BIGINT AS age,
      CASE WHEN i % 11 = 0 THEN NULL ELSE u * 1000 END AS income,
      CASE WHEN i % 17 = 0 THEN NULL ELSE ['town', 'sea', 'hills'][i % 3 + 1] END AS area,
      u + v + (i % 3) / 3 + ((i * 7919) % 101) / 500 AS score
    FROM (SELECT i, ((i * 104729) % 997) / 997 AS u, ((i * 1299709) % 991) / 991 AS v FROM range(600) r(i))
  ) ORDER BY __row`;

beforeAll(async () => {
  store = openStore(join(folder, ".mlops"));
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const file = store.temporary(".parquet");
  await connection.run(`COPY (${ROWS}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  dataset = {
    outputs: { rows: await store.putFile(file) },
    // The summary is JSON; its columns are plain values.
    summary: { columns: COLUMNS as unknown as Json },
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  readonly context: StepContext;
  readonly tracked: Map<string, number>;
}

function model(variant: string, props: Record<string, Json>, threads = 1): Made {
  const declaration = (id: string, kind: string, own: Record<string, Json>): Declaration => ({
    id,
    kind,
    name: id.split(".")[1]!,
    variant: kind === "model" ? variant : "csv",
    doc: null,
    owners: [],
    props: own,
    refs: [],
    external: null,
    hash: "",
    source: nowhere,
    locations: {},
  });
  const full = { data: { ref: "dataset.loans", part: "train" }, ...props };
  const own = declaration("model.scorer", "model", full);
  const tracked = new Map<string, number>();
  const context: StepContext = {
    program: {
      ir: 1,
      language: 1,
      environment: null,
      spec: "test.mlops",
      params: {},
      secrets: [],
      declarations: [declaration("dataset.loans", "dataset", {}), own],
      hash: "",
    },
    declaration: own,
    props: full,
    inputs: new Map([["dataset.loans", dataset]]),
    project: folder,
    resume: join(folder, "resume"),
    store,
    registry: { champion: () => null },
    signal: new AbortController().signal,
    threads,
    progress: () => undefined,
    track: (metric, value) => tracked.set(metric, value),
    log: () => undefined,
  };
  return { context, tracked };
}

const run = async ({ context }: Made): Promise<StepResult> => (await modelStep.load())(context);
const failure = async (made: Made) => {
  const error = await run(made).then(
    () => null,
    (thrown: { diagnostic?: { code: string; pointer?: string } }) => thrown,
  );
  return [error?.diagnostic?.code, error?.diagnostic?.pointer];
};

/** Share of the test part's rows that the written model predicts right. */
async function testAccuracy({ context }: Made, result: StepResult): Promise<number> {
  const { model: written } = await readModel(store, result.outputs);
  const source = resolveSource(context, { ref: "dataset.loans", part: "test" });
  const names = [...written.inputs.map((input) => input.name), written.target];
  const table = await loadTable(store, source, [...new Set(names)], { labelled: written.target });
  const { predicted } = predictTable(written, table);
  const labels = table.columns.get(written.target)!;
  let right = 0;
  for (let row = 0; row < table.rows; row++) {
    const label = labels.type === "string" ? labels.levels[labels.codes[row]!] : String(labels.values[row]);
    if (written.classes[predicted[row]!] === label) right++;
  }
  return right / table.rows;
}

describe("a model step", () => {
  const boosted = {
    target: "approved",
    tune: { ref: "dataset.loans", part: "validation" },
    trees: 60,
    min_rows: 5,
    seed: 3,
  };

  it("writes a model that predicts, with what people want to know of it", async () => {
    const made = model("gradient_boosted_trees", boosted);
    const result = await run(made);
    expect(Object.keys(result.outputs).sort()).toEqual([
      "fast.bin",
      "importance.json",
      "model.onnx",
      "signature.json",
    ]);
    expect(result.summary).toMatchObject({
      task: "binary",
      classes: ["no", "yes"],
      target: "approved",
      rows: 360,
      threshold: 0.5,
    });
    expect(result.summary["rounds"]).toBeLessThanOrEqual(60);
    expect(made.tracked.get("tune_loss")).toBeLessThan(0.5);
    expect(await testAccuracy(made, result)).toBeGreaterThan(0.9);
    const importances = await store.readJson<{ name: string; gain: number }[]>(
      result.outputs["importance.json"]!,
    );
    expect(importances.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(1, 9);
  });

  it("writes the same bytes again, with any number of threads", async () => {
    const one = await run(model("gradient_boosted_trees", boosted));
    expect((await run(model("gradient_boosted_trees", boosted, 3))).outputs).toEqual(one.outputs);
    const forest = { target: "approved", trees: 10, seed: 3 };
    const grown = await run(model("random_forest", forest));
    expect((await run(model("random_forest", forest, 3))).outputs).toEqual(grown.outputs);
  });

  it("classifies several classes, and regresses numbers", async () => {
    const made = model("random_forest", { target: "grade", trees: 30 });
    const result = await run(made);
    expect(result.summary).toMatchObject({ task: "multiclass", classes: ["high", "low", "middle"] });
    expect(await testAccuracy(made, result)).toBeGreaterThan(0.9);
    const tree = await run(model("decision_tree", { target: "amount", depth: 4 }));
    // Rows without an amount are left out.
    expect(tree.summary).toMatchObject({ task: "regression", classes: [], rows: 347 });
  });

  it("refuses what a variant cannot learn, at the attribute to change", async () => {
    expect(await failure(model("logistic_regression", { target: "amount" }))).toEqual(["ML5004", "/target"]);
    expect(await failure(model("linear_regression", { target: "grade" }))).toEqual(["ML5005", "/target"]);
    expect(await failure(model("decision_tree", { target: "amount", class_weights: "balanced" }))).toEqual([
      "ML5007",
      "/class_weights",
    ]);
    expect((await failure(model("decision_tree", { target: "only" })))[0]).toBe("ML4202");
    expect((await failure(model("linear_regression", { target: "amount" })))[0]).toBe("ML4107");
  });
});
