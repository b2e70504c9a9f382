/** Keys and values of the rows of a running batch, in memory that graphs read without a copy. */
import type { TensorData } from "../graph/graph.ts";
import type { Cache } from "../network/cache.ts";
import { emptyCaches, keep } from "../network/cache.ts";
import type { CacheSpec } from "../network/module.ts";

type Floats = Cache["key"];

/** As many places at first; they double when a row needs more. */
const SMALLEST = 128;

export class RowCaches {
  readonly #specs: readonly CacheSpec[];
  readonly #rows: number;
  readonly #context: number;
  #caches: Cache[];
  #capacity: number;
  /** How many places of each row are filled. */
  readonly lengths: Int32Array;

  /** @param context the most places that a row can need */
  constructor(specs: readonly CacheSpec[], rows: number, context: number) {
    this.#specs = specs;
    this.#rows = rows;
    this.#context = context;
    this.#capacity = Math.min(SMALLEST, context);
    this.#caches = emptyCaches(specs, rows, this.#capacity);
    this.lengths = new Int32Array(rows);
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for rows of so many places: the capacity is the context, or a doubling of the smallest. */
  reserve(places: number): void {
    if (places <= this.#capacity) return;
    let capacity = this.#capacity;
    while (capacity < places) capacity *= 2;
    this.#resize(Math.min(capacity, this.#context));
  }

  /** Gives back what grew when no row is filled. */
  shrink(): void {
    const smallest = Math.min(SMALLEST, this.#context);
    if (this.#capacity === smallest) return;
    this.#capacity = smallest;
    this.#caches = emptyCaches(this.#specs, this.#rows, smallest);
    this.lengths.fill(0);
  }

  /**
   * What a graph of some rows is fed: views, `NAME.i.key` and `NAME.i.value` [count, heads, capacity, width].
   * @param first the first of the rows
   */
  feeds(name: "past" | "cross", first: number, count: number): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = {};
    this.#caches.forEach(({ key, value }, at) => {
      feeds[`${name}.${at}.key`] = viewed(key, first, count);
      feeds[`${name}.${at}.value`] = viewed(value, first, count);
    });
    return feeds;
  }

  /** float32 [count, capacity]: 1 where a row's place is filled. */
  mask(first: number, count: number): TensorData {
    const data = new Float32Array(count * this.#capacity);
    for (let row = 0; row < count; row++) {
      const start = row * this.#capacity;
      data.fill(1, start, start + this.lengths[first + row]!);
    }
    return { type: "float32", shape: [count, this.#capacity], data };
  }

  /**
   * Writes what a graph made for rows from `first` on behind what they hold.
   * @param made `present.i.key` and `present.i.value` [count, heads, n, width]
   * @param tokens how many of the n each row keeps
   */
  keep(first: number, count: number, made: Readonly<Record<string, TensorData>>, tokens: Int32Array): void {
    const position = this.lengths.subarray(first, first + count);
    this.#caches.forEach(({ key, value }, at) => {
      keep(viewed(key, first, count), made[`present.${at}.key`]!, position, tokens);
      keep(viewed(value, first, count), made[`present.${at}.value`]!, position, tokens);
    });
    for (let row = 0; row < count; row++) position[row] = position[row]! + tokens[row]!;
  }

  /** Puts a row in another's place. */
  move(from: number, to: number): void {
    for (const { key, value } of this.#caches) {
      viewed(key, to, 1).data.set(viewed(key, from, 1).data);
      viewed(value, to, 1).data.set(viewed(value, from, 1).data);
    }
    this.lengths[to] = this.lengths[from]!;
  }

  #resize(capacity: number): void {
    const larger = emptyCaches(this.#specs, this.#rows, capacity);
    this.#caches.forEach((cache, at) => {
      spread(cache.key, larger[at]!.key);
      spread(cache.value, larger[at]!.value);
    });
    this.#caches = larger;
    this.#capacity = capacity;
  }
}

function viewed({ type, shape, data }: Floats, first: number, count: number): Floats {
  const [, ...row] = shape;
  const size = row.reduce((product, one) => product * one, 1);
  return { type, shape: [count, ...row], data: data.subarray(first * size, (first + count) * size) };
}

/** Copies each head's places into those of a larger cache. */
function spread(from: Floats, to: Floats): void {
  const [rows, heads, capacity, width] = from.shape as [number, number, number, number];
  const [, , larger] = to.shape as [number, number, number, number];
  for (let head = 0; head < rows * heads; head++) {
    const places = from.data.subarray(head * capacity * width, (head + 1) * capacity * width);
    to.data.set(places, head * larger * width);
  }
}
