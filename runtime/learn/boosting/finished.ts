/** A grown tree, ready to be walked by bins, or put in terms of category codes. */
import type { CategoryBins, ColumnBins } from "./bins.ts";
import { BINS } from "./bins.ts";
import type { GrownNode } from "./grow.ts";
import { type Shared, TREE_STRIDE } from "./shared.ts";

/** Category codes whose bin is in `set`, ascending; rare levels go where their shared bin goes. */
export function codesOf(bins: CategoryBins, set: Uint32Array): number[] {
  const codes: number[] = [];
  bins.binOf.forEach((bin, code) => {
    if ((set[bin >> 5]! >>> (bin & 31)) & 1) codes.push(code);
  });
  return codes;
}

/** Puts the tree where every thread can walk it by bins. */
export function writeBinnedTree(
  shared: Shared,
  nodes: readonly GrownNode[],
  bins: readonly ColumnBins[],
): void {
  const { tree, treeSets } = shared;
  let words = 0;
  nodes.forEach((node, i) => {
    const at = i * TREE_STRIDE;
    if (node.split === null) {
      tree[at] = -1;
      return;
    }
    const { column, bin, set, missingLeft } = node.split;
    tree[at] = column;
    tree[at + 1] = bin;
    tree[at + 2] = set === null ? -1 : words;
    tree[at + 3] = bins[column]!.count;
    tree[at + 4] = missingLeft ? 1 : 0;
    tree[at + 5] = node.left;
    tree[at + 6] = node.right;
    if (set !== null) {
      treeSets.set(set, words);
      words += BINS / 32;
    }
  });
}
