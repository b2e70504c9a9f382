/** Memory that the threads of one training share. */
import { mixSeed, random } from "../../learn/random.ts";
import { fillTables, TABLES_END } from "./kernel.ts";
import type { NoiseTable } from "./noise.ts";
import type { SharedMemory, WasmModule } from "./webassembly.ts";

/**
 * The text is learnt in shards, whatever the number of threads: each starts from the same rows, moves its own copies
 * of them, and all moves are merged at fixed places of the text. So a seed gives the same bytes on any machine.
 */
const SHARDS = 4;
/** Tokens from which on a text is learnt in shards: shorter ones are learnt in a second, and better, in one. */
const LONG = 400_000;
/** Words that a shard reads between two merges, at most: CBOW moves fewer rows for a word. */
const CHUNK = { skip_gram: 2048, cbow: 4096 } as const;
/** Rounds of an epoch, at least, where there are shards. */
const ROUNDS = 64;
/** A chunk ends with a sentence when one ends within so many tokens: what is cut off has no context there. */
const SLACK = 64;
/** Sentence ends among the tokens. */
export const END = -1;

export type Method = "cbow" | "skip_gram";

/** Hyperparameters, by the names of the paper. */
export interface Options {
  readonly width: number;
  /** Words on each side, at most; every centre draws its own, 1 to this many. */
  readonly window: number;
  /** Words drawn as false ones beside each true one. */
  readonly negatives: number;
  /** Share of the text from which a word is left out by chance; 0 leaves nothing out. */
  readonly subsample: number;
  readonly epochs: number;
  /** Falls linearly to a ten-thousandth of it. */
  readonly rate: number;
  readonly seed: number;
}

/** Words of `control`. */
export const WORD = {
  generation: 0,
  active: 1,
  next: 2,
  op: 3,
  tasks: 4,
  failed: 5,
  round: 6,
  epoch: 7,
} as const;
export const OP = { learn: 1, merge: 2 } as const;
export type Op = (typeof OP)[keyof typeof OP];
/** Rows that are merged as one task. */
export const MERGE_ROWS = 1024;

export interface Shared extends Options {
  readonly method: Method;
  readonly memory: SharedMemory;
  readonly module: WasmModule;
  readonly words: number;
  readonly rowBytes: number;
  readonly shards: number;
  /** Words of the text that a shard reads in one round. */
  readonly chunk: number;
  readonly control: Int32Array;
  /** [0] the rate of this round */
  readonly numbers: Float64Array;
  /** [shards × 2] sum of the losses of this round, and how many */
  readonly losses: Float64Array;
  /** The text: word indices, `END` behind each sentence. */
  readonly tokens: Int32Array;
  /** [words] a word is kept when 32 random bits are below it */
  readonly keep: Float64Array;
  readonly noise: NoiseTable;
  /** By shard, [2 × words × 2]: address of the shard's copy of a row (0: none yet) and how often it was moved. */
  readonly slots: readonly Int32Array[];
  /** Addresses of the rows: [words] inputs, and the outputs right behind them. */
  readonly inputsAt: number;
  readonly outputsAt: number;
  readonly shardsAt: readonly ShardPlaces[];
}

/** Addresses of what a shard works with. */
export interface ShardPlaces {
  /** A row: the mean of the context's inputs. */
  readonly hidden: number;
  /** A row: what the hidden one is moved by. */
  readonly work: number;
  /** A list of outputs' addresses. */
  readonly list: number;
  /** A list of inputs' addresses; when merging, of one row's copies. */
  readonly contexts: number;
  /** Its copies of rows. */
  readonly copies: number;
}

const PAGE = 65_536;
const LARGEST = 65_536 * PAGE;
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
export const int32 = (length: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(length * 4));
export const float64 = (length: number): Float64Array<SharedArrayBuffer> =>
  new Float64Array(new SharedArrayBuffer(length * 8));

export const rowBytesOf = (width: number): number => Math.ceil(width / 4) * 16;
/** How many shards a text has. */
export const shardsOf = (tokens: number): number => (tokens < LONG ? 1 : SHARDS);

/** Words of one chunk. */
export const chunkOf = (method: Method, tokens: number): number =>
  Math.min(CHUNK[method], Math.ceil(tokens / (shardsOf(tokens) === 1 ? 1 : SHARDS * ROUNDS)));

/** Where the chunk that begins about `place` begins: behind the sentence that goes on there, unless it is long. */
export function chunkStart(tokens: Int32Array, place: number): number {
  if (place === 0 || place >= tokens.length) return Math.min(place, tokens.length);
  for (let at = place; at < tokens.length && at < place + SLACK; at += 1)
    if (tokens[at - 1] === END) return at;
  return place;
}

/** Tokens of a chunk, at most. */
export const longestChunk = (chunk: number): number => chunk + SLACK;

export interface Places {
  readonly inputsAt: number;
  readonly outputsAt: number;
  readonly shardsAt: readonly ShardPlaces[];
  readonly pages: number;
}

/** Where everything stands in memory; null when it does not fit into 4 GiB. */
export function placesOf(words: number, options: Options, shards: number, chunk: number): Places | null {
  const rowBytes = rowBytesOf(options.width);
  let at = aligned(TABLES_END);
  const take = (bytes: number): number => {
    const start = at;
    at += aligned(bytes);
    return start;
  };
  const inputsAt = take(2 * words * rowBytes);
  const outputsAt = inputsAt + words * rowBytes;
  const { window, negatives } = options;
  const longest = longestChunk(chunk);
  const copies = Math.min(words, longest) + Math.min(words, longest * 2 * window * (1 + negatives));
  const shardsAt = Array.from({ length: shards }, () => ({
    hidden: take(rowBytes),
    work: take(rowBytes),
    list: take(4 * 2 * window * (1 + negatives)),
    contexts: take(4 * Math.max(2 * window, shards)),
    copies: take(copies * rowBytes),
  }));
  return at > LARGEST ? null : { inputsAt, outputsAt, shardsAt, pages: Math.ceil(at / PAGE) };
}

/** Rows as they begin: inputs uniform within ±1 / width, as gensim's do, outputs 0. */
export function initialise(
  shared: Pick<Shared, "memory" | "words" | "rowBytes" | "width" | "seed" | "inputsAt">,
): void {
  fillTables(shared.memory);
  const source = random(mixSeed(shared.seed, 0x77), 1);
  for (let word = 0; word < shared.words; word += 1) {
    const row = new Float32Array(
      shared.memory.buffer,
      shared.inputsAt + word * shared.rowBytes,
      shared.width,
    );
    for (let i = 0; i < shared.width; i += 1) row[i] = (2 * source.next() - 1) / shared.width;
  }
}
