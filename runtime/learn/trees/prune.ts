/** Cost-complexity pruning (Breiman et al. 1984, ch. 3): the weakest links go first. */
import type { CartNode } from "./cart.ts";

/**
 * Makes leaves of nodes whose subtree lowers the loss by no more than `alpha` a leaf, weakest first. Losses are
 * shares of the root's weight (scikit-learn's `ccp_alpha`); `scale` turns node losses into the impurity meant
 * (2 for two classes in one channel, whose Gini impurity is twice the variance).
 */
export function prune(nodes: readonly CartNode[], alpha: number, scale: number): void {
  if (alpha <= 0) return;
  const total = nodes[0]!.weight;
  for (;;) {
    const weakest = weakestLink(nodes, scale / total);
    if (weakest === null || weakest.price > alpha) return;
    nodes[weakest.node]!.split = null;
  }
}

function weakestLink(nodes: readonly CartNode[], unit: number): { node: number; price: number } | null {
  const losses = new Float64Array(nodes.length);
  const leaves = new Int32Array(nodes.length);
  const reached = new Uint8Array(nodes.length);
  reached[0] = 1;
  nodes.forEach((node, i) => {
    if (reached[i] !== 1 || node.split === null) return;
    reached[node.left] = 1;
    reached[node.right] = 1;
  });
  let best: { node: number; price: number } | null = null;
  // Children stand after their parents, so going backwards sees them first.
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (reached[i] !== 1) continue;
    const node = nodes[i]!;
    if (node.split === null) {
      losses[i] = node.loss * unit;
      leaves[i] = 1;
      continue;
    }
    losses[i] = losses[node.left]! + losses[node.right]!;
    leaves[i] = leaves[node.left]! + leaves[node.right]!;
    const price = (node.loss * unit - losses[i]!) / (leaves[i]! - 1);
    if (best === null || price < best.price) best = { node: i, price };
  }
  return best;
}
