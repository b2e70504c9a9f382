/** Columns as ranks: equal values share a number, so that exact splits need only whole numbers. */
import { columnCount, columnsOf } from "../columns.ts";
import type { Frame } from "../frame.ts";

export interface RankedColumn {
  readonly kind: "numeric" | "category";
  /** [rows] place among `distinct` (numeric) or the code (category); −1 is missing. Shared memory. */
  readonly ranks: Int32Array;
  /** Numeric: [ranks] the values, ascending. Category: empty. */
  readonly distinct: Float64Array;
  /** How many ranks there are. */
  readonly size: number;
}

export function rankColumns(frame: Frame): RankedColumn[] {
  const ranked: RankedColumn[] = [];
  for (const column of columnsOf(frame)) {
    const ranks = new Int32Array(new SharedArrayBuffer(frame.rows * Int32Array.BYTES_PER_ELEMENT));
    if (column.kind === "category") {
      ranks.set(column.codes);
      ranked.push({ kind: "category", ranks, distinct: new Float64Array(0), size: column.levels.length });
    } else {
      const distinct = rankNumbers(column.values, ranks);
      ranked.push({ kind: "numeric", ranks, distinct, size: distinct.length });
    }
  }
  if (ranked.length !== columnCount(frame)) throw new RangeError("a frame changed while it was ranked");
  return ranked;
}

/** Fills `ranks` and returns the distinct values. */
function rankNumbers(values: Float64Array, ranks: Int32Array): Float64Array {
  const sorted = values.filter((x) => !Number.isNaN(x)).sort();
  let size = 0;
  for (let i = 0; i < sorted.length; i++) {
    // −0 and 0 are one value: `x ≤ threshold` cannot tell them apart.
    if (size === 0 || sorted[i]! !== sorted[size - 1]!) sorted[size++] = sorted[i]!;
  }
  const distinct = sorted.slice(0, size);
  for (let row = 0; row < values.length; row++) {
    const x = values[row]!;
    ranks[row] = !Number.isNaN(x) ? rankOf(distinct, x) : -1;
  }
  return distinct;
}

function rankOf(distinct: Float64Array, x: number): number {
  let low = 0;
  let high = distinct.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (distinct[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
