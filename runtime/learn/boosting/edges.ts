/** Where a numeric column is cut into bins, and a quick way to find a value's bin. */

/** Values looked at when choosing edges: more than 250 a bin, so that more would hardly move them. */
const SAMPLE = 65_536;

/**
 * Edges between at most `maxBins` bins: midpoints between neighbouring distinct values where these are few, else
 * about equal counts, a value with more than a bin's share standing alone (LightGBM's greedy binning).
 * `edges[b]` separates: a value is in bin b or below exactly when x ≤ edges[b].
 */
export function binEdges(
  values: Float64Array,
  maxBins: number,
): { edges: Float64Array; hasMissing: boolean } {
  const { sorted, hasMissing } = sortedSample(values);
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < sorted.length; ) {
    const x = sorted[i]!;
    let j = i + 1;
    while (j < sorted.length && sorted[j] === x) j++;
    distinct.push(x);
    counts.push(j - i);
    i = j;
  }
  const edges: number[] = [];
  if (distinct.length <= maxBins) {
    for (let i = 0; i + 1 < distinct.length; i++) edges.push(midpoint(distinct[i]!, distinct[i + 1]!));
  } else {
    greedyEdges(distinct, counts, sorted.length, maxBins, edges);
  }
  return { edges: Float64Array.from(edges), hasMissing };
}

/** Ascending values, missing left out; evenly spaced rows where there are many. */
function sortedSample(values: Float64Array): { sorted: Float64Array; hasMissing: boolean } {
  let hasMissing = false;
  for (const x of values) {
    if (Number.isNaN(x)) {
      hasMissing = true;
      break;
    }
  }
  const size = Math.min(values.length, SAMPLE);
  const step = values.length / size;
  const sample = new Float64Array(size);
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const x = values[Math.floor(i * step)]!;
    if (!Number.isNaN(x)) sample[kept++] = x === 0 ? 0 : x; // −0 and 0 are one value
  }
  return { sorted: sample.subarray(0, kept).sort(), hasMissing };
}

function greedyEdges(
  distinct: number[],
  counts: number[],
  total: number,
  maxBins: number,
  edges: number[],
): void {
  const share = total / maxBins;
  let rest = total;
  let restBins = maxBins;
  for (const count of counts) {
    if (count >= share) {
      rest -= count;
      restBins--;
    }
  }
  let target = restBins > 0 ? rest / restBins : Infinity;
  let filled = 0;
  for (let i = 0; i + 1 < distinct.length && edges.length + 1 < maxBins; i++) {
    const big = counts[i]! >= share;
    if (!big) rest -= counts[i]!;
    filled += counts[i]!;
    const nextBig = counts[i + 1]! >= share;
    if (big || filled >= target || (nextBig && filled >= Math.max(1, target / 2))) {
      edges.push(midpoint(distinct[i]!, distinct[i + 1]!));
      filled = 0;
      if (!big) {
        restBins--;
        target = restBins > 0 ? rest / restBins : Infinity;
      }
    }
  }
}

/** A number m with a ≤ m < b, halfway where doubles allow it. */
export function midpoint(a: number, b: number): number {
  const middle = (a + b) / 2;
  return middle >= a && middle < b ? middle : a;
}

/** Edges with a grid over their range: a cell says between which edges a value can lie. */
export interface EdgeIndex {
  readonly edges: Float64Array;
  readonly low: number;
  readonly scale: number;
  /** [cells + 1] edges whose own cell is before this one */
  readonly first: Uint16Array;
}

const CELLS = 2048;

/**
 * A value's cell never falls when the value grows, so edges of earlier cells are below the value and edges of
 * later cells are not: only the cell's own edges are left to compare, whatever the rounding.
 */
export function edgeIndex(edges: Float64Array): EdgeIndex {
  const finite = edges.filter(Number.isFinite);
  const low = finite[0] ?? 0;
  const span = (finite[finite.length - 1] ?? 0) - low;
  const scale = span > 0 && Number.isFinite(span) ? CELLS / span : 0;
  const first = new Uint16Array(CELLS + 1);
  for (const edge of edges) {
    const own = cell(edge, low, scale);
    for (let c = own + 1; c <= CELLS; c++) first[c]! += 1;
  }
  return { edges, low, scale, first };
}

function cell(x: number, low: number, scale: number): number {
  const place = (x - low) * scale;
  return place > 0 ? (place < CELLS - 1 ? place | 0 : CELLS - 1) : 0;
}

/** How many edges are below x: its bin. */
export function findBin(index: EdgeIndex, x: number): number {
  const { edges } = index;
  const at = cell(x, index.low, index.scale);
  let low = index.first[at]!;
  let high = index.first[at + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
