/** Least squares by Householder's QR decomposition (Golub and Van Loan 2013, ch. 5). */

interface Reflected {
  /** Column of the matrix at each place. */
  readonly order: Int32Array;
  readonly rank: number;
}

/**
 * Makes `columns` (each [rows], overwritten) upper triangular by reflections, which `right` undergoes too; the
 * longest remaining column comes first when `pivot`. Reflections stay below the diagonal, scaled so that `heads`
 * holds their first entries.
 */
function reflect(
  columns: Float64Array[],
  right: Float64Array | null,
  pivot: boolean,
  heads: Float64Array,
): Reflected {
  const width = columns.length;
  const rows = columns[0]?.length ?? 0;
  const order = Int32Array.from({ length: width }, (_, j) => j);
  const steps = Math.min(rows, width);
  let first = 0;
  for (let k = 0; k < steps; k++) {
    if (pivot) swap(columns, order, k, longest(columns, k));
    const column = columns[k]!;
    const norm = Math.sqrt(squaresFrom(column, k));
    if (k === 0) first = norm;
    if (!(norm > Math.max(rows, width) * Number.EPSILON * first)) return { order, rank: k };
    const alpha = column[k]! > 0 ? -norm : norm;
    const head = column[k]! - alpha;
    heads[k] = head;
    column[k] = alpha;
    for (let j = k + 1; j < width; j++) applyReflection(column, k, head, alpha, columns[j]!);
    if (right !== null) applyReflection(column, k, head, alpha, right);
  }
  return { order, rank: steps };
}

/** x −= v (vᵀx) / (−α · head), v = (head, column[k + 1 …]). */
function applyReflection(
  column: Float64Array,
  k: number,
  head: number,
  alpha: number,
  x: Float64Array,
): void {
  let sum = head * x[k]!;
  for (let i = k + 1; i < column.length; i++) sum += column[i]! * x[i]!;
  const factor = sum / (alpha * head);
  x[k]! += factor * head;
  for (let i = k + 1; i < column.length; i++) x[i]! += factor * column[i]!;
}

function longest(columns: readonly Float64Array[], k: number): number {
  let best = k;
  let most = -1;
  for (let j = k; j < columns.length; j++) {
    const squares = squaresFrom(columns[j]!, k);
    if (squares > most * (1 + 1e-12)) {
      most = squares;
      best = j;
    }
  }
  return best;
}

function squaresFrom(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += column[i]! ** 2;
  return sum;
}

function swap(columns: Float64Array[], order: Int32Array, a: number, b: number): void {
  const column = columns[a]!;
  const place = order[a]!;
  columns[a] = columns[b]!;
  order[a] = order[b]!;
  columns[b] = column;
  order[b] = place;
}

/**
 * The w of least ‖w‖ among those that minimise ‖A w − b‖, as numpy's `lstsq`: collinear columns share their weight.
 * @param columns of A, each [rows]; overwritten, as is `b`
 */
export function leastSquares(
  columns: Float64Array[],
  b: Float64Array,
): { weights: Float64Array; rank: number } {
  const width = columns.length;
  const { order, rank } = reflect(columns, b, true, new Float64Array(width));
  const solved = rank === width ? backSubstitute(columns, b, width) : leastNorm(columns, b, rank);
  const weights = new Float64Array(width);
  for (let j = 0; j < width; j++) weights[order[j]!] = solved[j]!;
  return { weights, rank };
}

/** Solves R x = c for upper triangular R given by columns. */
function backSubstitute(columns: readonly Float64Array[], c: Float64Array, size: number): Float64Array {
  const x = c.slice(0, size);
  for (let j = size - 1; j >= 0; j--) {
    x[j]! /= columns[j]![j]!;
    for (let i = 0; i < j; i++) x[i]! -= columns[j]![i]! * x[j]!;
  }
  return x;
}

/** The shortest x with R x = c, R being the first `rank` rows: R ᵀ = Q L gives x = Q L⁻ᵀ c. */
function leastNorm(columns: readonly Float64Array[], c: Float64Array, rank: number): Float64Array {
  const width = columns.length;
  const transposed = Array.from({ length: rank }, (_, i) =>
    Float64Array.from({ length: width }, (_, j) => (j >= i ? columns[j]![i]! : 0)),
  );
  const heads = new Float64Array(rank);
  reflect(transposed, null, false, heads);
  // Lᵀ is lower triangular: solve downwards.
  const x = new Float64Array(width);
  for (let i = 0; i < rank; i++) {
    let sum = c[i]!;
    for (let j = 0; j < i; j++) sum -= transposed[i]![j]! * x[j]!;
    x[i] = sum / transposed[i]![i]!;
  }
  for (let k = rank - 1; k >= 0; k--) applyReflection(transposed[k]!, k, heads[k]!, transposed[k]![k]!, x);
  return x;
}
