/** One tree of a forest, from its number. */
import { random } from "../random.ts";
import type { Cart, CartNode, CartOptions } from "./cart.ts";
import type { Labels } from "./groups.ts";
import type { RankedColumn } from "./ranks.ts";

/** What every thread of a forest needs; arrays in shared memory. */
export interface ForestTask {
  readonly columns: readonly RankedColumn[];
  readonly labels: Labels;
  /** [rows] */
  readonly weights: Float64Array;
  readonly options: CartOptions;
  readonly seed: number;
  /** Rows drawn for each tree. */
  readonly draws: number;
  readonly trees: number;
  /** The next tree nobody has taken. */
  readonly next: Int32Array;
}

/** A row drawn twice counts twice. */
export function growTree(cart: Cart, task: ForestTask, tree: number): CartNode[] {
  const source = random(task.seed, tree);
  const rows = task.weights.length;
  const weights = new Float64Array(rows);
  let distinct = 0;
  for (let i = 0; i < task.draws; i++) {
    const row = source.int(rows);
    if (weights[row] === 0) distinct++;
    weights[row]! += 1;
  }
  const ids = new Int32Array(distinct);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (weights[row] === 0) continue;
    ids[at++] = row;
    weights[row]! *= task.weights[row]!;
  }
  return cart.grow(ids, weights, source);
}
