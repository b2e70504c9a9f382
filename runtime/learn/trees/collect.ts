/** From grown CART nodes to the portable form. */
import type { Link } from "../../portable/form.ts";
import { type ClassWeights, classWeightsOf } from "../fit.ts";
import type { Target } from "../frame.ts";
import type { CartNode } from "./cart.ts";
import type { Labels } from "./groups.ts";
import type { TreeList } from "./list.ts";

/** Two classes are learnt as the numbers 0 and 1: the same splits, half the work. */
export const labelsOf = (target: Target): Labels => ({
  channels: target.classes.length > 2 ? target.classes.length : 1,
  y: target.values,
});

/** [rows] weight of each row. */
export function rowWeightsOf(target: Target, mode: ClassWeights): Float64Array {
  if (target.task === "regression") return new Float64Array(target.values.length).fill(1);
  const weights = classWeightsOf(target, mode);
  return target.values.map((y) => weights[y]!);
}

export const outputsOf = (target: Target): number => Math.max(1, target.classes.length);
export const linkOf = (target: Target): Link => (target.task === "regression" ? "identity" : "probabilities");

/** Adds the nodes that pruning left as one tree, leaf values times `share` (1 / trees of a forest). */
export function addTree(list: TreeList, nodes: readonly CartNode[], share: number): void {
  list.startTree(list.valueWidth > 1 ? -1 : 0);
  const place = (at: number): number => {
    const node = nodes[at]!;
    const own = list.addNode(node.weight, leafValues(node, list.valueWidth, share));
    if (node.split === null) return own;
    const { column, threshold, codes, missingLeft, gain } = node.split;
    const left = place(node.left);
    const right = place(node.right);
    list.split(own, { feature: column, threshold, codes, missingLeft, gain: Math.max(0, gain) }, left, right);
    return own;
  };
  place(0);
}

/** Class shares, or the mean. */
function leafValues(node: CartNode, width: number, share: number): number[] {
  const { sums, weight } = node;
  if (width === 1) return [(share * sums[0]!) / weight];
  if (sums.length === 1) return [share * (1 - sums[0]! / weight), (share * sums[0]!) / weight];
  return Array.from(sums, (sum) => (share * sum) / weight);
}
