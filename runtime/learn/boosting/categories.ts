/** Which categories go left. */
import { BINS, type CategoryBins } from "./bins.ts";
import { type LeafSums, type Split, type SplitLimits, score } from "./candidate.ts";

/** Up to this many categories, one stands against the rest. */
const ONE_AGAINST_REST = 4;
/** Hessian added when categories are ordered by gradient / hessian, so that rare ones are not extreme. */
const SMOOTH = 10;
/** More penalty on leaves of many-category splits, which can fit anything. */
const EXTRA_L2 = 10;
/** Categories on the smaller side at most. */
const MOST = 32;
/** Rows between two places that are tried. */
const GROUP_ROWS = 100;

/**
 * With few categories one against the rest, else the best cut of the order by gradient / hessian, from both ends
 * (Fisher 1958; the limits are LightGBM's). Missing is one more category; ones without rows here go right.
 */
export function findCategorySplit(
  leaf: LeafSums,
  histogram: Float64Array,
  column: number,
  base: number,
  bins: CategoryBins,
  limits: SplitLimits,
  counts: Float64Array | null,
  beat: number,
): Split | null {
  const rowsPerHessian = leaf.hessian > 0 ? leaf.rows / leaf.hessian : 0;
  const seen: Category[] = [];
  for (let bin = 0; bin <= bins.count; bin++) {
    const gradient = histogram[2 * (base + bin)]!;
    const hessian = histogram[2 * (base + bin) + 1]!;
    const rows = counts === null ? Math.round(hessian * rowsPerHessian) : counts[base + bin]!;
    if (hessian > 0 || rows > 0) seen.push({ bin, gradient, hessian, rows });
  }
  if (seen.length < 2) return null;
  const few = seen.length <= ONE_AGAINST_REST;
  const found = few
    ? bestSingle(leaf, seen, limits, beat)
    : bestPrefix(leaf, ordered(seen, limits), limits, beat);
  return found === null ? null : asSplit(leaf, column, bins, found);
}

interface Category {
  readonly bin: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

interface Side {
  readonly gain: number;
  readonly left: readonly Category[];
}

function bestSingle(
  leaf: LeafSums,
  seen: readonly Category[],
  limits: SplitLimits,
  beat: number,
): Side | null {
  const { l2, minRows, minHessian } = limits;
  const parent = score(leaf.gradient, leaf.hessian, l2);
  let best: Side | null = null;
  for (const one of seen) {
    const hr = leaf.hessian - one.hessian;
    if (one.rows < minRows || leaf.rows - one.rows < minRows) continue;
    if (one.hessian < minHessian || hr < minHessian) continue;
    const gain = score(one.gradient, one.hessian, l2) + score(leaf.gradient - one.gradient, hr, l2) - parent;
    if (gain > (best?.gain ?? Math.max(beat, 1e-10 * parent))) best = { gain, left: [one] };
  }
  return best;
}

/** By smoothed mean gradient; those too rare for it stay out, and go right. */
function ordered(seen: readonly Category[], limits: SplitLimits): Category[] {
  const smooth = SMOOTH * limits.one;
  const ratio = (c: Category) => c.gradient / (c.hessian + smooth);
  return seen.filter((c) => c.rows >= SMOOTH).sort((a, b) => ratio(a) - ratio(b) || a.bin - b.bin);
}

function bestPrefix(
  leaf: LeafSums,
  order: readonly Category[],
  limits: SplitLimits,
  beat: number,
): Side | null {
  const { minRows, minHessian } = limits;
  const l2 = limits.l2 + EXTRA_L2 * limits.one;
  const parent = score(leaf.gradient, leaf.hessian, l2);
  const most = Math.min(MOST, (order.length + 1) >> 1);
  let best: Side | null = null;
  for (const way of [order, [...order].reverse()]) {
    let g = 0;
    let h = 0;
    let rows = 0;
    let group = 0;
    for (let i = 0; i < Math.min(most, way.length - 1); i++) {
      const one = way[i]!;
      g += one.gradient;
      h += one.hessian;
      rows += one.rows;
      group += one.rows;
      if (rows < minRows || h < minHessian) continue;
      const rightRows = leaf.rows - rows;
      if (rightRows < Math.max(minRows, Math.min(GROUP_ROWS, leaf.rows / 4))) break;
      if (leaf.hessian - h < minHessian) break;
      if (group < Math.min(GROUP_ROWS, leaf.rows / 4)) continue;
      group = 0;
      const gain = score(g, h, l2) + score(leaf.gradient - g, leaf.hessian - h, l2) - parent;
      if (gain > (best?.gain ?? Math.max(beat, 1e-10 * parent))) best = { gain, left: way.slice(0, i + 1) };
    }
  }
  return best;
}

function asSplit(leaf: LeafSums, column: number, bins: CategoryBins, side: Side): Split {
  const set = new Uint32Array(BINS / 32);
  let gradient = 0;
  let hessian = 0;
  for (const one of side.left) {
    set[one.bin >> 5]! |= 1 << (one.bin & 31);
    gradient += one.gradient;
    hessian += one.hessian;
  }
  // Never missing in training: such rows, should they come, follow the larger side.
  if (!bins.hasMissing && hessian * 2 >= leaf.hessian) set[bins.count >> 5]! |= 1 << (bins.count & 31);
  const missingLeft = ((set[bins.count >> 5]! >>> (bins.count & 31)) & 1) === 1;
  return { column, gain: side.gain, bin: -1, set, missingLeft, leftGradient: gradient, leftHessian: hessian };
}
