/** How often each piece occurs: a hash table over UTF-16 units. */
import type { Scanner } from "../scanners/scanner.ts";
import { hashUnits } from "../word-cache.ts";

/** Distinct pieces; typed arrays only, so that a worker hands them over without a copy. */
export interface WordCounts {
  /** The pieces' UTF-16 units, one after the other. */
  readonly units: Uint16Array<ArrayBuffer>;
  /** [words + 1] where each begins in `units`. */
  readonly starts: Float64Array<ArrayBuffer>;
  /** [words] */
  readonly hashes: Int32Array<ArrayBuffer>;
  /** [words] */
  readonly counts: Float64Array<ArrayBuffer>;
}

export class WordCounter {
  #slots = new Int32Array(1 << 14);
  #units = new Uint16Array(1 << 16);
  #starts = new Float64Array((1 << 12) + 1);
  #hashes = new Int32Array(1 << 12);
  #counts = new Float64Array(1 << 12);
  #words = 0;
  #used = 0;

  /** Counts the pieces of a text. */
  add(text: string, scan: Scanner): void {
    const length = text.length;
    for (let at = 0; at < length; ) {
      const end = scan(text, at, length);
      this.#count(text, at, end);
      at = end;
    }
  }

  /** Adds what another has counted. */
  merge({ units, starts, hashes, counts }: WordCounts): void {
    for (let word = 0; word < counts.length; word++) {
      const from = starts[word]!;
      const length = starts[word + 1]! - from;
      const slot = this.#slot(hashes[word]!, length, (i) => units[from + i]!);
      const known = this.#slots[slot]!;
      if (known > 0) this.#counts[known - 1]! += counts[word]!;
      else {
        this.#room(length);
        this.#units.set(units.subarray(from, from + length), this.#used);
        this.#keep(slot, hashes[word]!, length, counts[word]!);
      }
    }
  }

  result(): WordCounts {
    return {
      units: this.#units.slice(0, this.#used),
      starts: this.#starts.slice(0, this.#words + 1),
      hashes: this.#hashes.slice(0, this.#words),
      counts: this.#counts.slice(0, this.#words),
    };
  }

  #count(text: string, from: number, to: number): void {
    const hash = hashUnits(text, from, to);
    const length = to - from;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let i = hash & mask;
    // As `#slot`, written out: this loop sees every piece of the corpus.
    for (; slots[i] !== 0; i = (i + 1) & mask) {
      const word = slots[i]! - 1;
      if (this.#hashes[word] !== hash) continue;
      const start = this.#starts[word]!;
      if (this.#starts[word + 1]! - start !== length) continue;
      let same = 0;
      while (same < length && this.#units[start + same] === text.charCodeAt(from + same)) same++;
      if (same === length) {
        this.#counts[word]!++;
        return;
      }
    }
    this.#room(length);
    for (let unit = 0; unit < length; unit++) this.#units[this.#used + unit] = text.charCodeAt(from + unit);
    this.#keep(i, hash, length, 1);
  }

  /** The slot of a piece, or the free one where it belongs. */
  #slot(hash: number, length: number, unitAt: (i: number) => number): number {
    const mask = this.#slots.length - 1;
    let i = hash & mask;
    for (; this.#slots[i] !== 0; i = (i + 1) & mask) {
      const word = this.#slots[i]! - 1;
      const start = this.#starts[word]!;
      if (this.#hashes[word] !== hash || this.#starts[word + 1]! - start !== length) continue;
      let same = 0;
      while (same < length && this.#units[start + same] === unitAt(same)) same++;
      if (same === length) break;
    }
    return i;
  }

  /** The piece's units stand behind those in use already. */
  #keep(slot: number, hash: number, length: number, count: number): void {
    const word = this.#words++;
    this.#hashes[word] = hash;
    this.#counts[word] = count;
    this.#used += length;
    this.#starts[word + 1] = this.#used;
    this.#slots[slot] = word + 1;
    if (this.#words * 2 > this.#slots.length) this.#rehash();
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (let word = 0; word < this.#words; word++) {
      let i = this.#hashes[word]! & mask;
      while (this.#slots[i] !== 0) i = (i + 1) & mask;
      this.#slots[i] = word + 1;
    }
  }

  #room(length: number): void {
    if (this.#used + length > this.#units.length) {
      const grown = new Uint16Array(Math.max(this.#units.length * 2, this.#used + length));
      grown.set(this.#units.subarray(0, this.#used));
      this.#units = grown;
    }
    if (this.#words < this.#counts.length) return;
    const capacity = this.#words * 2;
    const starts = new Float64Array(capacity + 1);
    starts.set(this.#starts);
    this.#starts = starts;
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const counts = new Float64Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
