/** Text to terms: one rule for fitting, the direct evaluator and the ONNX graph. */

const TOKEN = /[\p{L}\p{N}_]{2,}/gu;

/**
 * Lower-cased tokens of two or more letters, digits or underscores, and their n-grams joined by a space, shorter
 * ones first: scikit-learn's `CountVectorizer` with `ngram_range=(1, ngrams)`.
 */
export function terms(text: string, ngrams: number): string[] {
  const tokens = text.toLowerCase().match(TOKEN) ?? [];
  const all: string[] = [...tokens];
  for (let n = 2; n <= ngrams; n++) {
    for (let i = 0; i + n <= tokens.length; i++) all.push(tokens.slice(i, i + n).join(" "));
  }
  return all;
}
