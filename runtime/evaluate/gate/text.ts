/** Numbers as people read them. */

/** Four decimals, or as many significant digits for small numbers. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 0.01 ? value.toFixed(4) : Number(value.toPrecision(3)).toString();
}

/** Two numbers with as many digits as it takes to tell them apart; `0.7999999` is not shown as `0.8000`. */
export function pairText(a: number, b: number): readonly [string, string] {
  const short = [numberText(a), numberText(b)] as const;
  return a !== b && Number(short[0]) === Number(short[1]) ? [String(a), String(b)] : short;
}
