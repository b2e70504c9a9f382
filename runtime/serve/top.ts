/** The highest-scoring share of rows: exactly as many as asked, in an order that nothing can change. */

/**
 * ⌈share · rows⌉, computed on the decimal that was written: 10% of 30 is 3, though 0.1 · 30 > 3 in binary.
 * @param share 0 to 1
 */
export function shareOf(share: number, rows: number): number {
  const [mantissa = "0", exponent = "0"] = String(share).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const power = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * BigInt(rows);
  if (power <= 0) return Number(digits * 10n ** BigInt(-power));
  const unit = 10n ** BigInt(power);
  return Number((digits + unit - 1n) / unit);
}

/**
 * Row indices by score descending, then by `ties` ascending (missing last), then by place.
 * @param scores [rows]; NaN comes last
 * @param ties [rows] numbers or strings; null takes the place only
 */
export function ranking(scores: Float64Array, ties: readonly (number | string | null)[] | null): Int32Array {
  const order = Int32Array.from(scores, (_, row) => row);
  return order.sort((a, b) => {
    const byScore = compareScores(scores[a]!, scores[b]!);
    if (byScore !== 0) return byScore;
    return (ties === null ? 0 : compareTies(ties[a] ?? null, ties[b] ?? null)) || a - b;
  });
}

function compareScores(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a > b ? -1 : a < b ? 1 : 0;
}

function compareTies(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
}
