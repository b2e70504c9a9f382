/** Models of every variant and task, really trained on the rows of `models.ts`. */
import type { Table } from "../../runtime/data/table.ts";
import type { Feature, Frame, LearnHooks, Target } from "../../runtime/learn/frame.ts";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import { VARIANTS, type Variant } from "../../runtime/learn/variants.ts";
import type { FeatureUse, PortableModel, TransformStep } from "../../runtime/portable/form.ts";
import { transformTable } from "../../runtime/portable/transform-table.ts";
import { CATEGORIES, COMPLETE, DENSE, STEPS, TFIDF } from "./models.ts";
import { AREAS, CITIES, INPUTS, random, table } from "./rows.ts";

export interface Trained {
  readonly model: PortableModel;
  /** Raw outputs as training's own code computes them. */
  raw(rows: Table): Float64Array;
}

const hooks: LearnHooks = {
  seed: 7,
  threads: 1,
  signal: new AbortController().signal,
  resume: null,
  columns: [],
  layers: null,
  log: () => undefined,
  progress: () => {},
  track: () => {},
};

const LEVELS: Readonly<Record<string, readonly string[]>> = { area: AREAS, city: CITIES };

/** The frame that training reads: what DuckDB computes elsewhere, computed by the table evaluator here. */
function frameOf(steps: readonly TransformStep[], features: readonly FeatureUse[], rows: Table): Frame {
  const columns = transformTable(steps, rows);
  return {
    rows: rows.rows,
    features: features.map(({ name, kind }): Feature => {
      const column = columns.get(name)!;
      if (column.type === "sparse") {
        const found = Array.from(column.codes, (code) => column.rows[code] ?? { indices: [], values: [] });
        const offsets = Int32Array.from([0, ...found.map(({ indices }) => indices.length)]);
        for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
        return {
          kind: "sparse",
          name,
          names: TFIDF.op === "tfidf" ? TFIDF.terms : [],
          offsets,
          indices: Int32Array.from(found.flatMap(({ indices }) => indices)),
          values: Float64Array.from(found.flatMap(({ values }) => values)),
        };
      }
      if (column.type === "string") throw new Error(`${name} is text`);
      if (kind === "numeric") return { kind, name, values: column.values };
      return { kind: "category", name, codes: Int32Array.from(column.values), levels: LEVELS[name]! };
    }),
  };
}

/** A target that depends on a number, a category and chance. */
function targetOf(task: PortableModel["task"], rows: Table): Target {
  const next = random(99);
  const ages = rows.columns.get("age")!;
  const areas = rows.columns.get("area")!;
  if (ages.type !== "number" || areas.type !== "string") throw new Error("other columns than expected");
  const scores = Float64Array.from(
    ages.values,
    (age, i) => (Number.isNaN(age) ? 30 : age) / 20 + (areas.codes[i]! % 2) + next(),
  );
  if (task === "regression") return { task, values: scores, classes: [] };
  const classes = task === "binary" ? ["no", "yes"] : ["a", "b", "c"];
  return {
    task,
    values: scores.map((score) =>
      Math.min(classes.length - 1, Math.floor(score / (task === "binary" ? 3 : 2))),
    ),
    classes,
  };
}

const LINEAR = {
  steps: [...COMPLETE, TFIDF],
  features: [...DENSE, { name: "note", kind: "sparse", width: 8 }],
} as const;
const TREES: { readonly steps: readonly TransformStep[]; readonly features: readonly FeatureUse[] } = {
  steps: [...STEPS.slice(2), ...CATEGORIES],
  features: [
    { name: "age", kind: "numeric", width: 1 },
    { name: "area", kind: "category", width: 1 },
    { name: "burden", kind: "numeric", width: 1 },
    { name: "city", kind: "category", width: 1 },
    { name: "income", kind: "numeric", width: 1 },
    { name: "size", kind: "numeric", width: 1 },
  ],
};

const PROPS: Readonly<Record<Variant, object>> = {
  logistic_regression: { l2: 0.1 },
  linear_regression: { l2: 0.1 },
  decision_tree: { depth: 6 },
  random_forest: { trees: 15, min_rows: 2 },
  gradient_boosted_trees: { trees: 25, min_rows: 5 },
  network: { hidden: [8], epochs: 5 },
};

/** One model for every variant and task that fit together. */
export async function everyTrained(): Promise<ReadonlyMap<string, Trained>> {
  const rows = table(400, 31);
  const trained = new Map<string, Trained>();
  for (const [variant, kind] of Object.entries(VARIANTS) as [Variant, (typeof VARIANTS)[Variant]][]) {
    for (const task of ["binary", "multiclass", "regression"] as const) {
      if (task === "regression" ? !kind.regresses : !kind.classifies) continue;
      const { steps, features } = kind.encoding === "linear" ? LINEAR : TREES;
      const target = targetOf(task, rows);
      const props = { data: { ref: "dataset.rows" }, target: "y", ...PROPS[variant] };
      const { learner } = await kind.fit(props, frameOf(steps, features, rows), target, hooks, null);
      const model: PortableModel = {
        format: 1,
        task,
        target: "y",
        inputs: INPUTS,
        steps,
        features,
        learner,
        classes: target.classes,
        threshold: 0.5,
      };
      trained.set(`${variant}, ${task}`, {
        model,
        raw: (given) => rawOutputs(learner, frameOf(steps, features, given)),
      });
    }
  }
  return trained;
}
