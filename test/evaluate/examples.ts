/** Predictions made by hand for the tests of evaluation. */
import type { Scored } from "../../runtime/evaluate/scored.ts";

/** A binary model's predictions: truth as 0/1, probability of the positive class, positive from `threshold` on. */
export function binary(truth: readonly number[], scores: readonly number[], threshold = 0.5): Scored {
  return {
    task: "binary",
    classes: ["no", "yes"],
    rows: truth.length,
    truth: Float64Array.from(truth),
    predicted: Float64Array.from(scores, (p) => Number(p >= threshold)),
    probabilities: Float64Array.from(scores.flatMap((p) => [1 - p, p])),
  };
}

export function multiclass(truth: readonly number[], probabilities: readonly (readonly number[])[]): Scored {
  return {
    task: "multiclass",
    classes: ["a", "b", "c"],
    rows: truth.length,
    truth: Float64Array.from(truth),
    predicted: Float64Array.from(probabilities, (row) => row.indexOf(Math.max(...row))),
    probabilities: Float64Array.from(probabilities.flat()),
  };
}

export function regression(truth: readonly number[], predicted: readonly number[]): Scored {
  return {
    task: "regression",
    classes: [],
    rows: truth.length,
    truth: Float64Array.from(truth),
    predicted: Float64Array.from(predicted),
    probabilities: null,
  };
}
