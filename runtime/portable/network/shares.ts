/** What each column adds to a network's output, by Shapley values over sampled orders. */
import type { NetworkLearner } from "../form.ts";
import { compileNetwork } from "./evaluate.ts";

/** Evaluations that an explanation may take, about. */
const BUDGET = 2_000;
const ORDERS = { least: 2, most: 32 } as const;

export interface Shares {
  /** [outputs] of a row that is average in every column. */
  readonly base: Float64Array;
  /** [columns of `columns` × outputs]; with `base` they sum to the row's raw outputs. */
  readonly adds: Float64Array;
}

/**
 * Begins with the average row and gives it the row's own values column after column: what an output then changes by is
 * the column's share, in this order. The mean over random orders, each with its reverse, approaches the Shapley value
 * (Štrumbelj and Kononenko 2014), and any such mean sums to the whole difference.
 * @param x [width] the row's features
 * @param columns those that are looked at; the others stay as they are in the row
 */
export function sharesOf(learner: NetworkLearner, x: Float64Array, columns: readonly number[]): Shares {
  const { outputs, order, offset } = learner;
  const evaluate = compileNetwork(learner);
  const average = Float64Array.from(x);
  const looked = new Set(columns);
  order.forEach((column, j) => {
    if (looked.has(column)) average[column] = offset[j]!;
  });
  const base = new Float64Array(outputs);
  evaluate(average, 0, base, 0);
  const adds = new Float64Array(columns.length * outputs);
  const pairs = Math.ceil(Math.max(ORDERS.least, Math.min(ORDERS.most, BUDGET / (columns.length + 1))) / 2);
  for (let pair = 0; pair < pairs; pair++) {
    const forth = shuffled(columns.length, pair);
    for (const places of [forth, forth.toReversed()]) {
      const row = Float64Array.from(average);
      let before = base;
      for (const place of places) {
        const column = columns[place]!;
        row[column] = x[column]!;
        const after = new Float64Array(outputs);
        evaluate(row, 0, after, 0);
        for (let k = 0; k < outputs; k++)
          adds[place * outputs + k]! += (after[k]! - before[k]!) / (2 * pairs);
        before = after;
      }
    }
  }
  return { base, adds };
}

/** 0 … count − 1 in an order of its own for each number (Fisher and Yates; mulberry32). */
function shuffled(count: number, number: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  let state = (number + 1) * 0x9e3779b1;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
