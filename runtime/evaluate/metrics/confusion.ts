/** Counts of truth against prediction, and the metrics that follow from them alone. */
import type { CostMatrix, Measure, Scored } from "../scored.ts";

/** [classes × classes] counts, truth by row and prediction by column. */
export type Confusion = Float64Array;

/** The confusion matrix of rows counted by `weights`. */
export function confusionOf(scored: Scored): (weights: Int32Array) => Confusion {
  const classes = scored.classes.length;
  const cell = new Int32Array(scored.rows);
  for (let i = 0; i < scored.rows; i += 1) cell[i] = scored.truth[i]! * classes + scored.predicted[i]!;
  return (weights) => {
    const counts = new Float64Array(classes * classes);
    for (let i = 0; i < cell.length; i += 1) counts[cell[i]!]! += weights[i]!;
    return counts;
  };
}

interface ClassCounts {
  readonly hits: number;
  /** Rows of the class. */
  readonly actual: number;
  /** Rows predicted as the class. */
  readonly predicted: number;
}

function countsOf(confusion: Confusion, classes: number): ClassCounts[] {
  return Array.from({ length: classes }, (_, k) => {
    let actual = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other += 1) {
      actual += confusion[k * classes + other]!;
      predicted += confusion[other * classes + k]!;
    }
    return { hits: confusion[k * classes + k]!, actual, predicted };
  });
}

const total = (counts: readonly ClassCounts[]) => counts.reduce((sum, one) => sum + one.actual, 0);
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const score = {
  precision: (one: ClassCounts) => ratio(one.hits, one.predicted),
  recall: (one: ClassCounts) => ratio(one.hits, one.actual),
  // 2·TP / (2·TP + FP + FN)
  f1: (one: ClassCounts) => ratio(2 * one.hits, one.actual + one.predicted),
} as const;

export type Average = "binary" | "macro" | "weighted";

/**
 * Precision, recall or F1: of the positive class (`binary`), the mean over the classes that occur in truth or
 * prediction (`macro`), or that mean weighted by the classes' rows (`weighted`). Null where scikit-learn warns
 * that the value is undefined, unless the class has no weight.
 */
export function classScore(scored: Scored, name: keyof typeof score, average: Average): Measure {
  const confusion = confusionOf(scored);
  const classes = scored.classes.length;
  return (weights) => {
    const counts = countsOf(confusion(weights), classes);
    if (average === "binary") return score[name](counts[1]!);
    let sum = 0;
    let weight = 0;
    for (const one of counts) {
      const share = average === "weighted" ? one.actual : Number(one.actual + one.predicted > 0);
      if (share === 0) continue;
      const value = score[name](one);
      if (value === null) return null;
      sum += share * value;
      weight += share;
    }
    return ratio(sum, weight);
  };
}

/** Share of the rows predicted right. */
export function accuracy(scored: Scored): Measure {
  const confusion = confusionOf(scored);
  return (weights) => {
    const counts = countsOf(confusion(weights), scored.classes.length);
    return ratio(
      counts.reduce((sum, one) => sum + one.hits, 0),
      total(counts),
    );
  };
}

/** Mean recall of the classes that occur (Brodersen et al. 2010). */
export function balancedAccuracy(scored: Scored): Measure {
  const confusion = confusionOf(scored);
  return (weights) => {
    const present = countsOf(confusion(weights), scored.classes.length).filter((one) => one.actual > 0);
    return ratio(
      present.reduce((sum, one) => sum + one.hits / one.actual, 0),
      present.length,
    );
  };
}

/** Matthews correlation, for any number of classes (Gorodkin 2004); 0 when truth or prediction is constant. */
export function mcc(scored: Scored): Measure {
  const confusion = confusionOf(scored);
  return (weights) => {
    const counts = countsOf(confusion(weights), scored.classes.length);
    const rows = total(counts);
    if (rows === 0) return null;
    let both = 0;
    let truth = rows * rows;
    let predicted = rows * rows;
    let hits = 0;
    for (const one of counts) {
      hits += one.hits;
      both += one.actual * one.predicted;
      truth -= one.actual * one.actual;
      predicted -= one.predicted * one.predicted;
    }
    const product = truth * predicted;
    return product === 0 ? 0 : (hits * rows - both) / Math.sqrt(product);
  };
}

/** Expected cost of one row under the cost matrix (Elkan 2001). */
export function expectedCost(scored: Scored, cost: CostMatrix): Measure {
  const confusion = confusionOf(scored);
  return (weights) => {
    const counts = confusion(weights);
    const rows = counts.reduce((sum, n) => sum + n, 0);
    return ratio(costOf(cost, { tn: counts[0]!, fp: counts[1]!, fn: counts[2]!, tp: counts[3]! }), rows);
  };
}

/** Total cost of counted outcomes. */
export function costOf(cost: CostMatrix, n: { tp: number; fp: number; tn: number; fn: number }): number {
  return (
    n.fp * cost.false_positive +
    n.fn * cost.false_negative +
    n.tp * cost.true_positive +
    n.tn * cost.true_negative
  );
}
