/** A tree learner as one TreeEnsemble (ai.onnx.ml 5) in double, the base value folded into trees of its own. */
import type { TreeLearner } from "../form.ts";
import type { GraphBuilder } from "./builder.ts";

const LEQ = 0;
const MEMBER = 6;
/** Codes up to this stand in ONNX Runtime's bit mask of a set; beyond, a mask could be a NaN, which wasm may change. */
const MASK_BITS = 50;

/**
 * How a category's code is written in the graph, so that missing is a member like any other (BRANCH_MEMBER with
 * NaN is wrong in wasm): 1 for missing and code + 2, or, with many levels, −1 and −2 − code, which no bit mask takes.
 */
export function graphCode(code: number, levels: number): number {
  return levels + 1 <= MASK_BITS ? code + 2 : -2 - code;
}

interface Ensemble {
  readonly roots: number[];
  readonly feature: number[];
  readonly splits: number[];
  readonly modes: number[];
  readonly trueChild: number[];
  readonly falseChild: number[];
  readonly trueIsLeaf: number[];
  readonly falseIsLeaf: number[];
  readonly missingTrue: number[];
  readonly members: number[];
  readonly targets: number[];
  readonly weights: number[];
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
  const ensemble: Ensemble = {
    roots: [],
    feature: [],
    splits: [],
    modes: [],
    trueChild: [],
    falseChild: [],
    trueIsLeaf: [],
    falseIsLeaf: [],
    missingTrue: [],
    members: [],
    targets: [],
    weights: [],
  };
  // Sums begin with the base, as everywhere: floating-point addition is not associative.
  learner.base.forEach((base, k) => {
    addConstantTree(ensemble, k, base);
  });
  for (let t = 0; t < learner.roots.length; t++) {
    const root = learner.roots[t]!;
    const output = learner.output[t]!;
    // A leaf has one target: a tree whose leaves hold a value for each output is written once for each.
    const targets = output >= 0 ? [output] : Array.from({ length: learner.outputs }, (_, k) => k);
    for (const k of targets) addTree(ensemble, learner, root, k, output >= 0 ? 0 : k, levels);
  }
  const doubles = (values: readonly number[]) => ({
    tensor: { type: "double" as const, dims: [values.length], values: Float64Array.from(values) },
  });
  return graph.add(
    "TreeEnsemble",
    [features],
    {
      aggregate_function: { int: 1 },
      post_transform: { int: 0 },
      n_targets: { int: learner.outputs },
      tree_roots: { ints: ensemble.roots },
      nodes_featureids: { ints: ensemble.feature },
      nodes_splits: doubles(ensemble.splits),
      nodes_modes: {
        tensor: { type: "uint8", dims: [ensemble.modes.length], values: Uint8Array.from(ensemble.modes) },
      },
      nodes_truenodeids: { ints: ensemble.trueChild },
      nodes_falsenodeids: { ints: ensemble.falseChild },
      nodes_trueleafs: { ints: ensemble.trueIsLeaf },
      nodes_falseleafs: { ints: ensemble.falseIsLeaf },
      nodes_missing_value_tracks_true: { ints: ensemble.missingTrue },
      leaf_targetids: { ints: ensemble.targets },
      leaf_weights: doubles(ensemble.weights),
      ...(ensemble.members.length > 0 ? { membership_values: doubles(ensemble.members) } : {}),
    },
    "ai.onnx.ml",
  );
}

function addLeaf(ensemble: Ensemble, target: number, weight: number): number {
  ensemble.weights.push(weight);
  return ensemble.targets.push(target) - 1;
}

function addNode(
  ensemble: Ensemble,
  feature: number,
  mode: number,
  split: number,
  missingTrue: number,
): number {
  ensemble.feature.push(feature);
  ensemble.modes.push(mode);
  ensemble.splits.push(split);
  ensemble.missingTrue.push(missingTrue);
  ensemble.trueIsLeaf.push(0);
  ensemble.falseIsLeaf.push(0);
  ensemble.trueChild.push(0);
  return ensemble.falseChild.push(0) - 1;
}

/** A tree must have a node: one whose two leaves say the same. */
function addConstantTree(ensemble: Ensemble, target: number, value: number): void {
  const node = addNode(ensemble, 0, LEQ, 0, 0);
  ensemble.roots.push(node);
  ensemble.trueIsLeaf[node] = ensemble.falseIsLeaf[node] = 1;
  ensemble.trueChild[node] = addLeaf(ensemble, target, value);
  ensemble.falseChild[node] = addLeaf(ensemble, target, value);
}

function addTree(
  ensemble: Ensemble,
  learner: TreeLearner,
  root: number,
  target: number,
  valueAt: number,
  levels: (column: number) => number,
): void {
  const leafValue = (node: number) => learner.value[node * learner.valueWidth + valueAt]!;
  if (learner.feature[root]! < 0) {
    addConstantTree(ensemble, target, leafValue(root));
    return;
  }
  ensemble.roots.push(ensemble.feature.length);
  // Pre-order: where a child comes to stand is written into its parent.
  const stack: { node: number; link: (at: number) => void }[] = [{ node: root, link: () => {} }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, link } = next;
    const feature = learner.feature[node]!;
    const { mode, swapped } = addSplit(ensemble, learner, node, feature, levels);
    const at = ensemble.feature.length - 1;
    link(at);
    const [yes, no] = swapped ? [learner.right, learner.left] : [learner.left, learner.right];
    for (const [children, ids, leafs] of [
      [no, ensemble.falseChild, ensemble.falseIsLeaf],
      [yes, ensemble.trueChild, ensemble.trueIsLeaf],
    ] as const) {
      const child = children[node]!;
      if (learner.feature[child]! < 0) {
        ids[at] = addLeaf(ensemble, target, leafValue(child));
        leafs[at] = 1;
      } else {
        stack.push({
          node: child,
          link: (place) => {
            ids[at] = place;
          },
        });
      }
    }
    if (mode === MEMBER) ensemble.members.push(Number.NaN);
  }
}

/** Adds a split's node (and the members of its set); `swapped` when the smaller set was the right child's. */
function addSplit(
  ensemble: Ensemble,
  learner: TreeLearner,
  node: number,
  feature: number,
  levels: (column: number) => number,
): { mode: number; swapped: boolean } {
  const set = learner.set[node]!;
  const missingLeft = learner.missingLeft[node]!;
  if (set < 0) {
    addNode(ensemble, feature, LEQ, learner.threshold[node]!, missingLeft);
    return { mode: LEQ, swapped: false };
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
  const swapped = right.length > 0 && right.length < left.length;
  const members = swapped || left.length === 0 ? right : left;
  for (const code of members) ensemble.members.push(graphCode(code, count));
  addNode(ensemble, feature, MEMBER, 0, 0);
  return { mode: MEMBER, swapped: members === right };
}
