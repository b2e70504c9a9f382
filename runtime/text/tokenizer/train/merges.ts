/**
 * Learning the merges of byte-pair encoding with incremental pair counts: a merge looks only at the words that hold the
 * pair. The same merges, in the same order, as `BpeTrainer` of Hugging Face `tokenizers` 0.23 learns.
 */
import { setImmediate as turn } from "node:timers/promises";
import { MergeQueue } from "./merge-queue.ts";
import { PairIndex } from "./pair-index.ts";

/** Words as sequences of symbols. */
export interface Words {
  /** All words' symbols, one word after the other. Changed by the training. */
  readonly symbols: Int32Array;
  /** [words + 1] */
  readonly starts: Float64Array;
  /** [words] */
  readonly counts: Float64Array;
}

export interface MergeOptions {
  /** Tokens that exist, by id: specials and the alphabet. */
  readonly tokens: readonly string[];
  /** How many tokens there may be in all. */
  readonly vocabulary: number;
  /** Pairs that occur less often are not merged. */
  readonly minFrequency: number;
  readonly signal: AbortSignal;
  progress(done: number, total: number, note?: string): void;
}

export interface Merges {
  /** By id; those that exist, then the new ones. */
  readonly tokens: readonly string[];
  /** In order; a pair stands once, at its last merge. */
  readonly merges: readonly (readonly [left: number, right: number])[];
}

/** Milliseconds of work between two looks at the signal. */
const BREATH = 40;

/** @throws the signal's reason */
export async function learnMerges(words: Words, options: MergeOptions): Promise<Merges> {
  const { signal, progress, vocabulary } = options;
  const tokens = [...options.tokens];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const training = new Training(words);
  const merges: (readonly [number, number])[] = [];
  const first = tokens.length;
  let rested = performance.now();
  while (tokens.length < vocabulary) {
    const top = training.next();
    if (top === null || top.count < Math.max(1, options.minFrequency)) break;
    const token = tokens[top.left]! + tokens[top.right]!;
    let id = ids.get(token);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(token);
      ids.set(token, id);
    }
    merges.push([top.left, top.right]);
    training.merge(top.words, top.left, top.right, id);
    if (performance.now() - rested < BREATH) continue;
    progress(tokens.length - first, vocabulary - first, "merges");
    await turn();
    signal.throwIfAborted();
    rested = performance.now();
  }
  return { tokens, merges: lastOfEach(merges) };
}

/** Where one pair was merged twice, its later place holds: so Hugging Face's model keeps them. */
function lastOfEach(merges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const last = new Map(merges.map(([left, right], i) => [`${left} ${right}`, i]));
  return merges.filter(([left, right], i) => last.get(`${left} ${right}`) === i);
}

class Training {
  readonly #symbols: Int32Array;
  readonly #starts: Float64Array;
  /** [words] how many symbols each still has. */
  readonly #lengths: Int32Array;
  readonly #counts: Float64Array;
  readonly #pairs = new PairIndex();
  readonly #queue = new MergeQueue(this.#pairs);
  /** [pairs] words in which the present merge made a pair. */
  #made: number[][] = [];
  #step = 0;

  constructor({ symbols, starts, counts }: Words) {
    this.#symbols = symbols;
    this.#starts = starts;
    this.#counts = counts;
    this.#lengths = Int32Array.from(counts, (_, word) => starts[word + 1]! - starts[word]!);
    this.#queueAll();
  }

  /** The pair to merge, with the words to look at; null when there is none. */
  next(): { left: number; right: number; count: number; words: ArrayLike<number> } | null {
    for (;;) {
      const top = this.#queue.pop();
      if (top === undefined) return null;
      const count = this.#pairs.counts[top.pair]!;
      if (top.count !== count) {
        // It changed since: back, with what it is now. A count below one ends the training when it is on top.
        top.count = count;
        this.#queue.push(top);
        continue;
      }
      return {
        left: this.#pairs.left[top.pair]!,
        right: this.#pairs.right[top.pair]!,
        count,
        words: top.words,
      };
    }
  }

  merge(words: ArrayLike<number>, left: number, right: number, id: number): void {
    this.#step += 1;
    const touched: number[] = [];
    for (let i = 0; i < words.length; i++) this.#mergeIn(words[i]!, left, right, id, touched);
    for (const pair of touched) {
      const found = this.#made[pair]!;
      this.#made[pair] = [];
      const count = this.#pairs.counts[pair]!;
      if (count > 0) this.#queue.push({ pair, count, step: this.#step, words: found });
    }
  }

  #mergeIn(word: number, left: number, right: number, id: number, touched: number[]): void {
    const symbols = this.#symbols;
    const start = this.#starts[word]!;
    const end = start + this.#lengths[word]!;
    const count = this.#counts[word]!;
    let to = start;
    for (let at = start; at < end; at++) {
      if (symbols[at] !== left || at + 1 >= end || symbols[at + 1] !== right) {
        symbols[to++] = symbols[at]!;
        continue;
      }
      if (to > start) {
        const before = symbols[to - 1]!;
        this.#pairs.counts[this.#pairs.of(before, left)]! -= count;
        this.#gain(before, id, count, word, touched);
      }
      if (at + 2 < end) {
        const after = symbols[at + 2]!;
        this.#pairs.counts[this.#pairs.of(right, after)]! -= count;
        this.#gain(id, after, count, word, touched);
      }
      symbols[to++] = id;
      at++;
    }
    this.#lengths[word] = to - start;
  }

  #gain(left: number, right: number, count: number, word: number, touched: number[]): void {
    const pair = this.#pairs.of(left, right);
    this.#pairs.counts[pair]! += count;
    while (this.#made.length <= pair) this.#made.push([]);
    const words = this.#made[pair]!;
    if (words.length === 0) touched.push(pair);
    if (words.at(-1) !== word) words.push(word);
  }

  #queueAll(): void {
    const pairs = this.#pairs;
    /** [pairs] in how many words each occurs, and the last word seen with it. */
    const sizes: number[] = [];
    const seen: number[] = [];
    const all = this.#counts.length;
    for (let word = 0; word < all; word++) {
      this.#eachPair(word, (pair) => {
        pairs.counts[pair]! += this.#counts[word]!;
        if (pair === sizes.length) {
          sizes.push(0);
          seen.push(-1);
        }
        if (seen[pair] !== word) sizes[pair]! += 1;
        seen[pair] = word;
      });
    }
    const lists = sizes.map((size) => new Int32Array(size));
    sizes.fill(0);
    for (let word = 0; word < all; word++) {
      this.#eachPair(word, (pair) => {
        const list = lists[pair]!;
        const size = sizes[pair]!;
        if (size > 0 && list[size - 1] === word) return;
        list[size] = word;
        sizes[pair] = size + 1;
      });
    }
    lists.forEach((words, pair) => {
      const count = pairs.counts[pair]!;
      if (count > 0) this.#queue.push({ pair, count, step: 0, words });
    });
  }

  #eachPair(word: number, visit: (pair: number) => void): void {
    const end = this.#starts[word + 1]!;
    for (let at = this.#starts[word]! + 1; at < end; at++)
      visit(this.#pairs.of(this.#symbols[at - 1]!, this.#symbols[at]!));
  }
}
