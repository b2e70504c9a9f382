/**
 * Columns as bytes: each value becomes the number of its histogram bin. Four columns share an array of 32-bit
 * words, so that one load brings four bins of a row.
 */
import { type Column, columnCount, columnsOf } from "../columns.ts";
import type { Frame } from "../frame.ts";
import { binEdges, type EdgeIndex, edgeIndex, findBin } from "./edges.ts";

/** Bins that a column's histogram has room for; the last ones stay empty. */
export const BINS = 256;
/** Columns in a word. */
export const LANES = 4;

export type ColumnBins = NumericBins | CategoryBins;

export interface NumericBins {
  readonly kind: "numeric";
  /** [count − 1] ascending; bin b holds edges[b − 1] < x ≤ edges[b]. */
  readonly edges: Float64Array;
  /** Bins of values; the bin after them, `count`, is for missing ones. */
  readonly count: number;
  readonly hasMissing: boolean;
}

export interface CategoryBins {
  readonly kind: "category";
  /** [levels] the bin of each code; levels too rare for a bin of their own share the one of missing. */
  readonly binOf: Uint8Array;
  readonly count: number;
  readonly hasMissing: boolean;
}

export interface BinnedRows {
  readonly rows: number;
  /** Each [rows]; column c is byte c & 3 of groups[c >> 2]. */
  readonly groups: readonly Int32Array[];
}

/** Shared memory for the words of `columns` columns, so that worker threads can read them. */
export function allocateGroups(rows: number, columns: number): Int32Array[] {
  return Array.from(
    { length: Math.ceil(columns / LANES) },
    () => new Int32Array(new SharedArrayBuffer(rows * Int32Array.BYTES_PER_ELEMENT)),
  );
}

/** Chooses each column's bins on the training rows and fills `groups`. */
export function binTraining(frame: Frame, maxBins: number, groups: readonly Int32Array[]): ColumnBins[] {
  const bins: ColumnBins[] = [];
  for (const column of columnsOf(frame)) {
    const chosen = chooseBins(column, maxBins);
    fill(column, chosen, groups, bins.length);
    bins.push(chosen);
  }
  return bins;
}

/** Lays the columns' bins, and each one's of missing, side by side; columns that only fill a word share a last cell. */
export function writeCells(bins: readonly ColumnBins[], cells: Int32Array): void {
  let at = 0;
  bins.forEach((column, c) => {
    cells[c] = at;
    at += column.count + 1;
  });
  cells.fill(at, bins.length, cells.length - 1);
  cells[cells.length - 1] = at + 1;
}

/** The same bins for other rows (the part that decides when to stop). */
export function binOther(frame: Frame, bins: readonly ColumnBins[]): BinnedRows {
  const groups = allocateGroups(frame.rows, columnCount(frame));
  let at = 0;
  for (const column of columnsOf(frame)) {
    fill(column, bins[at]!, groups, at);
    at++;
  }
  return { rows: frame.rows, groups };
}

function chooseBins(column: Column, maxBins: number): ColumnBins {
  if (column.kind === "numeric") {
    const { edges, hasMissing } = binEdges(column.values, maxBins);
    return { kind: "numeric", edges, count: edges.length + 1, hasMissing };
  }
  const counts = new Float64Array(column.levels.length);
  let missing = 0;
  for (const code of column.codes) {
    if (code < 0) missing++;
    else counts[code]! += 1;
  }
  const order = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = order.filter((code) => counts[code]! > 0).slice(0, Math.min(maxBins, BINS - 1));
  const binOf = new Uint8Array(column.levels.length).fill(kept.length);
  // Bins in the order of codes, so that equal frequencies cannot reorder them.
  kept
    .sort((a, b) => a - b)
    .forEach((code, bin) => {
      binOf[code] = bin;
    });
  const lumped = order.some((code) => counts[code]! > 0 && binOf[code] === kept.length);
  return { kind: "category", binOf, count: kept.length, hasMissing: missing > 0 || lumped };
}

function fill(column: Column, bins: ColumnBins, groups: readonly Int32Array[], at: number): void {
  const group = groups[Math.floor(at / LANES)]!;
  const bytes = new Uint8Array(group.buffer, group.byteOffset, group.byteLength);
  const lane = at % LANES;
  if (column.kind === "numeric" && bins.kind === "numeric") {
    fillNumeric(column.values, edgeIndex(bins.edges), bins.count, bytes, lane);
  } else if (column.kind === "category" && bins.kind === "category") {
    for (let row = 0, to = lane; row < column.codes.length; row++, to += LANES) {
      const code = column.codes[row]!;
      bytes[to] = code < 0 || code >= bins.binOf.length ? bins.count : bins.binOf[code]!;
    }
  } else {
    throw new TypeError(`column ${column.name} changed its kind between training and tuning`);
  }
}

function fillNumeric(
  values: Float64Array,
  index: EdgeIndex,
  missing: number,
  bytes: Uint8Array,
  lane: number,
) {
  for (let row = 0, to = lane; row < values.length; row++, to += LANES) {
    const x = values[row]!;
    bytes[to] = !Number.isNaN(x) ? findBin(index, x) : missing;
  }
}
