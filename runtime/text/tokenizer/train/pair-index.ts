/** Pairs of ids by number, with how often each occurs. */
import { hashPair } from "../merge-table.ts";

export class PairIndex {
  /** [pairs] */
  left = new Int32Array(1 << 12);
  right = new Int32Array(1 << 12);
  /** [pairs] how often they occur, words counted as often as the corpus has them. */
  counts = new Float64Array(1 << 12);
  length = 0;
  /** Pair + 1; 0 is free. */
  #slots = new Int32Array(1 << 14);

  /** The number of a pair, which it is given the first time. */
  of(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let i = hashPair(left, right) & mask;
    for (;;) {
      const pair = this.#slots[i]! - 1;
      if (pair < 0) break;
      if (this.left[pair] === left && this.right[pair] === right) return pair;
      i = (i + 1) & mask;
    }
    if (this.length === this.left.length) this.#grow();
    const pair = this.length++;
    this.left[pair] = left;
    this.right[pair] = right;
    this.#slots[i] = pair + 1;
    if (this.length * 2 > this.#slots.length) this.#rehash();
    return pair;
  }

  #grow(): void {
    const capacity = this.length * 2;
    const left = new Int32Array(capacity);
    const right = new Int32Array(capacity);
    const counts = new Float64Array(capacity);
    left.set(this.left);
    right.set(this.right);
    counts.set(this.counts);
    this.left = left;
    this.right = right;
    this.counts = counts;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (let pair = 0; pair < this.length; pair++) {
      let i = hashPair(this.left[pair]!, this.right[pair]!) & mask;
      while (this.#slots[i] !== 0) i = (i + 1) & mask;
      this.#slots[i] = pair + 1;
    }
  }
}
