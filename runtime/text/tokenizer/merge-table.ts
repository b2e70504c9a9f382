/** From a pair of ids to the rank of its merge: open addressing over typed arrays. */

export class MergeTable {
  /** Slots of three: left, right, rank; −1 in the first when free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** [ranks] the id that a merge makes. */
  readonly made: Int32Array;

  /** Merges in the order of their ranks; of a pair that stands twice the later rank holds, as in Hugging Face's. */
  constructor(merges: { readonly left: Int32Array; readonly right: Int32Array; readonly made: Int32Array }) {
    const { left, right, made } = merges;
    let size = 16;
    while (size < left.length * 2) size *= 2;
    this.#slots = new Int32Array(size * 3).fill(-1);
    this.#mask = size - 1;
    this.made = made;
    for (let rank = 0; rank < left.length; rank++) {
      const at = this.#slot(left[rank]!, right[rank]!);
      this.#slots[at] = left[rank]!;
      this.#slots[at + 1] = right[rank]!;
      this.#slots[at + 2] = rank;
    }
  }

  /** The rank of the merge of `left` and `right`; −1 when there is none. Lower ranks come first. */
  rank(left: number, right: number): number {
    // A free slot's rank is −1 too.
    return this.#slots[this.#slot(left, right) + 2]!;
  }

  #slot(left: number, right: number): number {
    const slots = this.#slots;
    let i = hashPair(left, right) & this.#mask;
    for (;;) {
      const at = i * 3;
      const found = slots[at]!;
      if (found === -1 || (found === left && slots[at + 1] === right)) return at;
      i = (i + 1) & this.#mask;
    }
  }
}

/** A hash of two ids in 32 bits (the finalizer of MurmurHash3). */
export function hashPair(left: number, right: number): number {
  let h = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
