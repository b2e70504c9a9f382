/** The learners beside scikit-learn's and LightGBM's, on the same data in the same run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { fitBoostedTrees } from "../../runtime/learn/boosting/boost.ts";
import type { Feature, Frame, Target } from "../../runtime/learn/frame.ts";
import { fitLinearRegression } from "../../runtime/learn/linear/least-squares.ts";
import { fitLogisticRegression } from "../../runtime/learn/linear/logistic.ts";
import { probabilitiesOf, rawOutputs } from "../../runtime/learn/raw.ts";
import { fitRandomForest } from "../../runtime/learn/trees/forest.ts";
import { fitDecisionTree } from "../../runtime/learn/trees/tree.ts";
import type { Learner } from "../../runtime/portable/form.ts";
import { category, frameOf, hooks, numeric } from "../learn/frames.ts";

type Numbers = (number | null)[];
type Task = Target["task"];

interface Reference {
  readonly linear: {
    readonly columns: Numbers[];
    readonly wide: Numbers[];
    readonly binary: number[];
    readonly multiclass: number[];
    readonly number: number[];
    readonly fits: {
      task: "binary" | "multiclass";
      l2: number;
      balanced: boolean;
      standardize: boolean;
      weights: number[];
      intercept: number[];
    }[];
    readonly regressions: { l2: number; standardize: boolean; weights: number[]; intercept: number[] }[];
  };
  readonly trees: {
    readonly whole: Numbers[];
    readonly holes: Numbers[];
    readonly labels: Record<Task, number[]>;
    readonly fits: {
      data: "whole" | "holes";
      task: Task;
      depth: number | null;
      leaf: number;
      alpha: number;
      features: number[];
      thresholds: number[];
      predictions: number[];
    }[];
  };
  readonly boosting: {
    readonly columns: Numbers[];
    readonly kinds: number[];
    readonly few: number[];
    readonly train: number;
    readonly scores: Record<Task, number>;
    readonly labels: Record<Task, number[]>;
  };
  readonly loan?: Folded;
  readonly german?: Folded;
}

interface Folded {
  readonly y: number[];
  readonly folds: number[];
  readonly features: {
    readonly name: string;
    readonly kind: "numeric" | "category";
    readonly values: (number | string | null)[];
  }[];
}

const python = process.env["MLOPS_PYTHON"];
const here = fileURLToPath(new URL(".", import.meta.url));
const data = join(here, "../../../shared/data");
const withData = existsSync(join(data, "german-credit.csv"));
let reference: Reference;

beforeAll(() => {
  if (python === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "mlops-learn-"));
  const out = join(folder, "reference.json");
  const { status, stderr } = spawnSync(python, [join(here, "learn.py"), out, ...(withData ? [data] : [])], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  reference = JSON.parse(readFileSync(out, "utf8")) as Reference;
  rmSync(folder, { recursive: true });
});

const column = (name: string, values: Numbers) =>
  numeric(
    name,
    values.map((x) => x ?? Number.NaN),
  );
const frame = (columns: Numbers[]): Frame =>
  frameOf(
    columns[0]!.length,
    ...columns.map((values, j) => column(`x${String(j).padStart(2, "0")}`, values)),
  );
const target = (task: Task, values: readonly number[]): Target => ({
  task,
  values: Float64Array.from(values),
  classes:
    task === "regression" ? [] : Array.from({ length: task === "binary" ? 2 : 3 }, (_, k) => `class ${k}`),
});

/** Largest difference, as a share of the largest number. */
function distance(ours: ArrayLike<number>, theirs: readonly number[]): number {
  const scale = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((x, i) => Math.abs(x - ours[i]!))) / scale;
}

function predicted(learner: Learner, rows: Frame): number[] {
  const raw = rawOutputs(learner, rows);
  if (learner.link === "identity") return [...raw];
  const probabilities = probabilitiesOf(learner, raw);
  const classes = probabilities.length / rows.rows;
  return Array.from({ length: rows.rows }, (_, i) => {
    const own = Array.from(probabilities.subarray(i * classes, (i + 1) * classes));
    return own.indexOf(Math.max(...own));
  });
}

/** Area under the ROC curve: how often a positive stands above a negative, ties counting half. */
function auc(scores: ArrayLike<number>, labels: readonly number[]): number {
  const order = Array.from(labels.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && scores[order[j]!] === scores[order[i]!]) j++;
    for (let k = i; k < j; k++) {
      if (labels[order[k]!] === 1) {
        ranks += (i + 1 + j) / 2;
        positives++;
      }
    }
    i = j;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}

describe.skipIf(python === undefined)("linear models and scikit-learn", () => {
  it("have the same logistic regression weights", async () => {
    const { linear } = reference;
    const rows = frame(linear.columns);
    for (const fit of linear.fits) {
      const options = {
        l2: fit.l2,
        standardize: fit.standardize,
        iterations: 100,
        tolerance: 1e-11,
        class_weights: fit.balanced ? ("balanced" as const) : ("none" as const),
      };
      const { learner } = await fitLogisticRegression(
        rows,
        target(fit.task, linear[fit.task]),
        options,
        hooks().hooks,
      );
      const label = JSON.stringify({ ...fit, weights: undefined, intercept: undefined });
      expect(distance(learner.weights, fit.weights), label).toBeLessThan(1e-6);
      expect(distance(learner.intercept, fit.intercept), label).toBeLessThan(1e-6);
    }
  });

  it("have the same least squares and ridge weights, collinear columns included", async () => {
    const { linear } = reference;
    const rows = frame(linear.wide);
    for (const fit of linear.regressions) {
      const options = { l2: fit.l2, standardize: fit.standardize, iterations: 100, tolerance: 1e-10 };
      const { learner } = await fitLinearRegression(
        rows,
        target("regression", linear.number),
        options,
        hooks().hooks,
      );
      expect(distance(learner.weights, fit.weights), JSON.stringify(fit)).toBeLessThan(1e-6);
      expect(distance(learner.intercept, fit.intercept), JSON.stringify(fit)).toBeLessThan(1e-6);
    }
  });
});

describe.skipIf(python === undefined)("decision trees and scikit-learn", () => {
  it("ask the same questions", async () => {
    const { trees } = reference;
    for (const fit of trees.fits) {
      const options = {
        min_rows: fit.leaf,
        prune: fit.alpha,
        class_weights: "none" as const,
        ...(fit.depth === null ? {} : { depth: fit.depth }),
      };
      const rows = frame(trees[fit.data]);
      const { learner } = await fitDecisionTree(
        rows,
        target(fit.task, trees.labels[fit.task]),
        options,
        hooks().hooks,
      );
      const label = JSON.stringify({ data: fit.data, task: fit.task, depth: fit.depth, alpha: fit.alpha });
      const splits = [...learner.feature].map((feature, i) => [
        feature,
        feature < 0 ? 0 : learner.threshold[i]!,
      ]);
      const theirs = fit.features.map((feature, i) =>
        feature < 0 ? [-1, 0] : [feature, fit.thresholds[i]!],
      );
      // Small nodes have equally good splits, of which scikit-learn takes one by chance.
      if (fit.data === "whole" && (fit.depth === 3 || (fit.depth === 5 && fit.task === "regression"))) {
        expect(
          splits.map(([feature]) => feature),
          label,
        ).toEqual(theirs.map(([feature]) => feature));
        expect(
          distance(
            splits.map(([, cut]) => cut!),
            theirs.map(([, cut]) => cut!),
          ),
          label,
        ).toBeLessThan(1e-7);
      }
      const ours = predicted(learner, rows);
      const labels = trees.labels[fit.task];
      const miss = (p: readonly number[]) =>
        p.reduce(
          (sum, x, i) => sum + (fit.task === "regression" ? (x - labels[i]!) ** 2 : x === labels[i] ? 0 : 1),
          0,
        ) / p.length;
      expect(miss(ours), label).toBeLessThan(miss(fit.predictions) * 1.05 + 0.01);
    }
  });
});

describe.skipIf(python === undefined)("boosted trees and LightGBM", () => {
  it("predict as well on rows not seen", async () => {
    const { boosting } = reference;
    const train = sliced(boosting, 0, boosting.train);
    const test = sliced(boosting, boosting.train, boosting.few.length);
    const options = {
      trees: 100,
      depth: 6,
      leaves: 31,
      rate: 0.1,
      min_rows: 20,
      l2: 0,
      bins: 255,
      rows: 1,
      columns: 1,
      patience: 20,
      class_weights: "none" as const,
    };
    for (const task of ["binary", "multiclass", "regression"] as const) {
      const labels = boosting.labels[task];
      const { learner } = await fitBoostedTrees(
        train,
        target(task, labels.slice(0, boosting.train)),
        options,
        hooks(1, 2).hooks,
      );
      const truth = labels.slice(boosting.train);
      const theirs = boosting.scores[task];
      if (task === "binary") {
        const p = probabilitiesOf(learner, rawOutputs(learner, test)).filter((_, i) => i % 2 === 1);
        expect(auc(p, truth)).toBeGreaterThan(theirs - 0.003);
      } else if (task === "multiclass") {
        const right = predicted(learner, test).filter((k, i) => k === truth[i]).length;
        expect(right / truth.length).toBeGreaterThan(theirs - 0.01);
      } else {
        const squares = predicted(learner, test).reduce((sum, x, i) => sum + (x - truth[i]!) ** 2, 0);
        expect(Math.sqrt(squares / truth.length)).toBeLessThan(theirs * 1.01);
      }
    }
  });
});

function sliced(boosting: Reference["boosting"], from: number, to: number): Frame {
  const features = [
    category(
      "few",
      boosting.few.map((k) => `f${k}`),
    ),
    category(
      "kinds",
      boosting.kinds.map((k) => `k${String(k).padStart(2, "0")}`),
    ),
    ...boosting.columns.map((values, j) => column(`x${j}`, values)),
  ];
  return pick(
    { rows: boosting.few.length, features },
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  );
}

function pick(rows: Frame, chosen: Int32Array): Frame {
  return {
    rows: chosen.length,
    features: rows.features.map((feature): Feature => {
      if (feature.kind === "numeric")
        return { ...feature, values: Float64Array.from(chosen, (row) => feature.values[row]!) };
      if (feature.kind === "category") return { ...feature, codes: chosen.map((row) => feature.codes[row]!) };
      return feature;
    }),
  };
}

/** Medians and most frequent levels of the training rows in place of what is missing; a 0/1 column a level. */
function encoded(rows: Frame, training: Int32Array): Frame {
  const features = rows.features.flatMap((feature): Feature[] => {
    if (feature.kind === "numeric") {
      const known = Float64Array.from(training, (row) => feature.values[row]!)
        .filter((x) => !Number.isNaN(x))
        .sort();
      const median = (known[(known.length - 1) >> 1]! + known[known.length >> 1]!) / 2;
      return [{ ...feature, values: feature.values.map((x) => (Number.isNaN(x) ? median : x)) }];
    }
    if (feature.kind !== "category") return [feature];
    const counts = feature.levels.map((_, k) => training.filter((row) => feature.codes[row] === k).length);
    const mode = counts.indexOf(Math.max(...counts));
    return feature.levels.map((level, k) =>
      numeric(
        `${feature.name}=${level}`,
        Array.from(feature.codes, (code) => ((code < 0 ? mode : code) === k ? 1 : 0)),
      ),
    );
  });
  return { rows: rows.rows, features };
}

/** Mean accuracy and AUC over the folds. */
async function crossValidated(
  folded: Folded,
  kind: "logistic" | "forest" | "boosting",
): Promise<[number, number]> {
  const whole = frameOf(
    folded.y.length,
    ...folded.features.map((f) =>
      f.kind === "numeric"
        ? column(f.name, f.values as Numbers)
        : category(f.name, f.values as (string | null)[]),
    ),
  );
  let accuracy = 0;
  let area = 0;
  for (let fold = 0; fold < 10; fold++) {
    const rows = Int32Array.from(folded.y.keys());
    const training = rows.filter((row) => folded.folds[row] !== fold);
    const held = rows.filter((row) => folded.folds[row] === fold);
    const seen = kind === "logistic" ? encoded(whole, training) : whole;
    const labels = target(
      "binary",
      Array.from(training, (row) => folded.y[row]!),
    );
    const { learner } = await fitKind(kind, pick(seen, training), labels);
    const test = pick(seen, held);
    const p = probabilitiesOf(learner, rawOutputs(learner, test)).filter((_, i) => i % 2 === 1);
    const truth = Array.from(held, (row) => folded.y[row]!);
    accuracy += p.filter((x, i) => (x >= 0.5 ? 1 : 0) === truth[i]).length / truth.length / 10;
    area += auc(p, truth) / 10;
  }
  return [accuracy, area];
}

async function fitKind(
  kind: "logistic" | "forest" | "boosting",
  rows: Frame,
  labels: Target,
): Promise<{ learner: Learner }> {
  const class_weights = "none" as const;
  const { hooks: own } = hooks(42, 2);
  if (kind === "logistic") {
    return fitLogisticRegression(
      rows,
      labels,
      { l2: 1, standardize: true, iterations: 100, tolerance: 1e-8, class_weights },
      own,
    );
  }
  if (kind === "forest")
    return fitRandomForest(rows, labels, { trees: 300, min_rows: 1, rows: 1, class_weights }, own);
  const options = {
    trees: 100,
    depth: 3,
    leaves: 31,
    rate: 0.1,
    min_rows: 5,
    l2: 0,
    bins: 255,
    rows: 1,
    columns: 1,
    patience: 20,
    class_weights,
  };
  return fitBoostedTrees(rows, labels, options, own);
}

describe.skipIf(python === undefined || !withData)("ten folds of real data", () => {
  /** scikit-learn 1.9.1 on the same folds: accuracy and AUC. */
  const CASES = [
    ["loan", "logistic", 0.8111, 0.758],
    ["loan", "forest", 0.7816, 0.76],
    ["loan", "boosting", 0.7768, 0.714],
    ["german", "logistic", 0.752, 0.785],
    ["german", "forest", 0.77, 0.796],
    ["german", "boosting", 0.752, 0.782],
  ] as const;

  it.each(CASES)(
    "%s, %s: within 0.02 of accuracy %f and AUC %f, or better",
    async (name, kind, accuracy, area) => {
      const [ours, oursArea] = await crossValidated(reference[name]!, kind);
      console.log(
        `${name} ${kind}: accuracy ${ours.toFixed(4)} (${accuracy}), AUC ${oursArea.toFixed(3)} (${area})`,
      );
      expect(ours).toBeGreaterThan(accuracy - 0.02);
      expect(oursArea).toBeGreaterThan(area - 0.02);
    },
  );
});
