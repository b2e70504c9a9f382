/** The best question to ask of a leaf, from its histograms. Sums are in whole units; `scale`s make them real. */
import type { ColumnBins } from "./bins.ts";
import { type LeafSums, type Split, type SplitLimits, score } from "./candidate.ts";
import { findCategorySplit } from "./categories.ts";

/**
 * Best split over `columns`; the first of equals. `cells` say where each column's bins begin. `counts` are exact rows by cell; without them rows
 * are judged from hessians (as LightGBM does), and the caller checks them after the split.
 */
export function findSplit(
  leaf: LeafSums,
  histogram: Float64Array,
  bins: readonly ColumnBins[],
  cells: Int32Array,
  columns: ArrayLike<number>,
  limits: SplitLimits,
  counts: Float64Array | null,
): Split | null {
  let best: Split | null = null;
  let beat = 0;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const own = bins[column]!;
    const found =
      own.kind === "numeric"
        ? findNumericSplit(
            leaf,
            histogram,
            column,
            cells[column]!,
            own.count,
            own.hasMissing,
            limits,
            counts,
            beat,
          )
        : findCategorySplit(leaf, histogram, column, cells[column]!, own, limits, counts, beat);
    if (found === null) continue;
    best = found;
    beat = found.gain;
  }
  return best;
}

/** Thresholds in order, missing to the right and (when there are any) to the left. Null unless above `beat`. */
function findNumericSplit(
  leaf: LeafSums,
  histogram: Float64Array,
  column: number,
  base: number,
  count: number,
  hasMissing: boolean,
  limits: SplitLimits,
  counts: Float64Array | null,
  beat: number,
): Split | null {
  const { gradient: G, hessian: H, rows } = leaf;
  const { l2, minRows, minHessian } = limits;
  const rowsPerHessian = H > 0 ? rows / H : 0;
  const parent = score(G, H, l2);
  const missingG = histogram[2 * (base + count)]!;
  const missingH = histogram[2 * (base + count) + 1]!;
  const missingRows = counts === null ? missingH * rowsPerHessian : counts[base + count]!;
  const anyMissing = hasMissing && (missingRows > 0 || missingG !== 0);
  let bestGain = Math.max(beat, 1e-10 * parent);
  let bestBin = -1;
  let bestG = 0;
  let bestH = 0;
  let bestMissingLeft = false;
  for (let pass = 0; pass < (anyMissing ? 2 : 1); pass++) {
    let g = pass === 1 ? missingG : 0;
    let h = pass === 1 ? missingH : 0;
    let n = pass === 1 ? missingRows : 0;
    // With missing rows on the right, "any value at all" is a question too.
    const last = anyMissing && pass === 0 ? count : count - 1;
    for (let b = 0; b < last; b++) {
      const at = 2 * (base + b);
      const hb = histogram[at + 1]!;
      g += histogram[at]!;
      h += hb;
      n += counts === null ? hb * rowsPerHessian : counts[base + b]!;
      if (n + 0.5 < minRows || h < minHessian) continue;
      const hr = H - h;
      if (rows - n + 0.5 < minRows || hr < minHessian) break;
      const gr = G - g;
      const gain = (g * g) / (h + l2) + (gr * gr) / (hr + l2) - parent;
      if (gain > bestGain) {
        bestGain = gain;
        bestBin = b;
        bestG = g;
        bestH = h;
        bestMissingLeft = pass === 1;
      }
    }
  }
  if (bestBin < 0) return null;
  // Never missing here: such rows, should they come, follow the larger side.
  const missingLeft = anyMissing ? bestMissingLeft : bestH * 2 >= H;
  return {
    column,
    gain: bestGain,
    bin: bestBin,
    set: null,
    missingLeft,
    leftGradient: bestG,
    leftHessian: bestH,
  };
}
