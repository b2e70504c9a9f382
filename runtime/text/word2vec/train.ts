/**
 * word2vec with negative sampling (Mikolov, Sutskever, Chen, Corrado, Dean 2013): skip-gram predicts the words around
 * a centre from it, CBOW the centre from the mean of the words around it. A seed gives the same bytes whatever the
 * number of threads.
 */
import { compileKernel } from "./kernel.ts";
import { keepBounds, noiseTable } from "./noise.ts";
import {
  chunkOf,
  float64,
  initialise,
  int32,
  MERGE_ROWS,
  type Method,
  OP,
  type Options,
  placesOf,
  rowBytesOf,
  type Shared,
  shardsOf,
  WORD,
} from "./shared.ts";
import { Team } from "./team.ts";
import { wasm } from "./webassembly.ts";

export type { Method, Options } from "./shared.ts";

/** A text as word indices. */
export interface EncodedText {
  /** Word indices, −1 behind each sentence. */
  readonly tokens: Int32Array;
  /** [words] how often each occurs among `tokens`; none is 0. */
  readonly counts: readonly number[];
}

export interface TrainingHooks {
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Words read, over all epochs, and the mean loss since the epoch's start. */
  progress(done: number, total: number, loss: number): void;
  /** The mean loss of a prediction in an epoch, in nats; epochs from 1. */
  epoch(epoch: number, loss: number): void;
}

export interface Trained {
  /** [words × width] the inputs' rows, which are the embedding. */
  readonly vectors: Float32Array;
  /** The outputs' rows, beside which they were learnt. */
  readonly outputs: Float32Array;
  /** Mean loss of a prediction in each epoch, nats: one true word and `negatives` false ones. */
  readonly losses: readonly number[];
}

/** Thrown when the rows and the threads' copies of them do not fit into 4 GiB. */
export class TooLarge extends Error {}

/** The rate never falls below this share of itself. */
const LEAST_RATE = 1e-4;

/**
 * Learns a vector for every word.
 * @param text at least one word
 * @throws TooLarge; the signal's reason when it is aborted
 */
export async function trainWord2vec(
  method: Method,
  text: EncodedText,
  options: Options,
  hooks: TrainingHooks,
): Promise<Trained> {
  const shared = share(method, text, options);
  const { control, numbers, shards } = shared;
  const rounds = Math.ceil(shared.tokens.length / (shards * shared.chunk));
  const total = options.epochs * shared.tokens.length;
  const mergeTasks = Math.ceil((2 * shared.words) / MERGE_ROWS);
  const losses: number[] = [];
  const team = await Team.open(shared, hooks.threads);
  try {
    for (let epoch = 0; epoch < options.epochs; epoch += 1) {
      const mean = { sum: 0, count: 0 };
      for (let round = 0; round < rounds; round += 1) {
        const done = epoch * shared.tokens.length + round * shards * shared.chunk;
        control[WORD.epoch] = epoch;
        control[WORD.round] = round;
        numbers[0] = options.rate * Math.max(LEAST_RATE, 1 - done / total);
        team.run(OP.learn, shards);
        team.run(OP.merge, mergeTasks);
        for (let shard = 0; shard < shards; shard += 1) {
          mean.sum += shared.losses[2 * shard]!;
          mean.count += shared.losses[2 * shard + 1]!;
        }
        hooks.progress(done, total, mean.count === 0 ? 0 : mean.sum / mean.count);
        await new Promise((resolve) => setImmediate(resolve));
        hooks.signal.throwIfAborted();
      }
      losses.push(mean.count === 0 ? 0 : mean.sum / mean.count);
      hooks.epoch(epoch + 1, losses.at(-1)!);
    }
  } finally {
    await team.close();
  }
  return { vectors: rowsAt(shared, shared.inputsAt), outputs: rowsAt(shared, shared.outputsAt), losses };
}

function share(method: Method, text: EncodedText, options: Options): Shared {
  const words = text.counts.length;
  const shards = shardsOf(text.tokens.length);
  const chunk = chunkOf(method, text.tokens.length);
  const places = placesOf(words, options, shards, chunk);
  if (places === null) throw new TooLarge(`${words} words of ${options.width} numbers`);
  const { pages, ...at } = places;
  const rowBytes = rowBytesOf(options.width);
  const tokens = int32(text.tokens.length);
  tokens.set(text.tokens);
  const shared: Shared = {
    ...options,
    ...at,
    method,
    memory: new wasm.Memory({ initial: pages, maximum: pages, shared: true }),
    module: compileKernel(rowBytes, pages),
    words,
    rowBytes,
    shards,
    chunk,
    control: int32(16),
    numbers: float64(1),
    losses: float64(2 * shards),
    tokens,
    keep: keepBounds(text.counts, options.subsample),
    noise: noiseTable(text.counts),
    slots: Array.from({ length: shards }, () => int32(4 * words)),
  };
  initialise(shared);
  return shared;
}

/** [words × width], without what fills rows up to whole vectors. */
function rowsAt({ memory, words, width, rowBytes }: Shared, at: number): Float32Array {
  const rows = new Float32Array(words * width);
  for (let word = 0; word < words; word += 1)
    rows.set(new Float32Array(memory.buffer, at + word * rowBytes, width), word * width);
  return rows;
}
