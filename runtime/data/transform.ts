/** The artifact of a `features` step: what was learnt from the training part, and what a model sees of it. */
import type { TransformStep } from "../portable/form.ts";
import type { Digest, Store } from "../store/types.ts";
import { columnsRead } from "./expression-parts.ts";

/** A column that a model may see after the steps ran. */
export interface SeenColumn {
  readonly name: string;
  /** `string`: a category that no step encoded (the learner decides); `text`: a sparse block. */
  readonly type: "number" | "string" | "text";
  /** The column of the dataset or of `derive` that it was made from. */
  readonly from: string;
}

/** How the training rows of a target-encoded column get values that do not know their own label. */
export interface OutOfFold {
  readonly column: string;
  readonly output: string;
  readonly folds: number;
  readonly smoothing: number;
}

export interface FittedTransform {
  readonly format: 1;
  /** The part that everything was fitted on; null when the dataset has no split. */
  readonly fittedOn: string | null;
  /** The label that target encodings were fitted on; null when there are none. */
  readonly target: string | null;
  readonly steps: readonly TransformStep[];
  readonly columns: readonly SeenColumn[];
  readonly outOfFold: readonly OutOfFold[];
}

export function readTransform(store: Store, digest: Digest): Promise<FittedTransform> {
  return store.readJson<FittedTransform>(digest);
}

/** Columns that a step reads. */
export function readsOf(step: TransformStep): string[] {
  if (step.op !== "derive") return [step.column];
  return columnsRead(step.expression);
}

/** Columns that a step writes. */
export function writesOf(step: TransformStep): string[] {
  switch (step.op) {
    case "impute_number":
    case "impute_string":
      return [step.column];
    case "one_hot":
      return step.other ? [...step.outputs, step.other.output] : [...step.outputs];
    default:
      return [step.output];
  }
}
