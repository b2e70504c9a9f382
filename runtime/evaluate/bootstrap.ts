/**
 * Percentile bootstrap (Efron 1979): rows are drawn with replacement, as many as there are, without strata. The
 * draw depends on the seed and the number of rows only, so that models judged on the same rows are judged on the
 * same resamples and their differences can be resampled too.
 */
import type { Measure } from "./scored.ts";

/** Uniform 32-bit integers (sfc32, Doty-Humphrey's PractRand), seeded by one number. */
function generator(seed: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** Fills the same array with the next resample: how often each row was drawn. */
export function resampler(rows: number, seed: number): () => Int32Array {
  const next = generator(seed);
  const weights = new Int32Array(rows);
  const scale = rows / 2 ** 32;
  return () => {
    weights.fill(0);
    for (let i = 0; i < rows; i += 1) weights[Math.floor(next() * scale)]! += 1;
    return weights;
  };
}

export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** Draws between two looks at the signal and the event loop; about 10 ms. */
const ROWS_A_TURN = 1_000_000;

/** `each` is called for every resample, in order, with its number and weights (valid during the call). */
export async function forEachResample(
  rows: number,
  options: BootstrapOptions,
  each: (resample: number, weights: Int32Array) => void,
): Promise<void> {
  const draw = resampler(rows, options.seed);
  let drawn = 0;
  for (let b = 0; b < options.resamples; b += 1) {
    each(b, draw());
    drawn += rows;
    if (drawn < ROWS_A_TURN) continue;
    drawn = 0;
    options.progress?.(b + 1, options.resamples);
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
  }
}

/** [measures][resamples] values; NaN where a resample could not tell. */
export async function bootstrap(
  measures: readonly Measure[],
  rows: number,
  options: BootstrapOptions,
): Promise<Float64Array[]> {
  const values = measures.map(() => new Float64Array(options.resamples));
  await forEachResample(rows, options, (b, weights) => {
    measures.forEach((measure, m) => {
      values[m]![b] = measure(weights) ?? Number.NaN;
    });
  });
  return values;
}

/**
 * The middle `level` of the values, ends interpolated as numpy's `percentile` does. Resamples that could not tell
 * (NaN) count as lying beyond both ends: where one reaches an end, the interval is unknown (null).
 */
export function interval(values: Float64Array, level: number): [number, number] | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  // 0.025, not 0.025000000000000022.
  const tail = Number(((1 - level) / 2).toPrecision(12));
  const unknown = values.length - known.length;
  const low = orderStatistic(known, unknown, values.length, tail);
  const high = orderStatistic(known, 0, values.length, 1 - tail);
  return low === null || high === null ? null : [low, high];
}

/** The quantile of `before` unknown low values, then `known`, of `total`; null when it falls outside `known`. */
function orderStatistic(known: Float64Array, before: number, total: number, quantile: number): number | null {
  const place = quantile * (total - 1);
  const below = Math.floor(place);
  const share = place - below;
  const first = known[below - before];
  const second = share === 0 ? first : known[below + 1 - before];
  return first === undefined || second === undefined ? null : first + share * (second - first);
}
