/** Where each feature stands in the row of numbers that a learner reads. */
import type { FeatureUse } from "./form.ts";

export interface PlacedFeature {
  readonly name: string;
  /** First column. */
  readonly at: number;
  readonly width: number;
}

export interface FeatureLayout {
  readonly width: number;
  /** Features of one column, in order. */
  readonly dense: readonly PlacedFeature[];
  /** Sparse blocks, in order. */
  readonly sparse: readonly PlacedFeature[];
}

/** Lays features side by side, sparse blocks unrolled. */
export function layFeatures(features: readonly FeatureUse[]): FeatureLayout {
  const dense: PlacedFeature[] = [];
  const sparse: PlacedFeature[] = [];
  let at = 0;
  for (const { name, kind, width } of features) {
    (kind === "sparse" ? sparse : dense).push({ name, at, width });
    at += width;
  }
  return { width: at, dense, sparse };
}

/** Columns of the dense features, ascending. */
export function denseColumns(layout: FeatureLayout): Int32Array {
  return Int32Array.from(layout.dense, ({ at }) => at);
}
