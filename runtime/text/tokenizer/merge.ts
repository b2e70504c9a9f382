/** Merging the symbols of a piece: of all pairs the one of the lowest rank first, of equal ones the leftmost. */
import type { MergeTable } from "./merge-table.ts";

/** Up to here, looking at every pair again is quicker than keeping a queue. */
const SHORT = 48;

/** Merges `symbols[0, count)` in place and returns how many are left. */
export function mergeSymbols(table: MergeTable, symbols: Int32Array, count: number): number {
  return count <= SHORT ? mergeShort(table, symbols, count) : mergeLong(table, symbols, count);
}

const ranks = new Int32Array(SHORT);
const NONE = 0x7fffffff;

function rankOf(table: MergeTable, left: number, right: number): number {
  const rank = table.rank(left, right);
  return rank < 0 ? NONE : rank;
}

function mergeShort(table: MergeTable, symbols: Int32Array, count: number): number {
  let length = count;
  for (let i = 0; i + 1 < length; i++) ranks[i] = rankOf(table, symbols[i]!, symbols[i + 1]!);
  while (length > 1) {
    let best = NONE;
    let at = -1;
    for (let i = 0; i + 1 < length; i++) {
      if (ranks[i]! < best) {
        best = ranks[i]!;
        at = i;
      }
    }
    if (at < 0) break;
    symbols[at] = table.made[best]!;
    length--;
    for (let i = at + 1; i < length; i++) {
      symbols[i] = symbols[i + 1]!;
      ranks[i] = ranks[i + 1]!;
    }
    if (at + 1 < length) ranks[at] = rankOf(table, symbols[at]!, symbols[at + 1]!);
    if (at > 0) ranks[at - 1] = rankOf(table, symbols[at - 1]!, symbols[at]!);
  }
  return length;
}

/** Kept between calls, as all work here is of one thread and none of it waits. */
let next = new Int32Array(256);
let previous = new Int32Array(256);

/** O(n log n): a queue of candidate merges over a doubly linked list; entries that no longer hold are skipped. */
function mergeLong(table: MergeTable, symbols: Int32Array, count: number): number {
  if (count > next.length) {
    next = new Int32Array(count * 2);
    previous = new Int32Array(count * 2);
  }
  const queue = candidates;
  for (let i = 0; i < count; i++) {
    next[i] = i + 1 < count ? i + 1 : -1;
    previous[i] = i - 1;
    if (i + 1 < count) queue.offer(table.rank(symbols[i]!, symbols[i + 1]!), i);
  }
  while (queue.length > 0) {
    const rank = queue.rank;
    const at = queue.take();
    if (symbols[at] === -1) continue;
    const right = next[at]!;
    // Both may have changed since it was offered; the pair that stands there now then has an entry of its own.
    if (right === -1 || table.rank(symbols[at]!, symbols[right]!) !== rank) continue;
    symbols[at] = table.made[rank]!;
    symbols[right] = -1;
    const after = next[right]!;
    next[at] = after;
    if (after !== -1) {
      previous[after] = at;
      queue.offer(table.rank(symbols[at]!, symbols[after]!), at);
    }
    const before = previous[at]!;
    if (before !== -1) queue.offer(table.rank(symbols[before]!, symbols[at]!), before);
  }
  let kept = 0;
  for (let i = 0; i < count; i++) if (symbols[i] !== -1) symbols[kept++] = symbols[i]!;
  return kept;
}

/** A binary heap of (rank, place), the smallest first. */
class CandidateQueue {
  length = 0;
  #ranks: Int32Array;
  #places: Int32Array;

  constructor(capacity: number) {
    this.#ranks = new Int32Array(capacity);
    this.#places = new Int32Array(capacity);
  }

  offer(rank: number, place: number): void {
    if (rank < 0) return;
    if (this.length === this.#ranks.length) this.#grow();
    let i = this.length++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(rank, place, parent)) break;
      this.#ranks[i] = this.#ranks[parent]!;
      this.#places[i] = this.#places[parent]!;
      i = parent;
    }
    this.#ranks[i] = rank;
    this.#places[i] = place;
  }

  /** The first one's rank. */
  get rank(): number {
    return this.#ranks[0]!;
  }

  /** Takes the first one out and returns its place. */
  take(): number {
    const at = this.#places[0]!;
    const length = --this.length;
    const lastRank = this.#ranks[length]!;
    const lastPlace = this.#places[length]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#before(this.#ranks[child + 1]!, this.#places[child + 1]!, child))
        child++;
      if (this.#before(lastRank, lastPlace, child)) break;
      this.#ranks[i] = this.#ranks[child]!;
      this.#places[i] = this.#places[child]!;
      i = child;
    }
    this.#ranks[i] = lastRank;
    this.#places[i] = lastPlace;
    return at;
  }

  #before(rank: number, place: number, other: number): boolean {
    const theirs = this.#ranks[other]!;
    return rank < theirs || (rank === theirs && place < this.#places[other]!);
  }

  #grow(): void {
    const ranks = new Int32Array(this.#ranks.length * 2 + 16);
    const places = new Int32Array(ranks.length);
    ranks.set(this.#ranks);
    places.set(this.#places);
    this.#ranks = ranks;
    this.#places = places;
  }
}

const candidates = new CandidateQueue(256);
