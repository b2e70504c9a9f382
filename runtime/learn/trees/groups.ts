/** A node's rows summed by rank: what a split of that column is judged from. */
import type { RankedColumn } from "./ranks.ts";

/**
 * What rows sum to. `channels` is 1 for regression and two classes (Σ w·y, y being 0 or 1), else the number of
 * classes (Σ w of each). A side of a split is worth Σ S² / W: the more, the purer.
 */
export interface Labels {
  readonly channels: number;
  /** [rows] value, or class index */
  readonly y: Float64Array;
}

/** Sums by rank, ascending; reused from node to node. */
export class Groups {
  readonly channels: number;
  count = 0;
  readonly rank: Int32Array;
  readonly rows: Float64Array;
  readonly weight: Float64Array;
  /** [groups × channels] */
  readonly sums: Float64Array;
  missingRows = 0;
  missingWeight = 0;
  readonly missingSums: Float64Array;
  private readonly keys: Float64Array;
  private readonly byRank: { rows: Float64Array; weight: Float64Array; sums: Float64Array };

  constructor(rows: number, sizes: number, channels: number) {
    const groups = Math.min(Math.max(rows, 1), Math.max(sizes, 1));
    this.channels = channels;
    this.rank = new Int32Array(groups);
    this.rows = new Float64Array(groups);
    this.weight = new Float64Array(groups);
    this.sums = new Float64Array(groups * channels);
    this.missingSums = new Float64Array(channels);
    this.keys = new Float64Array(rows);
    this.byRank = {
      rows: new Float64Array(sizes),
      weight: new Float64Array(sizes),
      sums: new Float64Array(sizes * channels),
    };
  }

  /** Fills from rows ids[from … to): by counting where ranks are few beside rows, else by sorting. */
  fill(
    column: RankedColumn,
    labels: Labels,
    weights: Float64Array,
    ids: Int32Array,
    from: number,
    to: number,
  ): void {
    this.count = 0;
    this.missingRows = 0;
    this.missingWeight = 0;
    this.missingSums.fill(0);
    if (column.size <= 4 * (to - from)) this.countRanks(column, labels, weights, ids, from, to);
    else this.sortRanks(column, labels, weights, ids, from, to);
  }

  private countRanks(
    column: RankedColumn,
    labels: Labels,
    weights: Float64Array,
    ids: Int32Array,
    from: number,
    to: number,
  ) {
    const { byRank, channels } = this;
    const { y } = labels;
    for (let i = from; i < to; i++) {
      const row = ids[i]!;
      const rank = column.ranks[row]!;
      const w = weights[row]!;
      if (rank < 0) {
        this.addMissing(labels, row, w);
        continue;
      }
      byRank.rows[rank]! += 1;
      byRank.weight[rank]! += w;
      if (channels === 1) byRank.sums[rank]! += w * y[row]!;
      else byRank.sums[rank * channels + y[row]!]! += w;
    }
    for (let rank = 0; rank < column.size; rank++) {
      if (byRank.rows[rank] === 0) continue;
      const g = this.count++;
      this.rank[g] = rank;
      this.rows[g] = byRank.rows[rank]!;
      this.weight[g] = byRank.weight[rank]!;
      byRank.rows[rank] = 0;
      byRank.weight[rank] = 0;
      for (let k = 0; k < channels; k++) {
        this.sums[g * channels + k] = byRank.sums[rank * channels + k]!;
        byRank.sums[rank * channels + k] = 0;
      }
    }
  }

  private sortRanks(
    column: RankedColumn,
    labels: Labels,
    weights: Float64Array,
    ids: Int32Array,
    from: number,
    to: number,
  ) {
    const { keys, channels } = this;
    const { y } = labels;
    let kept = 0;
    for (let i = from; i < to; i++) {
      const rank = column.ranks[ids[i]!]!;
      if (rank < 0) this.addMissing(labels, ids[i]!, weights[ids[i]!]!);
      else keys[kept++] = rank * PLACES + i;
    }
    sortNumbers(keys, kept);
    let last = -1;
    let g = -1;
    for (let i = 0; i < kept; i++) {
      const rank = Math.floor(keys[i]! / PLACES);
      const row = ids[keys[i]! - rank * PLACES]!;
      if (rank !== last) {
        g++;
        last = rank;
        this.rank[g] = rank;
        this.rows[g] = 0;
        this.weight[g] = 0;
        for (let k = 0; k < channels; k++) this.sums[g * channels + k] = 0;
      }
      const w = weights[row]!;
      this.rows[g]! += 1;
      this.weight[g]! += w;
      if (channels === 1) this.sums[g]! += w * y[row]!;
      else this.sums[g * channels + y[row]!]! += w;
    }
    this.count = g + 1;
  }

  private addMissing(labels: Labels, row: number, w: number): void {
    this.missingRows++;
    this.missingWeight += w;
    if (this.channels === 1) this.missingSums[0]! += w * labels.y[row]!;
    else this.missingSums[labels.y[row]!]! += w;
  }
}

/** A rank and a place in one double: both below 2^26. */
const PLACES = 2 ** 26;
const SHORT = 32;

/** Sorts keys[0 … count); short ones without the call into the engine's own sort. */
function sortNumbers(keys: Float64Array, count: number): void {
  if (count > SHORT) {
    keys.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const key = keys[i]!;
    let j = i - 1;
    while (j >= 0 && keys[j]! > key) {
      keys[j + 1] = keys[j]!;
      j--;
    }
    keys[j + 1] = key;
  }
}
