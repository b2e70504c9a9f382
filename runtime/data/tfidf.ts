/** Fitting and applying TF-IDF. */
import type { SparseFeatures } from "../learn/frame.ts";
import { compileTfidf, type TfidfStep } from "../portable/tfidf.ts";
import { terms } from "../text/terms.ts";
import { byCodeUnit } from "./load-table.ts";

export interface TfidfOptions {
  readonly maxTerms: number;
  /** Terms found in fewer rows are left out. */
  readonly minRows: number;
  readonly ngrams: number;
  readonly sublinear: boolean;
}

/**
 * The vocabulary of the training rows, terms sorted, and idf = ln((1 + rows) / (1 + rows with the term)) + 1
 * (scikit-learn's smooth idf). Of more than `maxTerms` the most frequent are kept, the first by name of equals.
 * Missing texts count as rows without terms.
 */
export function fitTfidf(
  column: string,
  texts: readonly (string | null)[],
  { maxTerms, minRows, ngrams, sublinear }: TfidfOptions,
): TfidfStep {
  const counts = new Map<string, { total: number; rows: number; last: number }>();
  texts.forEach((text, row) => {
    if (text === null) return;
    for (const term of terms(text, ngrams)) {
      const count = counts.get(term);
      if (!count) counts.set(term, { total: 1, rows: 1, last: row });
      else {
        count.total += 1;
        if (count.last !== row) count.rows += 1;
        count.last = row;
      }
    }
  });
  const kept = [...counts]
    .filter(([, count]) => count.rows >= minRows)
    .sort(([a, x], [b, y]) => y.total - x.total || byCodeUnit(a, b))
    .slice(0, maxTerms)
    .sort(([a], [b]) => byCodeUnit(a, b));
  return {
    op: "tfidf",
    column,
    output: column,
    terms: kept.map(([term]) => term),
    idf: kept.map(([, count]) => Math.log((1 + texts.length) / (1 + count.rows)) + 1),
    ngrams,
    sublinear,
  };
}

/** Texts as rows of a sparse block. */
export function vectorizeTexts(step: TfidfStep, texts: readonly (string | null)[]): SparseFeatures {
  const vectorize = compileTfidf(step);
  const offsets = new Int32Array(texts.length + 1);
  const rows = texts.map((text, i) => {
    const row = vectorize(text);
    offsets[i + 1] = offsets[i]! + row.indices.length;
    return row;
  });
  const indices = new Int32Array(offsets[texts.length]!);
  const values = new Float64Array(indices.length);
  rows.forEach((row, i) => {
    indices.set(row.indices, offsets[i]!);
    values.set(row.values, offsets[i]!);
  });
  return {
    kind: "sparse",
    name: step.output,
    names: step.terms.map((term) => `${step.output}:${term}`),
    offsets,
    indices,
    values,
  };
}
