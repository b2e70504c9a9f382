/** Row lengths: a graph is compiled for each, so few of them; each example pays for the shortest that holds it. */

/** Lengths are rounded up to a multiple of this, which suits the kernels. */
const GRAIN = 8;

/**
 * Ascending row lengths for sequences of these lengths.
 * @param asked What the spec says; those above `context` are cut to it, and one that holds the longest is added
 * @param context Positions that the network has
 */
export function bucketsFor(
  lengths: readonly number[],
  context: number,
  asked: readonly number[] | null = null,
): number[] {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  const last = Math.min(context, Math.ceil(longest / GRAIN) * GRAIN);
  if (asked !== null) {
    const wanted = asked.map((length) => Math.min(length, context)).filter((length) => length < last);
    return ascending([...wanted, last]);
  }
  // Half the length pays for its own graph when a good part of the examples need no more.
  const half = Math.ceil(last / 2 / GRAIN) * GRAIN;
  const short = lengths.filter((length) => length <= half).length;
  return half < last && short >= lengths.length / 4 ? [half, last] : [last];
}

const ascending = (lengths: readonly number[]): number[] => [...new Set(lengths)].sort((a, b) => a - b);

/** The shortest bucket that holds `length`; the last one holds all. */
export function bucketOf(buckets: readonly number[], length: number): number {
  const found = buckets.find((bucket) => length <= bucket);
  if (found === undefined) throw new Error(`no bucket holds ${length} positions`);
  return found;
}
