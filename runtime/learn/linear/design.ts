/** A frame as the matrix of a linear model: dense columns (scaled), sparse blocks, and the products solvers need. */
import { LearnFailure } from "../fit.ts";
import type { Frame, SparseFeatures } from "../frame.ts";

export interface Design {
  readonly rows: number;
  /** All columns, sparse blocks unrolled; the intercept is not one. */
  readonly width: number;
  /** Dense columns: their place among all, and [rows] values less `offset` over `factor`. */
  readonly dense: readonly DenseColumn[];
  readonly sparse: readonly SparseBlock[];
}

export interface DenseColumn {
  readonly at: number;
  readonly values: Float64Array;
  readonly offset: number;
  readonly factor: number;
}

export interface SparseBlock {
  /** Where the block's columns begin among all. */
  readonly at: number;
  readonly block: SparseFeatures;
}

/**
 * Dense columns with mean 0 and deviation 1 (of the population; constant ones only centred) when `standardize`,
 * sparse ones as they are, so that they stay sparse. Categories and missing numbers cannot be part of a sum.
 */
export function designOf(frame: Frame, standardize: boolean): Design {
  const dense: DenseColumn[] = [];
  const sparse: SparseBlock[] = [];
  let width = 0;
  for (const feature of frame.features) {
    if (feature.kind === "sparse") {
      sparse.push({ at: width, block: feature });
      width += feature.names.length;
      continue;
    }
    if (feature.kind === "category")
      throw new TypeError(`category ${feature.name} reached a linear model unencoded`);
    dense.push({ at: width, ...scaled(feature.name, feature.values, standardize) });
    width++;
  }
  return { rows: frame.rows, width, dense, sparse };
}

function scaled(name: string, values: Float64Array, standardize: boolean) {
  let missing = 0;
  let sum = 0;
  for (const x of values) {
    if (Number.isNaN(x)) missing++;
    else sum += x;
  }
  if (missing > 0) {
    throw new LearnFailure({
      code: "ML5001",
      values: { column: name, rows: String(missing) },
      pointer: "/data",
    });
  }
  if (!standardize) return { values, offset: 0, factor: 1 };
  const mean = sum / Math.max(1, values.length);
  let squares = 0;
  let rest = 0;
  for (const x of values) {
    squares += (x - mean) ** 2;
    rest += x - mean;
  }
  // Corrected two-pass variance (Chan, Golub and LeVeque 1983).
  const deviation = Math.sqrt(Math.max(0, (squares - rest ** 2 / values.length) / values.length));
  const factor = deviation > 10 * Number.EPSILON * Math.abs(mean) ? deviation : 1;
  return { values: values.map((x) => (x - mean) / factor), offset: mean, factor };
}

/** out[row] += Σ weights[at + j] · x[row][j]; weights begin at `from`. */
export function multiply(design: Design, weights: Float64Array, from: number, out: Float64Array): void {
  for (const { at, values } of design.dense) {
    const w = weights[from + at]!;
    if (w === 0) continue;
    for (let row = 0; row < values.length; row++) out[row]! += w * values[row]!;
  }
  for (const { at, block } of design.sparse) {
    const { offsets, indices, values } = block;
    for (let row = 0; row < design.rows; row++) {
      let sum = 0;
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
        sum += weights[from + at + indices[i]!]! * values[i]!;
      out[row]! += sum;
    }
  }
}

/** out[from + j] += Σ factors[row] · x[row][j] */
export function multiplyTransposed(
  design: Design,
  factors: Float64Array,
  out: Float64Array,
  from: number,
): void {
  for (const { at, values } of design.dense) {
    let sum = 0;
    for (let row = 0; row < values.length; row++) sum += factors[row]! * values[row]!;
    out[from + at]! += sum;
  }
  for (const { at, block } of design.sparse) {
    const { offsets, indices, values } = block;
    for (let row = 0; row < design.rows; row++) {
      const factor = factors[row]!;
      if (factor === 0) continue;
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
        out[from + at + indices[i]!]! += factor * values[i]!;
    }
  }
}

/** Weights and intercept for the raw columns: (x − offset) / factor is undone. `weights` is changed in place. */
export function unscaled(design: Design, weights: Float64Array, intercept: number): number {
  let folded = intercept;
  for (const { at, offset, factor } of design.dense) {
    weights[at]! /= factor;
    folded -= weights[at]! * offset;
  }
  return folded;
}

/** |weight| × the column's deviation, summed over outputs: how far the column moves the raw score. */
export function linearImportance(frame: Frame, weights: Float64Array, outputs: number): Float64Array {
  const deviations: number[] = [];
  for (const feature of frame.features) {
    if (feature.kind === "sparse") deviations.push(...sparseDeviations(feature, frame.rows));
    else if (feature.kind === "numeric") deviations.push(deviationOf(feature.values));
  }
  const width = deviations.length;
  return Float64Array.from(deviations, (deviation, j) => {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += Math.abs(weights[k * width + j]!) * deviation;
    return sum;
  });
}

function deviationOf(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  const mean = sum / Math.max(1, values.length);
  let squares = 0;
  for (const x of values) squares += (x - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, values.length));
}

function sparseDeviations(block: SparseFeatures, rows: number): number[] {
  const sums = new Float64Array(block.names.length);
  const squares = new Float64Array(block.names.length);
  block.indices.forEach((column, i) => {
    sums[column]! += block.values[i]!;
    squares[column]! += block.values[i]! ** 2;
  });
  return Array.from(sums, (sum, j) => Math.sqrt(Math.max(0, squares[j]! / rows - (sum / rows) ** 2)));
}
