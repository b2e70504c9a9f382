/** Shares of rows as people mean them: 10% of 30 rows is 3, whatever binary fractions say. */

/**
 * ⌈rows × share⌉ with the share taken as the decimal it is written as (at most 12 significant digits), so that
 * 7% of 100 rows is 7 and not 8.
 */
export function ceilingShare(rows: number, share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return rows;
  const [digits = "0", exponent = "0"] = share.toExponential(11).split("e");
  // share = numerator / 10^scale
  const numerator = BigInt(digits.replace(".", ""));
  const scale = 10n ** BigInt(11 - Number(exponent));
  return Number((BigInt(rows) * numerator + scale - 1n) / scale);
}
