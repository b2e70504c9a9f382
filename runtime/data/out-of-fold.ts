/** Target encoding: smoothed means of the label, for serving and, without a row's own label, for training. */
import type { OutOfFold } from "./transform.ts";

export interface TargetMeans {
  /** The label's mean over all rows: what missing and unknown values get. */
  readonly overall: number;
  readonly byLevel: ReadonlyMap<string, number>;
}

interface Sums {
  total: number;
  rows: number;
}

/**
 * For each value (sum of labels + smoothing × overall mean) / (rows + smoothing) (Micci-Barreca 2001).
 * @param keep Which rows count; all when not given.
 */
export function targetMeans(
  values: readonly (string | null)[],
  label: Float64Array,
  smoothing: number,
  keep: (row: number) => boolean = () => true,
): TargetMeans {
  const sums = new Map<string, Sums>();
  const all: Sums = { total: 0, rows: 0 };
  values.forEach((value, row) => {
    if (!keep(row)) return;
    all.total += label[row]!;
    all.rows += 1;
    if (value === null) return;
    const sum = sums.get(value) ?? { total: 0, rows: 0 };
    sum.total += label[row]!;
    sum.rows += 1;
    sums.set(value, sum);
  });
  const overall = all.rows > 0 ? all.total / all.rows : 0;
  const byLevel = new Map<string, number>();
  for (const [value, sum] of sums) {
    byLevel.set(value, (sum.total + smoothing * overall) / (sum.rows + smoothing));
  }
  return { overall, byLevel };
}

/** Each row's value from the means of the rows in other folds. */
export function outOfFoldValues(
  values: readonly (string | null)[],
  label: Float64Array,
  rowIds: Float64Array,
  { folds, smoothing }: Pick<OutOfFold, "folds" | "smoothing">,
): Float64Array {
  const foldOf = Int32Array.from(rowIds, (id) => mix(id) % folds);
  const encoded = new Float64Array(values.length);
  for (let fold = 0; fold < folds; fold++) {
    const means = targetMeans(values, label, smoothing, (row) => foldOf[row] !== fold);
    values.forEach((value, row) => {
      if (foldOf[row] !== fold) return;
      encoded[row] = (value === null ? undefined : means.byLevel.get(value)) ?? means.overall;
    });
  }
  return encoded;
}

/** A 32-bit integer hash (Murmur3's finalizer), so that a pattern in the file's order is none in the folds. */
function mix(id: number): number {
  let h = (id ^ (id / 4294967296)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
