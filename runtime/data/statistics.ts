/** Statistics of one column, over its values that are not missing. Sums run in the rows' order: no thread changes a bit. */

/** The values that are not missing, ascending. */
export function sortedValues(values: Float64Array): Float64Array {
  return values.filter((x) => !Number.isNaN(x)).sort();
}

/** The mean, by compensated summation (Neumaier 1974); NaN of nothing. */
export function mean(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  let count = 0;
  for (const x of values) {
    if (Number.isNaN(x)) continue;
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
    count += 1;
  }
  return (sum + lost) / count;
}

/** The population's standard deviation (divided by n, as scikit-learn's StandardScaler). */
export function deviation(values: Float64Array, center: number): number {
  return Math.sqrt(mean(values.map((x) => (x - center) * (x - center))));
}

/** Linear interpolation between the nearest ranks (type 7 of Hyndman and Fan 1996; numpy's default). */
export function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** The most frequent value, the smallest of equals; null of nothing. */
export function mode<T extends number | string>(values: Iterable<T | null>): T | null {
  const counts = new Map<T, number>();
  for (const value of values) {
    if (value === null || Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: T | null = null;
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most || (count === most && best !== null && value < best)) {
      best = value;
      most = count;
    }
  }
  return best;
}
