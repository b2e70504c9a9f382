/** The rows that a network learns from, as a worker is sent them: numbers scaled, texts sparse. */
import type { NetworkInput } from "../../portable/form.ts";
import type { Target } from "../frame.ts";
import type { Design } from "../linear/design.ts";

export interface SparsePart {
  /** Where its columns begin. */
  readonly at: number;
  /** [rows + 1] */
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export interface NetworkRows {
  readonly rows: number;
  /** Numbers of a row. */
  readonly width: number;
  /** [rows × width], the columns of `sparse` 0. Null where every column is sparse. */
  readonly dense: Float32Array<ArrayBuffer> | null;
  readonly sparse: readonly SparsePart[];
  /** [rows]: class index, 0 or 1, or the scaled value. */
  readonly target: Float32Array;
  /** [rows] */
  readonly weight: Float32Array;
}

/** How a column's numbers are scaled. */
export interface Scale {
  /** [columns] */
  readonly offset: Float64Array;
  readonly factor: Float64Array;
}

/** The training part's own means and deviations; one of both for all pixels of an image. */
export function scaleOf(design: Design, input: NetworkInput): Scale {
  const offset = new Float64Array(design.width);
  const factor = new Float64Array(design.width).fill(1);
  for (const column of design.dense) {
    offset[column.at] = column.offset;
    factor[column.at] = column.factor;
  }
  if ("features" in input) return { offset, factor };
  // Of all pixels together, by their columns' means and variances: what is dark stays darker than what is bright.
  const columns = design.dense.length;
  const mean = design.dense.reduce((sum, column) => sum + column.offset, 0) / columns;
  const variance = design.dense.reduce(
    (sum, column) => sum + (constant(column) ? 0 : column.factor ** 2) + (column.offset - mean) ** 2,
    0,
  );
  offset.fill(mean);
  factor.fill(variance > 0 ? Math.sqrt(variance / columns) : 1);
  return { offset, factor };
}

/** `designOf` gives a column without deviation the factor 1. */
const constant = ({ values }: Design["dense"][number]): boolean => values.every((x) => x === values[0]);

/**
 * @param design the frame's columns, not scaled
 * @param order [inputs] the column of each number
 * @param classWeights one a class; empty for regression
 * @param targetScale what a regression's values are scaled by
 */
export function networkRows(
  design: Design,
  scale: Scale,
  order: Int32Array,
  target: Target,
  classWeights: Float64Array,
  targetScale: { readonly offset: number; readonly factor: number },
): NetworkRows {
  const { rows, width } = design;
  const place = new Int32Array(width);
  order.forEach((column, j) => {
    place[column] = j;
  });
  const dense = design.dense.length === 0 ? null : new Float32Array(rows * width);
  for (const { at, values } of design.dense) {
    const [offset, factor, j] = [scale.offset[at]!, scale.factor[at]!, place[at]!];
    for (let row = 0; row < rows; row++) dense![row * width + j] = (values[row]! - offset) / factor;
  }
  const classes = target.task !== "regression";
  return {
    rows,
    width,
    dense,
    sparse: design.sparse.map(({ at, block }) => ({
      at,
      offsets: block.offsets,
      indices: block.indices,
      values: block.values,
    })),
    target: Float32Array.from(target.values, (y) =>
      classes ? y : (y - targetScale.offset) / targetScale.factor,
    ),
    weight: Float32Array.from(target.values, (y) => (classes ? classWeights[y]! : 1)),
  };
}

/** Writes the numbers of these rows side by side. */
export function gatherRows(data: NetworkRows, rows: ArrayLike<number>, to: Float32Array): void {
  const { width, dense, sparse } = data;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (dense !== null) to.set(dense.subarray(row * width, (row + 1) * width), i * width);
    for (const { at, offsets, indices, values } of sparse) {
      for (let j = offsets[row]!; j < offsets[row + 1]!; j++) to[i * width + at + indices[j]!] = values[j]!;
    }
  }
}
