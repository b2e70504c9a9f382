/** Symmetric positive definite systems. */

/**
 * Solves A x = b by Cholesky's decomposition; A is [size × size], row-major, lower triangle read and overwritten.
 * Returns null when A is not positive definite to working precision.
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array | null {
  const size = b.length;
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, a[i * size + i]!);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      if (i === j) {
        if (!(sum > largest * size * Number.EPSILON)) return null;
        a[i * size + i] = Math.sqrt(sum);
      } else {
        a[i * size + j] = sum / a[j * size + j]!;
      }
    }
  }
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * size + k]! * x[k]!;
    x[i] = sum / a[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= a[k * size + i]! * x[k]!;
    x[i] = sum / a[i * size + i]!;
  }
  return x;
}
