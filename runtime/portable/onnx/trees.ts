/** A tree learner as one TreeEnsemble (ai.onnx.ml 5) in double, the base value folded into trees of its own. */

import type { Attribute } from "../../engine/model-proto.ts";
import type { TreeLearner } from "../form.ts";
import type { GraphBuilder } from "./builder.ts";

const LEQ = 0;
const MEMBER = 6;
const SUM = 1;
/** Codes up to this stand in ONNX Runtime's bit mask of a set; beyond, a mask could be a NaN, which wasm may change. */
const MASK_BITS = 50;

/**
 * How a category's code is written in the graph, so that missing is a member like any other (BRANCH_MEMBER with
 * NaN is wrong in wasm): 1 for missing and code + 2, or, with many levels, −1 and −2 − code, which no bit mask takes.
 */
export function graphCode(code: number, levels: number): number {
  return levels + 1 <= MASK_BITS ? code + 2 : -2 - code;
}

/** The attributes of a TreeEnsemble while they grow; room for every node of the learner is taken at once. */
class Ensemble {
  nodes = 0;
  leaves = 0;
  readonly roots: number[] = [];
  readonly members: number[] = [];
  readonly feature: Int32Array;
  readonly splits: Float64Array;
  readonly modes: Uint8Array;
  readonly missingTrue: Uint8Array;
  /** By branch: 1 true, 0 false. */
  readonly child: readonly [Int32Array, Int32Array];
  readonly isLeaf: readonly [Uint8Array, Uint8Array];
  readonly targets: Int32Array;
  readonly weights: Float64Array;

  constructor(capacity: number) {
    this.feature = new Int32Array(capacity);
    this.splits = new Float64Array(capacity);
    this.modes = new Uint8Array(capacity);
    this.missingTrue = new Uint8Array(capacity);
    this.child = [new Int32Array(capacity), new Int32Array(capacity)];
    this.isLeaf = [new Uint8Array(capacity), new Uint8Array(capacity)];
    this.targets = new Int32Array(capacity);
    this.weights = new Float64Array(capacity);
  }

  node(feature: number, mode: number, split: number, missingTrue: number): number {
    const at = this.nodes++;
    this.feature[at] = feature;
    this.modes[at] = mode;
    this.splits[at] = split;
    this.missingTrue[at] = missingTrue;
    return at;
  }

  leaf(node: number, branch: 0 | 1, target: number, weight: number): void {
    const at = this.leaves++;
    this.targets[at] = target;
    this.weights[at] = weight;
    this.child[branch][node] = at;
    this.isLeaf[branch][node] = 1;
  }

  /** A tree must have a node: one whose two leaves say the same. */
  constantTree(target: number, value: number): void {
    const node = this.node(0, LEQ, 0, 0);
    this.roots.push(node);
    this.leaf(node, 1, target, value);
    this.leaf(node, 0, target, value);
  }

  attributes(outputs: number): Readonly<Record<string, Attribute>> {
    const { nodes, leaves } = this;
    const ints = (values: Int32Array | Uint8Array, count: number) => ({ ints: values.subarray(0, count) });
    const doubles = (values: Float64Array) => ({
      tensor: { type: "double" as const, dims: [values.length], values },
    });
    const members =
      this.members.length > 0 ? { membership_values: doubles(Float64Array.from(this.members)) } : {};
    return {
      aggregate_function: { int: SUM },
      post_transform: { int: 0 },
      n_targets: { int: outputs },
      tree_roots: { ints: this.roots },
      nodes_featureids: ints(this.feature, nodes),
      nodes_splits: doubles(this.splits.subarray(0, nodes)),
      nodes_modes: { tensor: { type: "uint8", dims: [nodes], values: this.modes.subarray(0, nodes) } },
      nodes_truenodeids: ints(this.child[1], nodes),
      nodes_falsenodeids: ints(this.child[0], nodes),
      nodes_trueleafs: ints(this.isLeaf[1], nodes),
      nodes_falseleafs: ints(this.isLeaf[0], nodes),
      nodes_missing_value_tracks_true: ints(this.missingTrue, nodes),
      leaf_targetids: ints(this.targets, leaves),
      leaf_weights: doubles(this.weights.subarray(0, leaves)),
      ...members,
    };
  }
}

/**
 * Adds the ensemble.
 * @param features [rows × columns] double, categories coded by `graphCode`
 * @param levels how many levels the category of a column has
 * @returns raw outputs [rows × outputs]
 */
export function addTrees(
  graph: GraphBuilder,
  learner: TreeLearner,
  features: string,
  levels: (column: number) => number,
): string {
  const { base, roots, output, outputs, feature } = learner;
  // A leaf has one target: a tree whose leaves hold a value for each output is written once for each.
  const copies = output.includes(-1) ? outputs : 1;
  const ensemble = new Ensemble(feature.length * copies * 2 + outputs * 2);
  // Sums begin with the base, as everywhere: floating-point addition is not associative.
  base.forEach((value, k) => {
    ensemble.constantTree(k, value);
  });
  for (let t = 0; t < roots.length; t++) {
    const only = output[t]!;
    if (only >= 0) addTree(ensemble, learner, roots[t]!, only, 0, levels);
    else for (let k = 0; k < outputs; k++) addTree(ensemble, learner, roots[t]!, k, k, levels);
  }
  return graph.add("TreeEnsemble", [features], ensemble.attributes(outputs), "ai.onnx.ml");
}

function addTree(
  ensemble: Ensemble,
  learner: TreeLearner,
  root: number,
  target: number,
  valueAt: number,
  levels: (column: number) => number,
): void {
  const { feature, left, right, value, valueWidth } = learner;
  if (feature[root]! < 0) {
    ensemble.constantTree(target, value[root * valueWidth + valueAt]!);
    return;
  }
  ensemble.roots.push(ensemble.nodes);
  // Pre-order. Of each node that waits: its parent's place, and twice the node plus the branch that leads to it.
  const stack: number[] = [-1, root * 2];
  while (stack.length > 0) {
    const code = stack.pop()!;
    const parent = stack.pop()!;
    const [node, branch] = [code >> 1, (code & 1) as 0 | 1];
    if (feature[node]! < 0) {
      ensemble.leaf(parent, branch, target, value[node * valueWidth + valueAt]!);
      continue;
    }
    const swapped = addSplit(ensemble, learner, node, levels);
    const at = ensemble.nodes - 1;
    if (parent >= 0) ensemble.child[branch][parent] = at;
    const yes = swapped ? right[node]! : left[node]!;
    const no = swapped ? left[node]! : right[node]!;
    stack.push(at, no * 2, at, yes * 2 + 1);
  }
}

/** Adds a split's node, and the members of its set; true when that set is the right child's, being smaller. */
function addSplit(
  ensemble: Ensemble,
  learner: TreeLearner,
  node: number,
  levels: (column: number) => number,
): boolean {
  const feature = learner.feature[node]!;
  const set = learner.set[node]!;
  const missingLeft = learner.missingLeft[node]!;
  if (set < 0) {
    ensemble.node(feature, LEQ, learner.threshold[node]!, missingLeft);
    return false;
  }
  const count = levels(feature);
  const words = learner.setWords[node]!;
  const isLeft = (code: number): boolean => {
    if (code < 0) return missingLeft === 1;
    const word = code >>> 5;
    return word < words && ((learner.sets[set + word]! >>> (code & 31)) & 1) === 1;
  };
  const codes = Array.from({ length: count + 1 }, (_, i) => i - 1);
  const left = codes.filter(isLeft);
  const right = codes.filter((code) => !isLeft(code));
  const swapped = left.length === 0 || (right.length > 0 && right.length < left.length);
  for (const code of swapped ? right : left) ensemble.members.push(graphCode(code, count));
  // Sets stand one after the other, each ended by a NaN.
  ensemble.members.push(Number.NaN);
  ensemble.node(feature, MEMBER, 0, 0);
  return swapped;
}
