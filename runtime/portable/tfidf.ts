/** Text to TF-IDF values, as the direct evaluator computes them. */
import { terms } from "../text/terms.ts";
import type { TransformStep } from "./form.ts";

export type TfidfStep = Extract<TransformStep, { op: "tfidf" }>;

export interface SparseRow {
  /** Ascending. */
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

const EMPTY: SparseRow = { indices: [], values: [] };

/**
 * A function from text (null is missing) to its row of the sparse block: tf × idf (tf is the count, or
 * 1 + ln(count) with `sublinear`), divided by the row's Euclidean length (scikit-learn's TfidfVectorizer).
 */
export function compileTfidf(step: TfidfStep): (text: string | null) => SparseRow {
  const place = new Map(step.terms.map((term, i) => [term, i]));
  return (text) => {
    if (text === null) return EMPTY;
    const counts = new Map<number, number>();
    for (const term of terms(text, step.ngrams)) {
      const at = place.get(term);
      if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const indices = [...counts.keys()].sort((a, b) => a - b);
    const values = indices.map((i) => {
      const count = counts.get(i) ?? 0;
      return (step.sublinear ? 1 + Math.log(count) : count) * (step.idf[i] ?? 0);
    });
    let squares = 0;
    for (const value of values) squares += value * value;
    const length = Math.sqrt(squares);
    return { indices, values: length > 0 ? values.map((value) => value / length) : values };
  };
}
