/** Trees laid out for walking: 16 bytes and a double for each node, children beside their parents. */
import type { TreeLearner } from "./form.ts";

/**
 * Nodes in pre-order, so that a node's left child is the next one. `test` holds four words a node:
 * the input column (−1 on leaves), the right child (on leaves the place in `values`), the first word of the
 * category set or −1, and twice the set's words plus 1 where missing goes left.
 */
export interface FlatTrees {
  readonly roots: Int32Array;
  readonly output: Int32Array;
  readonly test: Int32Array;
  /** Threshold, or a leaf's value where leaves hold one. */
  readonly number: Float64Array;
  readonly sets: Uint32Array;
  readonly values: Float64Array;
  readonly width: number;
  readonly base: Float64Array;
  readonly outputs: number;
}

/** Lays trees out for walking; unreachable nodes are left behind. */
export function flattenTrees(learner: TreeLearner): FlatTrees {
  const nodes = learner.feature.length;
  const test = new Int32Array(nodes * 4);
  const number = new Float64Array(nodes);
  const roots = new Int32Array(learner.roots.length);
  let next = 0;
  const stack: number[] = [];
  // Where the right child's place must be written once it is known; −1 for roots and left children.
  const waiting: number[] = [];
  for (let t = 0; t < roots.length; t++) {
    roots[t] = next;
    stack.push(learner.roots[t]!);
    waiting.push(-1);
    while (stack.length > 0) {
      const from = stack.pop() as number;
      const parent = waiting.pop() as number;
      const at = next++;
      if (parent >= 0) test[parent * 4 + 1] = at;
      const feature = learner.feature[from]!;
      test[at * 4] = feature;
      if (feature < 0) {
        test[at * 4 + 1] = from * learner.valueWidth;
        number[at] = learner.value[from * learner.valueWidth]!;
        continue;
      }
      test[at * 4 + 2] = learner.set[from]!;
      test[at * 4 + 3] = learner.setWords[from]! * 2 + learner.missingLeft[from]!;
      number[at] = learner.threshold[from]!;
      stack.push(learner.right[from]!, learner.left[from]!);
      waiting.push(at, -1);
    }
  }
  const { output, sets, value: values, valueWidth: width, base, outputs } = learner;
  return { roots, output, test, number, sets, values, width, base, outputs };
}

/** Whether a row goes left at an inner node. `x` begins at `offset`. */
function goesLeft(trees: FlatTrees, at: number, feature: number, x: Float64Array, offset: number): boolean {
  const { test, number, sets } = trees;
  const value = x[offset + feature]!;
  const set = test[at * 4 + 2]!;
  if (set < 0) return value <= number[at]! || (Number.isNaN(value) && (test[at * 4 + 3]! & 1) === 1);
  if (!(value >= 0)) return (test[at * 4 + 3]! & 1) === 1;
  const word = value >>> 5;
  return word < test[at * 4 + 3]! >> 1 && ((sets[set + word]! >>> (value & 31)) & 1) === 1;
}

/** The leaf that a row reaches in the tree with this root. `x` begins at `offset`. */
export function leafOf(trees: FlatTrees, root: number, x: Float64Array, offset: number): number {
  const { test } = trees;
  let at = root;
  for (let feature = test[at * 4]!; feature >= 0; feature = test[at * 4]!) {
    at = goesLeft(trees, at, feature, x, offset) ? at + 1 : test[at * 4 + 1]!;
  }
  return at;
}

/** The nodes that a row passes in the tree with this root, the leaf last. */
export function leafPath(trees: FlatTrees, root: number, x: Float64Array): number[] {
  const path = [root];
  let at = root;
  for (let feature = trees.test[at * 4]!; feature >= 0; feature = trees.test[at * 4]!) {
    at = goesLeft(trees, at, feature, x, 0) ? at + 1 : trees.test[at * 4 + 1]!;
    path.push(at);
  }
  return path;
}

/**
 * Adds the trees of one row to `raw` (from `at`): base first, then tree after tree, which is the order of
 * training and of the ONNX graph, so that sums are equal to the last bit.
 */
export function sumTrees(
  trees: FlatTrees,
  x: Float64Array,
  offset: number,
  raw: Float64Array,
  at: number,
): void {
  const { roots, outputs, base } = trees;
  for (let k = 0; k < outputs; k++) raw[at + k] = base[k]!;
  for (let t = 0; t < roots.length; t++) addLeaf(trees, t, leafOf(trees, roots[t]!, x, offset), raw, at);
}

/** Adds what the leaf of tree `t` says. */
export function addLeaf(trees: FlatTrees, t: number, leaf: number, raw: Float64Array, at: number): void {
  const { output, number, test, values, width } = trees;
  const k = output[t]!;
  if (k >= 0) {
    raw[at + k] = raw[at + k]! + number[leaf]!;
    return;
  }
  const from = test[leaf * 4 + 1]!;
  for (let j = 0; j < width; j++) raw[at + j] = raw[at + j]! + values[from + j]!;
}
