/** What a learner sees: rows × features, after every transform. */
import type { Layer } from "../../language/vocabulary/layer.ts";

export interface NumericFeature {
  readonly kind: "numeric";
  readonly name: string;
  /** [rows]; NaN is missing. */
  readonly values: Float64Array;
}

export interface CategoryFeature {
  readonly kind: "category";
  readonly name: string;
  /** [rows] into `levels`; −1 is missing or unknown. */
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** A block of many mostly-zero columns (TF-IDF), compressed by row. */
export interface SparseFeatures {
  readonly kind: "sparse";
  readonly name: string;
  /** One name a column: `text:term`. */
  readonly names: readonly string[];
  /** [rows + 1] */
  readonly offsets: Int32Array;
  /** [nonzeros], ascending within a row */
  readonly indices: Int32Array;
  /** [nonzeros] */
  readonly values: Float64Array;
}

export type Feature = NumericFeature | CategoryFeature | SparseFeatures;

export interface Frame {
  readonly rows: number;
  /** Sorted by name, so that the order in the spec has no effect. */
  readonly features: readonly Feature[];
}

export interface Target {
  readonly task: "binary" | "multiclass" | "regression";
  /** [rows]: the class's index, or the value. */
  readonly values: Float64Array;
  /** Class names; `[negative, positive]` for binary. Empty for regression. */
  readonly classes: readonly string[];
}

export interface LearnHooks {
  readonly seed: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Folder of checkpoints, from which an interrupted fit goes on; null keeps none. */
  readonly resume: string | null;
  /** The data's columns in the order of its schema: that of an image's pixels. */
  readonly columns: readonly string[];
  /** The layers of the model's `architecture`; null when it names none. */
  readonly layers: readonly Layer[] | null;
  log(line: string): void;
  progress(done: number, total: number, note?: string): void;
  track(metric: string, value: number, at: number): void;
}
