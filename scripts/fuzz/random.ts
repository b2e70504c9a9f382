/** Random numbers that a seed repeats: each sample has its own, so that one sample can be made again alone. */
export class Random {
  #state: number;

  constructor(seed: number, index: number) {
    // Neighbouring indices must not give neighbouring streams (the finalizer of MurmurHash3).
    let mixed = (seed ^ Math.imul(index, 0x9e3779b1)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    this.#state = mixed ^ (mixed >>> 16);
  }

  /** In [0, 1) (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!; // `values` is not empty.
  }
}
