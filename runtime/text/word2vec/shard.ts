/** What a thread does: learns a shard's chunk of the text, or merges rows that shards have moved. */
import { mixSeed } from "../../learn/random.ts";
import { type Kernel, openKernel } from "./kernel.ts";
import { chunkStart, END, longestChunk, MERGE_ROWS, OP, type Shared, WORD } from "./shared.ts";

/** A 32-bit number to [0, 1). */
const UNIT = 2 ** -32;
/**
 * How far one update brings a row towards where the text pulls it, as a share of the rate: σ′ < ¼ times the square of
 * the length of the rows it meets, along one direction of many. It decides how the shards' moves of a row add up.
 */
const PULL = 0.05;

/**
 * Draws from the noise distribution that a chunk's false words are drawn from again, evenly. What a word's chance is
 * stays as it was; but a chunk touches far fewer rows, and those it touches stay in the cache. A power of 2.
 */
const POOL = 1024;

/** xorshift32 (Marsaglia 2003); the state is never 0. */
function next(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x;
}

export class ShardWork {
  private readonly shared: Shared;
  private readonly kernel: Kernel;
  private readonly thread: number;
  private readonly heap: Int32Array;
  /** [longest chunk + 1] words of the chunk that are not left out, and the sentence ends */
  private readonly kept: Int32Array;
  /** [POOL] words */
  private readonly pool = new Int32Array(POOL);
  /** Address behind the shard's last copy. */
  private free = 0;

  private constructor(shared: Shared, kernel: Kernel, thread: number) {
    this.shared = shared;
    this.kernel = kernel;
    this.thread = thread;
    this.heap = new Int32Array(shared.memory.buffer);
    this.kept = new Int32Array(longestChunk(shared.chunk) + 1);
  }

  /** @param thread another for each thread, below the number of shards */
  static async open(shared: Shared, thread: number): Promise<ShardWork> {
    return new ShardWork(shared, await openKernel(shared.module, shared.memory), thread);
  }

  /** Takes tasks of the open operation until there are none left. */
  work(): void {
    const { control } = this.shared;
    const op = control[WORD.op];
    const tasks = control[WORD.tasks]!;
    for (;;) {
      const task = Atomics.add(control, WORD.next, 1);
      if (task >= tasks) return;
      if (op === OP.learn) this.learn(task);
      else this.merge(task);
    }
  }

  /** One shard's chunk of this round. */
  private learn(shard: number): void {
    const { shared } = this;
    const round = shared.control[WORD.round]!;
    const seed = mixSeed(mixSeed(mixSeed(shared.seed, shared.control[WORD.epoch]!), round), shard) || 1;
    const place = (round * shared.shards + shard) * shared.chunk;
    const start = chunkStart(shared.tokens, place);
    const { count, state } = this.subsample(start, chunkStart(shared.tokens, place + shared.chunk), seed);
    this.fillPool(state);
    this.free = shared.shardsAt[shard]!.copies;
    if (shared.method === "cbow") this.cbow(shard, count, state);
    else this.skipGram(shard, count, state);
  }

  private subsample(start: number, end: number, seed: number): { count: number; state: number } {
    const { kept } = this;
    const { tokens, keep } = this.shared;
    let state = seed;
    let count = 0;
    for (let i = start; i < end; i += 1) {
      const word = tokens[i]!;
      if (word !== END) {
        state = next(state);
        if (state >>> 0 >= keep[word]!) continue;
      }
      kept[count++] = word;
    }
    kept[count] = END;
    return { count, state };
  }

  private fillPool(seed: number): void {
    const { pool } = this;
    const { words, noise } = this.shared;
    let state = seed;
    for (let i = 0; i < POOL; i += 1) {
      state = next(state);
      const x = (state >>> 0) * words * UNIT;
      const cell = Math.floor(x);
      pool[i] = x - cell < noise.share[cell]! ? cell : noise.other[cell]!;
    }
  }

  /** The context from the centre: the centre's input predicts each word around it. */
  private skipGram(shard: number, count: number, seed: number): void {
    const { kept, heap, kernel, shared } = this;
    const { window, negatives, words, losses } = shared;
    const { pool } = this;
    const { list, work } = shared.shardsAt[shard]!;
    const slots = shared.slots[shard]!;
    const rate = shared.numbers[0]!;
    const start = list >>> 2;
    let state = seed;
    let loss = 0;
    let predicted = 0;
    let first = 0;
    let last = this.sentenceEnd(0);
    for (let i = 0; i < count; i += 1) {
      const centre = kept[i]!;
      if (centre === END) {
        first = i + 1;
        last = this.sentenceEnd(first);
        continue;
      }
      state = next(state);
      const reach = 1 + Math.floor((state >>> 0) * UNIT * window);
      const from = Math.max(i - reach, first);
      const to = i + reach >= last ? last - 1 : i + reach;
      let n = start;
      for (let j = from; j <= to; j += 1) {
        if (j === i) continue;
        const context = kept[j]!;
        let slot = 2 * (words + context);
        heap[n++] = (slots[slot] || this.copy(slots, slot)) + 1;
        slots[slot + 1]! += 1;
        for (let k = 0; k < negatives; k += 1) {
          state = next(state);
          const drawn = pool[state & (POOL - 1)]!;
          if (drawn === context) continue;
          slot = 2 * (words + drawn);
          heap[n++] = slots[slot] || this.copy(slots, slot);
          slots[slot + 1]! += 1;
        }
        predicted += 1;
      }
      if (n === start) continue;
      const input = slots[2 * centre] || this.copy(slots, 2 * centre);
      slots[2 * centre + 1]! += n - start;
      loss += kernel.learn(input, list, n - start, rate, work);
      heap[start] = input;
      kernel.addToAll(list, 1, work);
    }
    losses[2 * shard] = loss;
    losses[2 * shard + 1] = predicted;
  }

  /** The centre from its context: the mean of the inputs around it predicts it. */
  private cbow(shard: number, count: number, seed: number): void {
    const { kept, heap, kernel, shared } = this;
    const { window, negatives, words, losses } = shared;
    const { pool } = this;
    const { list, contexts, hidden, work } = shared.shardsAt[shard]!;
    const slots = shared.slots[shard]!;
    const rate = shared.numbers[0]!;
    const start = list >>> 2;
    const contextStart = contexts >>> 2;
    let state = seed;
    let loss = 0;
    let predicted = 0;
    let first = 0;
    let last = this.sentenceEnd(0);
    for (let i = 0; i < count; i += 1) {
      const centre = kept[i]!;
      if (centre === END) {
        first = i + 1;
        last = this.sentenceEnd(first);
        continue;
      }
      state = next(state);
      const reach = 1 + Math.floor((state >>> 0) * UNIT * window);
      const from = Math.max(i - reach, first);
      const to = i + reach >= last ? last - 1 : i + reach;
      const around = to - from;
      if (around === 0) continue;
      let m = contextStart;
      for (let j = from; j <= to; j += 1) {
        if (j === i) continue;
        const slot = 2 * kept[j]!;
        heap[m++] = slots[slot] || this.copy(slots, slot);
        slots[slot + 1]! += 1;
      }
      let slot = 2 * (words + centre);
      let n = start;
      heap[n++] = (slots[slot] || this.copy(slots, slot)) + 1;
      slots[slot + 1]! += 1;
      for (let k = 0; k < negatives; k += 1) {
        state = next(state);
        const drawn = pool[state & (POOL - 1)]!;
        if (drawn === centre) continue;
        slot = 2 * (words + drawn);
        heap[n++] = slots[slot] || this.copy(slots, slot);
        slots[slot + 1]! += 1;
      }
      kernel.sum(contexts, around, 1 / around, hidden);
      loss += kernel.learn(hidden, list, n - start, rate, work);
      kernel.addToAll(contexts, around, work);
      predicted += 1;
    }
    losses[2 * shard] = loss;
    losses[2 * shard + 1] = predicted;
  }

  /** The shard's own copy of a row, made when it is first needed in a round; its address as an int32. */
  private copy(slots: Int32Array, slot: number): number {
    const { inputsAt, rowBytes } = this.shared;
    const { free } = this;
    this.kernel.copy(inputsAt + (slot >>> 1) * rowBytes, free);
    this.free = free + rowBytes;
    slots[slot] = free;
    return free | 0;
  }

  private sentenceEnd(from: number): number {
    const { kept } = this;
    let at = from;
    while (kept[at]! !== END) at += 1;
    return at;
  }

  /**
   * Brings the shards' copies of some rows together. Their moves are added; but copies that were moved often each
   * went most of the way to the same place, and the sum would overshoot. n updates with a pull of p go about
   * pn / (1 + pn) of the way, so the sum is scaled to how far all of them, one after the other, would have gone.
   */
  private merge(task: number): void {
    const { shared, kernel, heap } = this;
    const { words, rowBytes, inputsAt, slots, shards } = shared;
    const pull = PULL * shared.numbers[0]!;
    const { contexts, work } = shared.shardsAt[this.thread]!;
    const start = contexts >>> 2;
    const until = Math.min((task + 1) * MERGE_ROWS, 2 * words);
    for (let row = task * MERGE_ROWS; row < until; row += 1) {
      let n = start;
      let moved = 0;
      let ways = 0;
      for (let shard = 0; shard < shards; shard += 1) {
        const slot = slots[shard]!;
        const address = slot[2 * row]!;
        if (address === 0) continue;
        heap[n++] = address;
        const times = slot[2 * row + 1]!;
        moved += times;
        ways += times / (1 + pull * times);
        slot[2 * row] = 0;
        slot[2 * row + 1] = 0;
      }
      const copies = n - start;
      if (copies === 0) continue;
      const scale = copies === 1 ? 1 : moved / (1 + pull * moved) / ways;
      kernel.merge(inputsAt + row * rowBytes, contexts, copies, scale, work);
    }
  }
}
