/** One tree, grown leaf by leaf: always the leaf whose split saves most (Shi 2007; LightGBM). */
import { BINS, type ColumnBins } from "./bins.ts";
import type { Split, SplitLimits } from "./candidate.ts";
import { mergeHistograms, subtractHistogram } from "./histogram.ts";
import { CHUNK, NUMBER, OP, WORD } from "./shared.ts";
import { findSplit } from "./split.ts";
import type { Team } from "./team.ts";

export interface GrowOptions {
  readonly depth: number;
  readonly leaves: number;
  readonly min_rows: number;
  readonly l2: number;
}

/** A node of a grown tree; leaves have no split. */
export interface GrownNode {
  readonly start: number;
  readonly count: number;
  split: Split | null;
  left: number;
  right: number;
}

interface Leaf {
  readonly node: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
  histogram: Float64Array | null;
  split: Split | null;
}

/** Least hessian of a leaf (LightGBM's min_sum_hessian_in_leaf). */
const MIN_HESSIAN = 1e-3;

export class Grower {
  private readonly team: Team;
  private readonly bins: readonly ColumnBins[];
  private readonly options: GrowOptions;
  private readonly free: Float64Array[] = [];

  constructor(team: Team, bins: readonly ColumnBins[], options: GrowOptions) {
    this.team = team;
    this.bins = bins;
    this.options = options;
  }

  /** Grows a tree over rowIds[0 … rows), asking only about `columns`; node 0 is the root. */
  grow(rows: number, columns: ArrayLike<number>): GrownNode[] {
    const limits = this.limits();
    const nodes: GrownNode[] = [{ start: 0, count: rows, split: null, left: -1, right: -1 }];
    this.team.rows(OP.histogram, 0, rows);
    const histogram = this.take();
    mergeHistograms(this.team.shared, histogram);
    const root: Leaf = {
      node: 0,
      depth: 0,
      ...sumsOf(histogram, this.bins[0]!.count + 1),
      histogram,
      split: null,
    };
    this.choose(root, nodes, columns, limits, false);
    const leaves = [root];
    while (leaves.length < this.options.leaves) {
      let best = -1;
      for (let i = 0; i < leaves.length; i++) {
        if (leaves[i]!.split !== null && (best < 0 || leaves[i]!.split!.gain > leaves[best]!.split!.gain))
          best = i;
      }
      if (best < 0) break;
      const leaf = leaves[best]!;
      const leftRows = this.classify(nodes[leaf.node]!, leaf.split!);
      if (Math.min(leftRows, nodes[leaf.node]!.count - leftRows) < this.options.min_rows) {
        this.choose(leaf, nodes, columns, limits, true);
        continue;
      }
      const last = leaves.length + 1 === this.options.leaves;
      const [left, right] = this.divide(leaf, nodes, leftRows, last);
      for (const child of [left, right]) this.choose(child, nodes, columns, limits, false);
      leaves[best] = left;
      leaves.push(right);
    }
    for (const leaf of leaves) this.give(leaf);
    return nodes;
  }

  private limits(): SplitLimits {
    const scale = this.team.shared.numbers[NUMBER.hessianScale]!;
    return {
      minRows: this.options.min_rows,
      l2: this.options.l2 / scale,
      minHessian: MIN_HESSIAN / scale,
      one: 1 / scale,
    };
  }

  private canSplit(depth: number, rows: number): boolean {
    return depth < this.options.depth && rows >= 2 * this.options.min_rows;
  }

  /** Finds the leaf's best split, with rows counted one by one when `exact`. */
  private choose(
    leaf: Leaf,
    nodes: GrownNode[],
    columns: ArrayLike<number>,
    limits: SplitLimits,
    exact: boolean,
  ) {
    const { count, start } = nodes[leaf.node]!;
    leaf.split = null;
    if (leaf.histogram === null || !this.canSplit(leaf.depth, count)) return this.give(leaf);
    const sums = { rows: count, gradient: leaf.gradient, hessian: leaf.hessian };
    const counts = exact ? this.countRows(start, count) : null;
    leaf.split = findSplit(sums, leaf.histogram, this.bins, this.team.shared.cells, columns, limits, counts);
    if (leaf.split === null) this.give(leaf);
  }

  /** Sorts the leaf's rows into scratch by side; how many go left. */
  private classify(node: GrownNode, split: Split): number {
    const { control, goesRight, leftCounts, leftStarts } = this.team.shared;
    control[WORD.group] = split.column >> 2;
    control[WORD.shift] = (split.column & 3) << 3;
    for (let bin = 0; bin < BINS; bin++) {
      goesRight[bin] = (split.set === null ? bin > split.bin : !inSet(split.set, bin)) ? 1 : 0;
    }
    goesRight[this.bins[split.column]!.count] = split.missingLeft ? 0 : 1;
    this.team.rows(OP.classify, node.start, node.count);
    let left = 0;
    for (let c = 0; c < Math.ceil(node.count / CHUNK); c++) {
      leftStarts[c] = left;
      left += leftCounts[c]!;
    }
    return left;
  }

  /** Makes the leaf two, with histograms where they may be split again: the smaller counted, the larger by difference. */
  private divide(leaf: Leaf, nodes: GrownNode[], leftRows: number, last: boolean): [Leaf, Leaf] {
    const { control } = this.team.shared;
    const node = nodes[leaf.node]!;
    const split = leaf.split!;
    const rightRows = node.count - leftRows;
    const depth = leaf.depth + 1;
    const wanted = !last && this.canSplit(depth, Math.max(leftRows, rightRows));
    const leftSmaller = leftRows <= rightRows;
    control[WORD.rightStart] = node.start + leftRows;
    control[WORD.histogramOf] = wanted ? (leftSmaller ? 0 : 1) : -1;
    this.team.rows(OP.spread, node.start, node.count);
    let smaller: Float64Array | null = null;
    let larger: Float64Array | null = null;
    if (wanted) {
      smaller = this.take();
      mergeHistograms(this.team.shared, smaller);
      larger = leaf.histogram!;
      leaf.histogram = null;
      subtractHistogram(larger, smaller);
    } else {
      this.give(leaf);
    }
    node.split = split;
    node.left = nodes.push({ start: node.start, count: leftRows, split: null, left: -1, right: -1 }) - 1;
    node.right =
      nodes.push({ start: node.start + leftRows, count: rightRows, split: null, left: -1, right: -1 }) - 1;
    const { leftGradient, leftHessian } = split;
    return [
      {
        node: node.left,
        depth,
        gradient: leftGradient,
        hessian: leftHessian,
        histogram: leftSmaller ? smaller : larger,
        split: null,
      },
      {
        node: node.right,
        depth,
        gradient: leaf.gradient - leftGradient,
        hessian: leaf.hessian - leftHessian,
        histogram: leftSmaller ? larger : smaller,
        split: null,
      },
    ];
  }

  /** Rows by column and bin; needed only where judging them from hessians went wrong. */
  private countRows(start: number, count: number): Float64Array {
    const { groups, rowIds, cells } = this.team.shared;
    const counts = new Float64Array(cells[cells.length - 1]!);
    for (let c = 0; c < this.bins.length; c++) {
      const words = groups[c >> 2]!;
      const shift = (c & 3) << 3;
      for (let i = start; i < start + count; i++)
        counts[cells[c]! + ((words[rowIds[i]!]! >>> shift) & 255)]! += 1;
    }
    return counts;
  }

  private take(): Float64Array {
    return this.free.pop() ?? new Float64Array(this.team.shared.cells.at(-1)! * 2);
  }

  private give(leaf: Leaf): void {
    if (leaf.histogram !== null) this.free.push(leaf.histogram);
    leaf.histogram = null;
  }
}

const inSet = (set: Uint32Array, bin: number): boolean => ((set[bin >> 5]! >>> (bin & 31)) & 1) === 1;

/** Every row is in exactly one bin of the first column. */
function sumsOf(histogram: Float64Array, bins: number): { gradient: number; hessian: number } {
  let gradient = 0;
  let hessian = 0;
  for (let bin = 0; bin < bins; bin++) {
    gradient += histogram[2 * bin]!;
    hessian += histogram[2 * bin + 1]!;
  }
  return { gradient, hessian };
}
