/** Which pair is merged next. */
import type { PairIndex } from "./pair-index.ts";

/** Words that hold a pair, as it was queued. */
export interface Candidate {
  readonly pair: number;
  /** The pair's count when it was queued. */
  count: number;
  /** After how many merges it was queued. */
  readonly step: number;
  readonly words: ArrayLike<number>;
}

/**
 * A heap: the highest count first, of equal ones the pair with the smaller left id, then the smaller right one (Hugging
 * Face's order), then the one queued first. A total order, so the merges depend on counts alone.
 */
export class MergeQueue {
  readonly #pairs: PairIndex;
  readonly #heap: Candidate[] = [];

  constructor(pairs: PairIndex) {
    this.#pairs = pairs;
  }

  push(candidate: Candidate): void {
    const heap = this.#heap;
    heap.push(candidate);
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent]!;
      if (!this.#before(candidate, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      const below = heap[child]!;
      if (this.#before(last, below)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  #before(a: Candidate, b: Candidate): boolean {
    if (a.count !== b.count) return a.count > b.count;
    if (a.pair !== b.pair) {
      const { left, right } = this.#pairs;
      const difference = left[a.pair]! - left[b.pair]!;
      return difference !== 0 ? difference < 0 : right[a.pair]! < right[b.pair]!;
    }
    return a.step < b.step;
  }
}
