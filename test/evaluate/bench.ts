/** A project in a temporary folder: rows, models made by hand, and the steps of evaluation carried out on them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema, MetricUse } from "../../language/vocabulary/types.ts";
import { withSession } from "../../runtime/data/session.ts";
import type { Json, StepContext, StepExecutor, StepResult } from "../../runtime/execute/step.ts";
import { exportModel } from "../../runtime/portable/export.ts";
import type { PortableModel } from "../../runtime/portable/form.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { openRegistry, type Registry } from "../../runtime/registry/registry.ts";
import { step as evaluationStep } from "../../runtime/steps/evaluation.ts";
import { step as gateStep } from "../../runtime/steps/gate.ts";
import { step as releaseStep } from "../../runtime/steps/release.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import { evaluation as evaluationKind } from "../../stdlib/kinds/evaluation.ts";

export type Row = { readonly [column: string]: string | number | null } & { readonly part: string };

const STEPS: Readonly<Record<string, StepExecutor>> = {
  evaluation: evaluationStep,
  gate: gateStep,
  release: releaseStep,
};

export interface Bench {
  readonly store: LocalStore;
  readonly registry: Registry;
  readonly results: Map<string, StepResult>;
  readonly root: string;
  /** Keeps a dataset's result: columns whose values are all numbers are float, the others categories. */
  dataset(id: string, rows: readonly Row[], label: string, positive?: string): Promise<void>;
  /** Keeps a model's result. */
  model(id: string, model: PortableModel): Promise<void>;
  /** Carries a declaration out and keeps its result. */
  run(program: Program, id: string): Promise<StepResult>;
  context(program: Program, id: string): StepContext;
  close(): void;
}

export function bench(): Bench {
  const root = mkdtempSync(join(tmpdir(), "mlops-evaluate-"));
  const store = openStore(join(root, ".mlops"));
  const registry = openRegistry(store.root);
  const results = new Map<string, StepResult>();
  const context = (program: Program, id: string): StepContext => {
    const declaration = program.declarations.find((one) => one.id === id)!;
    return {
      program,
      declaration,
      props: declaration.props as Record<string, Json>,
      inputs: results,
      project: root,
      resume: join(root, "resume"),
      store,
      registry,
      signal: new AbortController().signal,
      threads: 1,
      progress: () => undefined,
      track: () => undefined,
      log: () => undefined,
    };
  };
  return {
    store,
    registry,
    results,
    root,
    context,
    dataset: async (id, rows, label, positive) => {
      results.set(id, await writeRows(store, rows, label, positive ?? null));
    },
    model: async (id, model) => {
      const golden = {
        rows: 0,
        columns: new Map(model.inputs.map((input) => [input.name, emptyColumn(input.type)])),
      };
      const outputs = await exportModel(
        model,
        { table: golden, raw: predictTable(model, golden).raw },
        { store, signal: new AbortController().signal, log: () => undefined },
      );
      const importances = model.inputs.map(({ name }) => ({ name, gain: 1 }));
      results.set(id, { outputs, summary: { importances } });
    },
    run: async (program, id) => {
      const step = STEPS[id.slice(0, id.indexOf("."))]!;
      const result = await (await step.load())(context(program, id));
      results.set(id, result);
      return result;
    },
    close: () => {
      registry.close();
      store.close();
      rmSync(root, { recursive: true });
    },
  };
}

const emptyColumn = (type: string) =>
  type === "category"
    ? ({ type: "string", codes: new Int32Array(0), levels: [] } as const)
    : ({ type: "number", values: new Float64Array(0) } as const);

async function writeRows(
  store: LocalStore,
  rows: readonly Row[],
  label: string,
  positive: string | null,
): Promise<StepResult> {
  const names = Object.keys(rows[0]!).filter((name) => name !== "part");
  const numeric = (name: string) => rows.every((row) => row[name] === null || typeof row[name] === "number");
  const literal = (value: string | number | null) => {
    if (value === null) return "NULL";
    return typeof value === "number" ? `${value}::DOUBLE` : `'${value}'::VARCHAR`;
  };
  const file = store.temporary(".parquet");
  await withSession({ root: store.root, threads: 1 }, async (session) => {
    const types = names.map((name) => `"${name}" ${numeric(name) ? "DOUBLE" : "VARCHAR"}`).join(", ");
    await session.run(`CREATE TABLE t (__row BIGINT, __part VARCHAR, ${types})`);
    const values = rows.map(
      (row, i) => `(${i}, '${row.part}', ${names.map((name) => literal(row[name]!)).join(", ")})`,
    );
    await session.run(`INSERT INTO t VALUES ${values.join(", ")}`);
    await session.run(`COPY (SELECT * FROM t ORDER BY __row) TO '${file}' (FORMAT parquet)`);
  });
  const columns = names.map(
    (name): ColumnSchema => ({
      name,
      type: numeric(name) ? "float" : "category",
      nullable: true,
      role: name === label ? "label" : null,
      positive: name === label ? positive : null,
      min: null,
      max: null,
      values: null,
      unique: false,
      pattern: null,
      format: null,
      redacted: false,
      doc: null,
    }),
  );
  return { outputs: { rows: await store.putFile(file) }, summary: { columns: columns as unknown as Json } };
}

/** P(yes) = 1 / (1 + e^−(weight · column)); the column is the logit for weight 1. */
export function logit(column: string, weight = 1, more: Partial<PortableModel> = {}): PortableModel {
  return {
    format: 1,
    task: "binary",
    target: "y",
    inputs: [
      {
        name: column,
        type: "float",
        nullable: true,
        min: null,
        max: null,
        values: null,
        format: null,
        doc: null,
      },
    ],
    steps: [],
    features: [{ name: column, kind: "numeric", width: 1 }],
    learner: {
      is: "linear",
      outputs: 1,
      intercept: Float64Array.of(0),
      weights: Float64Array.of(weight),
      link: "logistic",
    },
    classes: ["no", "yes"],
    threshold: 0.5,
    ...more,
  };
}

/** A program of these declarations by id, beside the dataset `loans`; a release's props may name it outside. */
export function program(declarations: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Program {
  const nowhere = { file: "test.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    ir: 1,
    language: 1,
    environment: null,
    spec: "test.mlops",
    params: {},
    secrets: [],
    hash: "",
    declarations: Object.entries<Readonly<Record<string, unknown>>>({
      "dataset.loans": {},
      ...declarations,
    }).map(([id, props]): Declaration => {
      const [kind = "", name = ""] = id.split(".");
      return {
        id,
        kind,
        name,
        variant: null,
        doc: null,
        owners: [],
        props: props as Declaration["props"],
        refs: [...new Set(JSON.stringify(props).matchAll(/"ref":"([^"]+)"/g))].map((match) => match[1]!),
        external: typeof props["name"] === "string" ? props["name"] : null,
        hash: "",
        source: nowhere,
        locations: {},
      };
    }),
  };
}

export const ref = (id: string, part?: string) => (part === undefined ? { ref: id } : { ref: id, part });

/** What stdlib's schema makes of an evaluation's attributes. */
export function evaluation(written: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return evaluationKind.variants.evaluation.schema.parse({
    model: ref("model.scorer"),
    data: ref("dataset.loans", "test"),
    ...written,
  });
}

export const metrics = (...names: readonly (string | MetricUse)[]): MetricUse[] =>
  names.map((name) => (typeof name === "string" ? { name, args: {} } : name));

// Conditions as lowering makes them.
export const number = (value: number): IrExpression => ({ is: "literal", value });
export const scored = (metric: string, of = "evaluation.scored"): IrExpression => ({
  is: "ref",
  ref: of,
  path: [metric],
});
export const champion = (metric: string): IrExpression => ({ is: "name", name: "champion", path: [metric] });
export const baseline = (name: string, metric: string): IrExpression => ({
  is: "call",
  name: "baseline",
  args: [{ is: "name", name, path: [] }],
  named: {},
  path: [metric],
});
export const is = (
  left: IrExpression,
  op: Extract<IrExpression, { is: "binary" }>["op"],
  right: IrExpression,
): IrExpression => ({ is: "binary", op, left, right });
