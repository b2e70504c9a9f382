/**
 * ROUGE-L (Lin 2004) as Google's `rouge_score` computes it without stemming: the F-measure of the longest common
 * subsequence of tokens, runs of a–z and 0–9 in lower case.
 */

const tokensOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** 0 to 1; 0 where either has no token. */
export function rougeL(answer: string, reference: string): number {
  const [own, wanted] = [tokensOf(answer), tokensOf(reference)];
  if (own.length === 0 || wanted.length === 0) return 0;
  const common = longestCommonSubsequence(own, wanted);
  const [precision, recall] = [common / own.length, common / wanted.length];
  return common === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Int32Array(b.length + 1);
  let row = new Int32Array(b.length + 1);
  for (const token of a) {
    for (let j = 1; j <= b.length; j += 1)
      row[j] = token === b[j - 1] ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    [above, row] = [row, above];
  }
  return above[b.length]!;
}
