/** What pieces of text were encoded to: a hash table over UTF-16 units, so that looking a piece up makes no string. */
import type { Ids } from "./ids.ts";

/** Pieces longer than this many units are not kept. */
export const LONGEST_KEPT = 64;
const ENTRIES = 1 << 17;
const SLOTS = ENTRIES * 4;

/** A hash of `text[from, to)`: FNV-1a over the units, finished so that the low bits depend on all. */
export function hashUnits(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 12);
}

export class WordCache {
  /** [slots] entry + 1; 0 is free. */
  #slots = new Int32Array(1 << 12);
  #hashes = new Int32Array(1 << 10);
  /** [entries] where the key begins in `#units`, and its length. */
  #keys = new Int32Array(1 << 10);
  #lengths = new Uint8Array(1 << 10);
  /** [entries + 1] where the ids begin; an entry's end is where the next begins. */
  #starts = new Int32Array((1 << 10) + 1);
  #units = new Uint16Array(1 << 13);
  #values = new Int32Array(1 << 12);
  #entries = 0;
  #unitsUsed = 0;

  /** Appends the ids of `text[from, to)`, whose hash is given, to `into`; false when it is not known. */
  find(text: string, from: number, to: number, hash: number, into: Ids): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = to - from;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = slots[i]! - 1;
      if (entry < 0) return false;
      if (this.#hashes[entry] !== hash || this.#lengths[entry] !== length) continue;
      const key = this.#keys[entry]!;
      const units = this.#units;
      let same = 0;
      while (same < length && units[key + same] === text.charCodeAt(from + same)) same++;
      if (same < length) continue;
      const start = this.#starts[entry]!;
      const end = this.#starts[entry + 1]!;
      if (end - start === 1 && into.length < into.values.length) {
        into.values[into.length++] = this.#values[start]!;
      } else into.append(this.#values, start, end);
      return true;
    }
  }

  /** Keeps the ids of a piece that `find` did not know. A full cache starts again. */
  keep(text: string, from: number, to: number, hash: number, ids: Int32Array, count: number): void {
    const length = to - from;
    if (length > LONGEST_KEPT) return;
    if (this.#entries === ENTRIES) this.#clear();
    this.#room(length, count);
    const entry = this.#entries++;
    this.#hashes[entry] = hash;
    this.#keys[entry] = this.#unitsUsed;
    this.#lengths[entry] = length;
    for (let i = from; i < to; i++) this.#units[this.#unitsUsed++] = text.charCodeAt(i);
    const start = this.#starts[entry]!;
    for (let i = 0; i < count; i++) this.#values[start + i] = ids[i]!;
    this.#starts[entry + 1] = start + count;
    this.#place(entry);
  }

  #place(entry: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let i = this.#hashes[entry]! & mask;
    while (slots[i] !== 0) i = (i + 1) & mask;
    slots[i] = entry + 1;
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#entries = 0;
    this.#unitsUsed = 0;
  }

  #room(units: number, ids: number): void {
    if (this.#entries === this.#hashes.length) {
      const capacity = this.#entries * 2;
      this.#hashes = grown(this.#hashes, new Int32Array(capacity));
      this.#keys = grown(this.#keys, new Int32Array(capacity));
      this.#lengths = grown(this.#lengths, new Uint8Array(capacity));
      this.#starts = grown(this.#starts, new Int32Array(capacity + 1));
    }
    if (this.#entries * 3 >= this.#slots.length && this.#slots.length < SLOTS) {
      this.#slots = new Int32Array(this.#slots.length * 4);
      for (let entry = 0; entry < this.#entries; entry++) this.#place(entry);
    }
    if (this.#unitsUsed + units > this.#units.length)
      this.#units = grown(this.#units, new Uint16Array(this.#units.length * 2));
    while (this.#starts[this.#entries]! + ids > this.#values.length)
      this.#values = grown(this.#values, new Int32Array(this.#values.length * 2));
  }
}

function grown<T extends Int32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
