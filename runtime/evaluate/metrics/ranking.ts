/** Metrics of the order in which rows are scored: ties, whole and in part, are counted as what they are. */
import type { Measure } from "../scored.ts";
import { ceilingShare } from "../share.ts";

/** Rows sorted by descending score, ties in their own order, ready for many weightings. */
interface Ranking {
  /** [rows] row numbers, best first. */
  readonly order: Int32Array;
  /** [rows] in that order: 1 where the row is positive. */
  readonly positive: Uint8Array;
  /** [rows] in that order: 1 on the last row of equal scores. */
  readonly last: Uint8Array;
}

/**
 * Sorts by value, not by comparison of rows: typed arrays sort natively, and a counting pass places the rows.
 * Stable, O(n log n).
 */
export function descendingOrder(scores: Float64Array): Int32Array {
  const rows = scores.length;
  const distinct = Float64Array.from(scores).sort();
  let groups = 0;
  for (let i = 0; i < rows; i += 1) {
    if (i === 0 || distinct[i] !== distinct[groups - 1]) distinct[groups++] = distinct[i]!;
  }
  const group = new Int32Array(rows);
  const start = new Int32Array(groups + 1);
  for (let i = 0; i < rows; i += 1) {
    let low = 0;
    let high = groups - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle]! < scores[i]!) low = middle + 1;
      else high = middle;
    }
    group[i] = groups - 1 - low;
    start[groups - low]! += 1;
  }
  for (let g = 0; g < groups; g += 1) start[g + 1]! += start[g]!;
  const order = new Int32Array(rows);
  for (let i = 0; i < rows; i += 1) order[start[group[i]!]!++] = i;
  return order;
}

function rank(scores: Float64Array, truth: Float64Array, of: number): Ranking {
  const order = descendingOrder(scores);
  const positive = new Uint8Array(order.length);
  const last = new Uint8Array(order.length);
  for (let j = 0; j < order.length; j += 1) {
    positive[j] = Number(truth[order[j]!] === of);
    last[j] = Number(j + 1 === order.length || scores[order[j]!] !== scores[order[j + 1]!]);
  }
  return { order, positive, last };
}

/**
 * Area under the ROC curve of one class against the rest: the chance that a positive outranks a negative, ties
 * counting half (Mann–Whitney). Null unless both occur.
 */
export function binaryAuc(scores: Float64Array, truth: Float64Array, of: number): Measure {
  const { order, positive, last } = rank(scores, truth, of);
  return (weights) => {
    let above = 0; // positives scored higher than the group at hand
    let negatives = 0;
    let pairs = 0;
    let groupPositives = 0;
    let groupNegatives = 0;
    for (let j = 0; j < order.length; j += 1) {
      const weight = weights[order[j]!]!;
      if (positive[j] === 1) groupPositives += weight;
      else groupNegatives += weight;
      if (last[j] === 0) continue;
      pairs += groupNegatives * (above + groupPositives / 2);
      above += groupPositives;
      negatives += groupNegatives;
      groupPositives = 0;
      groupNegatives = 0;
    }
    return above === 0 || negatives === 0 ? null : pairs / (above * negatives);
  };
}

/**
 * Average precision: Σ (recallₖ − recallₖ₋₁) · precisionₖ over distinct scores, the step integral of the
 * precision-recall curve. Null without positives.
 */
export function binaryAveragePrecision(scores: Float64Array, truth: Float64Array, of: number): Measure {
  const { order, positive, last } = rank(scores, truth, of);
  return (weights) => {
    let hits = 0;
    let seen = 0;
    let group = 0;
    let sum = 0;
    for (let j = 0; j < order.length; j += 1) {
      const weight = weights[order[j]!]!;
      seen += weight;
      if (positive[j] === 1) group += weight;
      if (last[j] === 0 || group === 0) continue;
      hits += group;
      sum += group * (hits / seen);
      group = 0;
    }
    return hits === 0 ? null : sum / hits;
  };
}

/** Mean of a one-against-the-rest metric over classes; null when it is null for any of them. */
export function macro(measures: readonly Measure[]): Measure {
  return (weights) => {
    let sum = 0;
    for (const measure of measures) {
      const value = measure(weights);
      if (value === null) return null;
      sum += value;
    }
    return sum / measures.length;
  };
}

/**
 * Precision or recall when the highest-scored share of the rows (rounded up to whole rows) is called positive;
 * equal scores keep their order in the data.
 */
export function atTop(
  scores: Float64Array,
  truth: Float64Array,
  name: "precision" | "recall",
  share: number,
): Measure {
  const { order, positive } = rank(scores, truth, 1);
  return (weights) => {
    let rows = 0;
    let positives = 0;
    for (let j = 0; j < order.length; j += 1) {
      const weight = weights[order[j]!]!;
      rows += weight;
      if (positive[j] === 1) positives += weight;
    }
    const wanted = ceilingShare(rows, share);
    let left = wanted;
    let hits = 0;
    for (let j = 0; j < order.length && left > 0; j += 1) {
      const taken = Math.min(left, weights[order[j]!]!);
      left -= taken;
      if (positive[j] === 1) hits += taken;
    }
    const whole = name === "precision" ? wanted : positives;
    return whole === 0 ? null : hits / whole;
  };
}
