/** Metrics by name: which there are, what they need, and how their keys are spelled. */
import { metricKey } from "../../../language/vocabulary/metric-key.ts";
import type { MetricUse } from "../../../language/vocabulary/types.ts";
import { LANGUAGE_METRICS, languageMeasure } from "../language/measures.ts";
import type { CostMatrix, Measure, Scored } from "../scored.ts";
import { classScores, positiveScores } from "../scored.ts";
import { type Average, accuracy, balancedAccuracy, classScore, expectedCost, mcc } from "./confusion.ts";
import { brier, logLoss } from "./probability.ts";
import { atTop, binaryAuc, binaryAveragePrecision, macro } from "./ranking.ts";
import { mae, mape, r2, rmse } from "./regression.ts";

type Prepare = (scored: Scored, args: MetricUse["args"], cost: CostMatrix | null) => Measure;

interface MetricWork {
  readonly tasks: readonly Scored["task"][];
  /** Higher or lower is better; used where two models are set side by side. */
  readonly better: "higher" | "lower";
  readonly prepare: Prepare;
}

const CLASSES = ["binary", "multiclass"] as const;
const NUMBERS = ["regression"] as const;

/** `average`, or the positive class of two, or the mean over more. */
function averageOf(scored: Scored, args: MetricUse["args"]): Average {
  const average = args["average"];
  if (average === "macro" || average === "weighted" || average === "binary") return average;
  return scored.task === "binary" ? "binary" : "macro";
}

function oneAgainstRest(of: (scores: Float64Array, truth: Float64Array, k: number) => Measure): Prepare {
  return (scored) =>
    scored.task === "binary"
      ? of(positiveScores(scored), scored.truth, 1)
      : macro(scored.classes.map((_, k) => of(classScores(scored, k), scored.truth, k)));
}

const withTop =
  (name: "precision" | "recall"): Prepare =>
  (scored, args) => {
    const top = args["top"];
    return typeof top === "number"
      ? atTop(positiveScores(scored), scored.truth, name, top)
      : classScore(scored, name, averageOf(scored, args));
  };

const cost: Prepare = (scored, _, matrix) => {
  if (matrix === null) throw new Error("The evaluation step refuses cost metrics without a cost matrix.");
  return expectedCost(scored, matrix);
};

export const METRICS: Readonly<Record<string, MetricWork>> = {
  accuracy: { tasks: CLASSES, better: "higher", prepare: accuracy },
  balanced_accuracy: { tasks: CLASSES, better: "higher", prepare: balancedAccuracy },
  precision: { tasks: CLASSES, better: "higher", prepare: withTop("precision") },
  recall: { tasks: CLASSES, better: "higher", prepare: withTop("recall") },
  f1: {
    tasks: CLASSES,
    better: "higher",
    prepare: (scored, args) => classScore(scored, "f1", averageOf(scored, args)),
  },
  auc: { tasks: CLASSES, better: "higher", prepare: oneAgainstRest(binaryAuc) },
  pr_auc: { tasks: CLASSES, better: "higher", prepare: oneAgainstRest(binaryAveragePrecision) },
  log_loss: { tasks: CLASSES, better: "lower", prepare: logLoss },
  brier: { tasks: CLASSES, better: "lower", prepare: brier },
  mcc: { tasks: CLASSES, better: "higher", prepare: mcc },
  cost: { tasks: ["binary"], better: "lower", prepare: cost },
  profit: {
    tasks: ["binary"],
    better: "higher",
    prepare: (scored, args, matrix) => {
      const measure = cost(scored, args, matrix);
      return (weights) => {
        const value = measure(weights);
        return value === null ? null : 0 - value;
      };
    },
  },
  rmse: { tasks: NUMBERS, better: "lower", prepare: rmse },
  mae: { tasks: NUMBERS, better: "lower", prepare: mae },
  r2: { tasks: NUMBERS, better: "higher", prepare: r2 },
  mape: { tasks: NUMBERS, better: "lower", prepare: mape },
  ...Object.fromEntries(
    Object.entries(LANGUAGE_METRICS).map(([name, { tasks, better }]): [string, MetricWork] => [
      name,
      { tasks, better, prepare: (scored) => languageMeasure(scored, name) },
    ]),
  ),
};

/** Not a number: the matrix is reported beside the metrics. */
export const CONFUSION = "confusion";

/** Metrics that need the evaluation's `cost` block. */
export const COST_METRICS: ReadonlySet<string> = new Set(["cost", "profit"]);

/** Metrics in the order of their keys, each once: the order in the spec has no meaning. */
export function byKey(metrics: readonly MetricUse[]): MetricUse[] {
  const keyed = new Map(metrics.map((metric) => [metricKey(metric), metric]));
  return [...keyed.keys()].sort().map((key) => keyed.get(key)!);
}

/** The metric that a key spells: `recall(top=0.1)`. Its values are numbers or words. */
export function parseMetricKey(key: string): MetricUse {
  const [, name = key, args = ""] = /^(\w+)\((.*)\)$/.exec(key) ?? [];
  const pairs = args.split(",").flatMap((pair) => {
    const [word = "", value] = pair.trim().split("=");
    return value === undefined ? [] : [[word, Number.isNaN(Number(value)) ? value : Number(value)] as const];
  });
  return { name, args: Object.fromEntries(pairs) };
}

/** The metric over these predictions, ready for many weightings of the rows. */
export function prepareMetric(scored: Scored, metric: MetricUse, matrix: CostMatrix | null): Measure {
  const work = METRICS[metric.name];
  if (work === undefined) throw new Error(`No metric is called ${metric.name}.`);
  return work.prepare(scored, metric.args, matrix);
}
