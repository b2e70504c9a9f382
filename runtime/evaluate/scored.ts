/** Predictions beside the truth: what every metric reads. */
import type { Task } from "../../language/vocabulary/kind.ts";
import type { Measures } from "./language/measures.ts";

/** What a model said of rows whose truth is known. Rows never change place: `weights[i]` counts row i. */
export interface Scored {
  readonly task: Task;
  /** `[negative, positive]` for binary; empty for regression. */
  readonly classes: readonly string[];
  readonly rows: number;
  /** [rows]: class index, or value. */
  readonly truth: Float64Array;
  /** [rows]: class index, or value. */
  readonly predicted: Float64Array;
  /** [rows × classes]; null for regression. */
  readonly probabilities: Float64Array | null;
  /** Of a language model, which predicts no column: what is kept of each row instead of the above. */
  readonly measures?: Measures;
}

/** What an outcome costs, in the unit of the spec; negative earns. */
export interface CostMatrix {
  readonly false_positive: number;
  readonly false_negative: number;
  readonly true_positive: number;
  readonly true_negative: number;
}

/**
 * A metric over rows counted `weights[i]` times (0 or more), prepared so that it is quick for many weights.
 * Null when the rows cannot tell: no rows, one class where two are needed, nothing predicted positive.
 */
export type Measure = (weights: Int32Array) => number | null;

/** Every row once. */
export function everyRow(rows: number): Int32Array {
  return new Int32Array(rows).fill(1);
}

/** Score of the positive class of a binary model. */
export function positiveScores(scored: Scored): Float64Array {
  return classScores(scored, 1);
}

/** [rows] Probability of one class. */
export function classScores(scored: Scored, of: number): Float64Array {
  const { probabilities, rows } = scored;
  const width = scored.classes.length;
  const scores = new Float64Array(rows);
  if (probabilities === null) throw new Error("A regression model has no probabilities.");
  for (let i = 0; i < rows; i += 1) scores[i] = probabilities[i * width + of]!;
  return scores;
}

/** The same predictions for some of the rows, in the order given. */
export function takeRows(scored: Scored, rows: Int32Array): Scored {
  const width = scored.classes.length;
  const truth = new Float64Array(rows.length);
  const predicted = new Float64Array(rows.length);
  const probabilities = scored.probabilities === null ? null : new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i]!;
    truth[i] = scored.truth[row]!;
    predicted[i] = scored.predicted[row]!;
    for (let k = 0; probabilities !== null && k < width; k += 1) {
      probabilities[i * width + k] = scored.probabilities![row * width + k]!;
    }
  }
  const measures =
    scored.measures === undefined
      ? {}
      : {
          measures: Object.fromEntries(
            Object.entries(scored.measures).map(([name, values]) => [
              name,
              Float64Array.from(rows, (row) => values[row]!),
            ]),
          ),
        };
  return { ...scored, rows: rows.length, truth, predicted, probabilities, ...measures };
}

/** Binary predictions again, with another threshold: positive from `threshold` on. */
export function atThreshold(scored: Scored, threshold: number): Scored {
  const predicted = Float64Array.from(positiveScores(scored), (p) => (p >= threshold ? 1 : 0));
  return { ...scored, predicted };
}
