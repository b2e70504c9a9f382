/** A frame's features laid side by side, one column at a time, as tree learners read them. */
import type { Frame } from "./frame.ts";

export type Column =
  | { readonly kind: "numeric"; readonly name: string; readonly values: Float64Array }
  | {
      readonly kind: "category";
      readonly name: string;
      readonly codes: Int32Array;
      readonly levels: readonly string[];
    };

/** How many columns the frame has, sparse blocks unrolled. */
export function columnCount(frame: Frame): number {
  let count = 0;
  for (const feature of frame.features) count += feature.kind === "sparse" ? feature.names.length : 1;
  return count;
}

/** Every column in order; a sparse block's columns are made dense one by one, so that few exist at a time. */
export function* columnsOf(frame: Frame): Generator<Column> {
  for (const feature of frame.features) {
    if (feature.kind !== "sparse") {
      yield feature;
      continue;
    }
    const width = feature.names.length;
    const starts = new Int32Array(width + 1);
    for (const column of feature.indices) starts[column + 1]! += 1;
    for (let j = 0; j < width; j++) starts[j + 1]! += starts[j]!;
    const fill = starts.slice(0, width);
    const rows = new Int32Array(feature.indices.length);
    const values = new Float64Array(feature.indices.length);
    for (let row = 0; row < frame.rows; row++) {
      for (let at = feature.offsets[row]!; at < feature.offsets[row + 1]!; at++) {
        const slot = fill[feature.indices[at]!]!++;
        rows[slot] = row;
        values[slot] = feature.values[at]!;
      }
    }
    for (let j = 0; j < width; j++) {
      const dense = new Float64Array(frame.rows);
      for (let at = starts[j]!; at < starts[j + 1]!; at++) dense[rows[at]!] = values[at]!;
      yield { kind: "numeric", name: feature.names[j]!, values: dense };
    }
  }
}
