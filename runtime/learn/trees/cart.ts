/** Classification and regression trees, grown to the end by exact splits (Breiman et al. 1984). */
import type { Random } from "../random.ts";
import { bestSplit, type ExactSplit, type NodeSums, worth } from "./best-split.ts";
import { Groups, type Labels } from "./groups.ts";
import type { RankedColumn } from "./ranks.ts";

export interface CartOptions {
  /** Levels of questions at most. */
  readonly depth: number;
  /** Rows that a leaf holds at least. */
  readonly minRows: number;
  /** Columns tried at each node; all when not less than there are. */
  readonly tries: number;
}

export interface CartNode {
  readonly weight: number;
  /** [channels] */
  readonly sums: Float64Array;
  /** Loss of the node as a leaf: Gini impurity × weight, or the squared error. */
  readonly loss: number;
  split: ExactSplit | null;
  left: number;
  right: number;
}

/** Grows trees over one set of columns and labels; its memory is reused from tree to tree. */
export class Cart {
  private readonly columns: readonly RankedColumn[];
  private readonly labels: Labels;
  private readonly options: CartOptions;
  private readonly groups: Groups;
  private readonly scratch: Int32Array;
  private readonly order: Int32Array;

  constructor(columns: readonly RankedColumn[], labels: Labels, options: CartOptions) {
    const rows = labels.y.length;
    const largest = columns.reduce((most, column) => Math.max(most, column.size), 1);
    this.columns = columns;
    this.labels = labels;
    this.options = options;
    this.groups = new Groups(rows, largest, labels.channels);
    this.scratch = new Int32Array(rows);
    this.order = Int32Array.from({ length: columns.length }, (_, i) => i);
  }

  /** A tree over the rows `ids` (reordered in place), weighted; node 0 is the root, a left child follows its parent. */
  grow(ids: Int32Array, weights: Float64Array, source: Random | null): CartNode[] {
    this.order.forEach((_, i) => {
      this.order[i] = i;
    });
    const nodes: CartNode[] = [this.node(ids, weights, 0, ids.length)];
    const open = [{ node: 0, from: 0, to: ids.length, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, from, to, depth } = next;
      if (depth >= this.options.depth || to - from < 2 * this.options.minRows) continue;
      const own = nodes[node]!;
      if (own.loss <= 1e-12 * Math.max(1, own.weight)) continue;
      const split = this.choose({ ...own, rows: to - from }, ids, weights, from, to, source);
      if (split === null) continue;
      const middle = this.partition(split, ids, from, to);
      own.split = split;
      own.left = nodes.push(this.node(ids, weights, from, middle)) - 1;
      own.right = nodes.push(this.node(ids, weights, middle, to)) - 1;
      open.push({ node: own.right, from: middle, to, depth: depth + 1 });
      open.push({ node: own.left, from, to: middle, depth: depth + 1 });
    }
    return nodes;
  }

  private node(ids: Int32Array, weights: Float64Array, from: number, to: number): CartNode {
    const { channels, y } = this.labels;
    const sums = new Float64Array(channels);
    let weight = 0;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const w = weights[ids[i]!]!;
      const value = y[ids[i]!]!;
      weight += w;
      if (channels === 1) {
        sums[0]! += w * value;
        squares += w * value * value;
      } else {
        sums[value]! += w;
      }
    }
    const loss = Math.max(0, (channels === 1 ? squares : weight) - worth(weight, sums));
    return { weight, sums, loss, split: null, left: -1, right: -1 };
  }

  /** The best of the columns tried; tries on while none can be split (a constant column is no try). */
  private choose(
    node: NodeSums,
    ids: Int32Array,
    weights: Float64Array,
    from: number,
    to: number,
    source: Random | null,
  ): ExactSplit | null {
    const { order, columns, options, groups } = this;
    let best: ExactSplit | null = null;
    for (let tried = 0; tried < columns.length && (tried < options.tries || best === null); tried++) {
      if (source !== null) {
        const other = tried + source.int(columns.length - tried);
        const swap = order[tried]!;
        order[tried] = order[other]!;
        order[other] = swap;
      }
      const at = order[tried]!;
      groups.fill(columns[at]!, this.labels, weights, ids, from, to);
      const found = bestSplit(groups, node, columns[at]!, at, options.minRows);
      if (found !== null && (best === null || found.gain > best.gain)) best = found;
    }
    return best;
  }

  /** Puts the rows that go left first, keeping their order; where the others begin. */
  private partition(split: ExactSplit, ids: Int32Array, from: number, to: number): number {
    const { ranks, size } = this.columns[split.column]!;
    const inLeft = new Uint8Array(split.codes === null ? 0 : size);
    if (split.codes !== null) for (const code of split.codes) inLeft[code] = 1;
    let left = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      const row = ids[i]!;
      const rank = ranks[row]!;
      const goesLeft =
        rank < 0 ? split.missingLeft : split.codes === null ? rank <= split.rank : inLeft[rank] === 1;
      if (goesLeft) ids[left++] = row;
      else this.scratch[right++] = row;
    }
    ids.set(this.scratch.subarray(0, right), left);
    return left;
  }
}
