/** Numbers of 16 and 64 bits, as weights are often stored, in 32. */

/** An IEEE 754 binary16, given by its bits; exact. */
export function halfToFloat(half: number): number {
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function halvesToFloats(from: Uint16Array): Float32Array {
  const to = new Float32Array(from.length);
  for (let i = 0; i < from.length; i++) to[i] = halfToFloat(from[i]!);
  return to;
}

/** bfloat16: the upper half of a float32; exact. */
export function upperHalvesToFloats(from: Uint16Array): Float32Array {
  const to = new Uint32Array(from.length);
  for (let i = 0; i < from.length; i++) to[i] = from[i]! << 16;
  return new Float32Array(to.buffer);
}

/** Null when one does not fit into 32 bits. */
export function wholeNumbers(from: BigInt64Array): Int32Array | null {
  const to = new Int32Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const value = Number(from[i]!);
    if (value !== (value | 0)) return null;
    to[i] = value;
  }
  return to;
}
