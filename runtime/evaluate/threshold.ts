/** The threshold that costs least. */
import { costOf } from "./metrics/confusion.ts";
import { descendingOrder } from "./metrics/ranking.ts";
import type { CostMatrix } from "./scored.ts";

export interface ChosenThreshold {
  /** Rows scored from here on are called positive. */
  readonly threshold: number;
  /** Mean cost of a row at that threshold. */
  readonly cost: number;
}

/**
 * Tries every observed score as the threshold, and one above them all (nothing is positive); the cheapest wins,
 * of equals the highest.
 * @param scores [rows] probability of the positive class, at least one row
 * @param truth [rows] 1 for positive
 */
export function cheapestThreshold(
  scores: Float64Array,
  truth: Float64Array,
  matrix: CostMatrix,
): ChosenThreshold {
  const order = descendingOrder(scores);
  let tp = 0;
  let fp = 0;
  const fn = truth.reduce((sum, value) => sum + Number(value === 1), 0);
  const tn = truth.length - fn;
  const highest = scores[order[0]!]!;
  let best: ChosenThreshold = {
    threshold: highest < 1 ? 1 : above(highest),
    cost: costOf(matrix, { tp, fp, fn, tn }),
  };
  for (let j = 0; j < order.length; j += 1) {
    const score = scores[order[j]!]!;
    if (truth[order[j]!] === 1) tp += 1;
    else fp += 1;
    if (j + 1 < order.length && scores[order[j + 1]!] === score) continue;
    const cost = costOf(matrix, { tp, fp, fn: fn - tp, tn: tn - fp });
    if (cost < best.cost) best = { threshold: score, cost };
  }
  return { threshold: best.threshold, cost: best.cost / truth.length };
}

/** The smallest double above a positive one. */
function above(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
  return bits.getFloat64(0);
}
