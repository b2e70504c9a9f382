/** Words drawn as false ones, in proportion to their counts to the power of 0.75 (Mikolov et al. 2013). */

/** Walker's alias method: one random number and at most two look-ups a draw. */
export interface NoiseTable {
  /** [words] share of a cell that is its own word's */
  readonly share: Float64Array;
  /** [words] the word that has the rest */
  readonly other: Int32Array;
}

export function noiseTable(counts: readonly number[]): NoiseTable {
  const words = counts.length;
  const share = new Float64Array(new SharedArrayBuffer(words * 8));
  const other = new Int32Array(new SharedArrayBuffer(words * 4));
  const weights = counts.map((count) => count ** 0.75);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const left = weights.map((weight) => (weight * words) / total);
  const small: number[] = [];
  const large: number[] = [];
  left.forEach((mass, word) => void (mass < 1 ? small : large).push(word));
  while (small.length > 0 && large.length > 0) {
    const [poor, rich] = [small.pop()!, large.at(-1)!];
    share[poor] = left[poor]!;
    other[poor] = rich;
    left[rich] = left[rich]! - (1 - left[poor]!);
    if (left[rich] < 1) {
      large.pop();
      small.push(rich);
    }
  }
  // What rounding left over has its cell to itself.
  for (const word of [...small, ...large]) {
    share[word] = 1;
    other[word] = word;
  }
  return { share, other };
}

/**
 * Bounds below which 32 random bits keep a word: a word whose share of the text is f is kept with probability
 * √(t/f) + t/f (word2vec.c), and with certainty when `subsample` (t) is 0.
 */
export function keepBounds(counts: readonly number[], subsample: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bounds = new Float64Array(new SharedArrayBuffer(counts.length * 8));
  counts.forEach((count, word) => {
    const ratio = subsample === 0 ? 1 : (subsample * total) / count;
    bounds[word] = Math.min(1, Math.sqrt(ratio) + ratio) * 2 ** 32;
  });
  return bounds;
}
