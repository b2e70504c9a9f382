/** The best exact split of one column at one node. */
import { midpoint } from "../boosting/edges.ts";
import type { Groups } from "./groups.ts";
import type { RankedColumn } from "./ranks.ts";

export interface NodeSums {
  readonly rows: number;
  readonly weight: number;
  /** [channels] */
  readonly sums: Float64Array;
}

export interface ExactSplit {
  readonly column: number;
  /** Σ S²/W of both sides less that of the node. */
  readonly gain: number;
  /** Numeric: x ≤ threshold goes left. */
  readonly threshold: number;
  /** Numeric: ranks up to this go left. */
  readonly rank: number;
  /** Category: codes that go left, ascending; null for numbers. */
  readonly codes: readonly number[] | null;
  readonly missingLeft: boolean;
}

export const worth = (weight: number, sums: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < sums.length; k++) sum += sums[k]! ** 2;
  return weight > 0 ? sum / weight : 0;
};

/** Best split of the column that `groups` was filled from; null when no cut leaves `minRows` on both sides. */
export function bestSplit(
  groups: Groups,
  node: NodeSums,
  column: RankedColumn,
  at: number,
  minRows: number,
): ExactSplit | null {
  return column.kind === "numeric"
    ? numericSplit(groups, node, column, at, minRows)
    : categorySplit(groups, node, at, minRows);
}

interface Cut {
  readonly gain: number;
  /** Groups of the order that go left. */
  readonly groups: number;
  readonly leftWeight: number;
}

/** Best cut of groups taken in `order` (null: as they stand), `start` being on the left from the beginning. */
function bestCut(
  groups: GroupSums,
  node: NodeSums,
  order: Int32Array | null,
  start: { rows: number; weight: number; sums: Float64Array } | null,
  last: number,
  minRows: number,
): Cut | null {
  const { channels } = groups;
  const parent = worth(node.weight, node.sums);
  const left = start === null ? new Float64Array(channels) : start.sums.slice();
  let rows = start?.rows ?? 0;
  let weight = start?.weight ?? 0;
  let best: Cut | null = null;
  for (let i = 0; i < last; i++) {
    const g = order === null ? i : order[i]!;
    rows += groups.rows[g]!;
    weight += groups.weight[g]!;
    for (let k = 0; k < channels; k++) left[k]! += groups.sums[g * channels + k]!;
    if (rows < minRows) continue;
    if (node.rows - rows < minRows) break;
    let l = 0;
    let r = 0;
    for (let k = 0; k < channels; k++) {
      l += left[k]! * left[k]!;
      r += (node.sums[k]! - left[k]!) * (node.sums[k]! - left[k]!);
    }
    const other = node.weight - weight;
    if (!(weight > 0) || !(other > 0)) continue;
    const gain = l / weight + r / other - parent;
    if (best === null || gain > best.gain) best = { gain, groups: i + 1, leftWeight: weight };
  }
  return best;
}

function numericSplit(
  groups: Groups,
  node: NodeSums,
  column: RankedColumn,
  at: number,
  minRows: number,
): ExactSplit | null {
  const { count } = groups;
  const anyMissing = groups.missingRows > 0;
  // With missing rows on the right, "any value at all" is a cut too.
  const right = bestCut(groups, node, null, null, anyMissing ? count : count - 1, minRows);
  const start = { rows: groups.missingRows, weight: groups.missingWeight, sums: groups.missingSums };
  const left = anyMissing ? bestCut(groups, node, null, start, count - 1, minRows) : null;
  const missingBetterLeft = left !== null && (right === null || left.gain > right.gain);
  const cut = missingBetterLeft ? left : right;
  if (cut === null) return null;
  const rank = groups.rank[cut.groups - 1]!;
  const threshold =
    cut.groups < count
      ? midpoint(column.distinct[rank]!, column.distinct[groups.rank[cut.groups]!]!)
      : Number.MAX_VALUE;
  // Without missing rows here, such rows, should they come, follow the heavier side.
  const missingLeft = anyMissing ? missingBetterLeft : 2 * cut.leftWeight >= node.weight;
  return { column: at, gain: cut.gain, threshold, rank, codes: null, missingLeft };
}

/**
 * Categories in the order of their mean (exact for two classes and squared error: Fisher 1958); with more classes
 * in the order of each class's share in turn. Missing is one more category.
 */
function categorySplit(groups: Groups, node: NodeSums, at: number, minRows: number): ExactSplit | null {
  const all = withMissing(groups);
  const { channels } = groups;
  let best: { cut: Cut; order: Int32Array } | null = null;
  for (let k = 0; k < channels; k++) {
    const mean = (g: number) => all.sums[g * channels + k]! / all.weight[g]!;
    const order = Int32Array.from({ length: all.count }, (_, g) => g).sort(
      (a, b) => mean(a) - mean(b) || a - b,
    );
    const cut = bestCut(all, node, order, null, all.count - 1, minRows);
    if (cut !== null && (best === null || cut.gain > best.cut.gain)) best = { cut, order };
  }
  if (best === null) return null;
  const ranks = Array.from(best.order.subarray(0, best.cut.groups), (g) => all.rank[g]!);
  const missingLeft = groups.missingRows > 0 ? ranks.includes(-1) : 2 * best.cut.leftWeight >= node.weight;
  const codes = ranks.filter((rank) => rank >= 0).sort((a, b) => a - b);
  return { column: at, gain: best.cut.gain, threshold: 0, rank: -1, codes, missingLeft };
}

/** The sums of a node by group, without the memory that makes them. */
type GroupSums = Pick<Groups, "channels" | "count" | "rank" | "rows" | "weight" | "sums">;

function withMissing(groups: Groups): GroupSums {
  if (groups.missingRows === 0) return groups;
  const { channels, count } = groups;
  return {
    channels,
    count: count + 1,
    rank: Int32Array.of(...groups.rank.subarray(0, count), -1),
    rows: Float64Array.of(...groups.rows.subarray(0, count), groups.missingRows),
    weight: Float64Array.of(...groups.weight.subarray(0, count), groups.missingWeight),
    sums: Float64Array.of(...groups.sums.subarray(0, count * channels), ...groups.missingSums),
  };
}
