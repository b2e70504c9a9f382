/** Which examples are in which batch: a function of the seed alone, so that a resumed run continues it. */
import { type Random, random } from "../random.ts";

export interface Batch {
  /** Row length, of the buckets. */
  readonly length: number;
  /** Places of its examples. */
  readonly examples: readonly number[];
}

/**
 * Batches without end: every epoch has its own order, every batch one row length. What does not fill a batch at an
 * epoch's end waits for the next, so every batch is full and no example is passed over; where there are fewer examples
 * than a batch holds, a batch holds some twice.
 * @param lengths Row length of each example
 */
export function* batchPlan(lengths: readonly number[], batch: number, seed: number): Generator<Batch, never> {
  if (lengths.length === 0) throw new Error("no example to plan");
  const waiting = new Map<number, number[]>();
  for (let epoch = 0; ; epoch++) {
    for (const place of permutation(lengths.length, random(seed, epoch))) {
      const length = lengths[place]!;
      const queue = waiting.get(length) ?? [];
      queue.push(place);
      if (queue.length < batch) {
        waiting.set(length, queue);
        continue;
      }
      waiting.set(length, []);
      yield { length, examples: queue };
    }
  }
}

/** So many of an endless plan at a time. */
export function* inGroups<T>(plan: Iterator<T, never>, size: number): Generator<T[], never> {
  for (;;) yield Array.from({ length: size }, () => plan.next().value);
}

/** Every example once, in order within its length, shorter rows first; the last batch of a length may be smaller. */
export function batchesOnce(lengths: readonly number[], batch: number): Batch[] {
  const byLength = new Map<number, number[]>();
  lengths.forEach((length, place) => {
    const places = byLength.get(length);
    if (places === undefined) byLength.set(length, [place]);
    else places.push(place);
  });
  return [...byLength.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([length, places]) =>
      Array.from({ length: Math.ceil(places.length / batch) }, (_, i) => ({
        length,
        examples: places.slice(i * batch, (i + 1) * batch),
      })),
    );
}

/** 0 … count − 1 in a random order (Fisher and Yates). */
export function permutation(count: number, source: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = source.int(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
