/**
 * Corpus BLEU (Papineni et al. 2002) as sacrebleu computes it (Post 2018): one reference, orders 1 to 4, the tokenizer
 * `13a` of mteval-v13a, exponential smoothing, case kept. From 0 to 1: sacrebleu's score divided by 100.
 */

const ORDERS = 4;

/** What BLEU needs of segments: it adds up over them. Lengths of both in tokens, then matches and n-grams by order. */
export const BLEU_SUMS = [
  "bleu_length",
  "bleu_reference_length",
  ...Array.from({ length: ORDERS }, (_, n) => `bleu_matches_${n + 1}`),
  ...Array.from({ length: ORDERS }, (_, n) => `bleu_ngrams_${n + 1}`),
] as const;

/** Every ASCII sign but ' - , . and digits. */
const SIGNS = /([{-~[-` -&(-+:-@/])/g;

/** The tokens of `13a`. */
export function tokens13a(text: string): string[] {
  let line = text.trimEnd().replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  if (line.includes("&"))
    line = line
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">");
  const spaced = ` ${line} `
    .replace(SIGNS, " $1 ")
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])(-)/g, "$1 $2 ");
  return spaced.split(/\s+/).filter((token) => token !== "");
}

function ngramCounts(tokens: readonly string[]): Map<string, { readonly order: number; count: number }> {
  const counts = new Map<string, { readonly order: number; count: number }>();
  for (let order = 1; order <= ORDERS; order += 1) {
    for (let at = 0; at + order <= tokens.length; at += 1) {
      const gram = tokens.slice(at, at + order).join(" ");
      const known = counts.get(gram);
      if (known === undefined) counts.set(gram, { order, count: 1 });
      else known.count += 1;
    }
  }
  return counts;
}

/** One segment's share of `BLEU_SUMS`, in their order. */
export function bleuSums(answer: string, reference: string): number[] {
  const [own, wanted] = [tokens13a(answer), tokens13a(reference)];
  const there = ngramCounts(wanted);
  const matches = new Array<number>(ORDERS).fill(0);
  const ngrams = new Array<number>(ORDERS).fill(0);
  for (const [gram, { order, count }] of ngramCounts(own)) {
    ngrams[order - 1]! += count;
    matches[order - 1]! += Math.min(count, there.get(gram)?.count ?? 0);
  }
  return [own.length, wanted.length, ...matches, ...ngrams];
}

/** BLEU of sums over segments; null without segments or with empty references only. */
export function bleuOf(sums: ArrayLike<number>): number | null {
  const [length, wanted] = [sums[0]!, sums[1]!];
  if (wanted === 0) return null;
  const matches = (order: number) => sums[2 + order]!;
  const ngrams = (order: number) => sums[2 + ORDERS + order]!;
  let any = false;
  for (let order = 0; order < ORDERS; order += 1) any ||= matches(order) > 0;
  if (!any) return 0;
  let smoothing = 1;
  let logs = 0;
  for (let order = 0; order < ORDERS; order += 1) {
    // Answers so short that they have no such n-gram at all.
    if (ngrams(order) === 0) return 0;
    if (matches(order) === 0) smoothing *= 2;
    const precision = (matches(order) === 0 ? 1 / smoothing : matches(order)) / ngrams(order);
    logs += Math.log(precision) / ORDERS;
  }
  const brevity = length < wanted ? Math.exp(1 - wanted / length) : 1;
  return brevity * Math.exp(logs);
}
