/** Sums of gradient and hessian by column and bin. */
import { BINS, LANES } from "./bins.ts";
import { CHUNK, PACK, PACK_ROWS, paddedColumns, type Shared } from "./shared.ts";

/** One thread's sums: packed ones, quick to add to, emptied into wide ones before they could overflow. */
export class HistogramBuffer {
  private readonly shared: Shared;
  private readonly thread: number;
  /** Made with the first rows: how many cells there are is known once the columns are binned. */
  private packedSums = new Float64Array(0);
  private readonly gathered = new Float64Array(CHUNK);
  private readonly wide: Float64Array;
  private held = 0;

  constructor(shared: Shared, thread: number) {
    this.shared = shared;
    this.thread = thread;
    this.wide = threadSums(shared, thread);
  }

  /** Adds the rows ids[from … to), at most a chunk of them. */
  add(ids: Int32Array, from: number, to: number): void {
    if (to <= from) return;
    if (this.held + to - from > PACK_ROWS) this.flush();
    const { packed, groups, cells } = this.shared;
    if (this.packedSums.length === 0) this.packedSums = new Float64Array(cells[cells.length - 1]!);
    const { gathered, packedSums } = this;
    for (let i = from; i < to; i++) gathered[i - from] = packed[ids[i]!]!;
    for (let k = 0; k < groups.length; k++)
      addGroup(groups[k]!, ids, from, to, gathered, packedSums, cells, k);
    this.held += to - from;
  }

  /** Empties the packed sums into the shared, wide ones. */
  flush(): void {
    if (this.held === 0) return;
    const { packedSums, wide } = this;
    for (let i = 0; i < packedSums.length; i++) {
      const sum = packedSums[i]!;
      if (sum === 0) continue;
      const gradient = Math.floor(sum / PACK);
      wide[2 * i]! += gradient;
      wide[2 * i + 1]! += sum - gradient * PACK;
      packedSums[i] = 0;
    }
    this.held = 0;
    this.shared.touched[this.thread] = 1;
  }
}

/** A thread's part of the shared sums. */
function threadSums(shared: Shared, thread: number): Float64Array {
  const room = paddedColumns(shared.columns) * BINS * 2;
  return shared.histograms.subarray(thread * room, (thread + 1) * room);
}

/** Four columns at a time: one word and one packed double feed four independent sums. */
function addGroup(
  words: Int32Array,
  ids: Int32Array,
  from: number,
  to: number,
  gathered: Float64Array,
  sums: Float64Array,
  cells: Int32Array,
  group: number,
): void {
  const first = cells[group * LANES]!;
  const second = cells[group * LANES + 1]!;
  const third = cells[group * LANES + 2]!;
  const fourth = cells[group * LANES + 3]!;
  for (let i = from, j = 0; i < to; i++, j++) {
    const word = words[ids[i]!]!;
    const value = gathered[j]!;
    sums[first + (word & 255)]! += value;
    sums[second + ((word >>> 8) & 255)]! += value;
    sums[third + ((word >>> 16) & 255)]! += value;
    sums[fourth + (word >>> 24)]! += value;
  }
}

/** Adds up what the threads have into `into` and leaves their sums empty. */
export function mergeHistograms(shared: Shared, into: Float64Array): void {
  const cells = into.length;
  let written = false;
  for (let t = 0; t < shared.threads; t++) {
    if (shared.touched[t] !== 1) continue;
    shared.touched[t] = 0;
    const sums = threadSums(shared, t).subarray(0, cells);
    if (written) for (let i = 0; i < cells; i++) into[i]! += sums[i]!;
    else into.set(sums);
    written = true;
    sums.fill(0);
  }
  if (!written) into.fill(0);
}

/** larger = parent − smaller, in the parent's memory. */
export function subtractHistogram(parent: Float64Array, smaller: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= smaller[i]!;
}
