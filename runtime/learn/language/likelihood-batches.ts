/** Batches of the next token's loss: windows on a corpus, instruction examples, or pairs of source and target. */
import type { TensorData } from "../../graph/graph.ts";
import { stepwise } from "../training/batches.ts";
import type { Feeds } from "../training/training.ts";
import { bucketOf } from "./buckets.ts";
import { countedOf, type Example, positionsOf } from "./examples.ts";
import { batchesOnce, batchPlan, inGroups } from "./plan.ts";
import { countedTokens, layOut } from "./sequences.ts";
import { randomWindows } from "./windows.ts";

/** What an encoder-decoder reads, beside what it writes. */
export interface Translated extends Example {
  readonly source?: Int32Array;
}

/** Where batches come from. */
export type Material =
  /** Windows of `length` anywhere on a stream of tokens. */
  | { readonly is: "stream"; readonly stream: Int32Array; readonly length: number }
  | {
      readonly is: "examples";
      readonly examples: readonly Translated[];
      readonly buckets: readonly number[];
    };

/** Row lengths that can occur. */
export const lengthsOf = (material: Material): readonly number[] =>
  material.is === "stream" ? [material.length] : material.buckets;

/** Rows that an example needs: of an encoder-decoder, the longer of its two sides. */
export const needed = (example: Translated): number =>
  Math.max(positionsOf(example), example.source?.length ?? 0);

/**
 * One batch of `rows`; `weight` as `layOut` has it.
 * @param reads with a source, as an encoder-decoder's are
 */
export function feedsOf(
  examples: readonly Translated[],
  rows: number,
  length: number,
  weight: number,
  reads = examples.some(({ source }) => source !== undefined),
): Feeds {
  return { ...layOut(examples, rows, length, weight), ...(reads ? sources(examples, rows, length) : {}) };
}

function sources(
  examples: readonly Translated[],
  rows: number,
  length: number,
): { readonly source: TensorData; readonly source_mask: TensorData } {
  const ids = new Int32Array(rows * length);
  const mask = new Float32Array(rows * length);
  const shape = [rows, length];
  for (let row = 0; row < rows; row++) {
    const source = examples[row]?.source;
    // A row of padding sees its first place, as attention to nothing is no number.
    mask[row * length] = 1;
    if (source === undefined) continue;
    ids.set(source, row * length);
    mask.fill(1, row * length, row * length + source.length);
  }
  return {
    source: { type: "int32", shape, data: ids },
    source_mask: { type: "float32", shape, data: mask },
  };
}

/**
 * The batches of each step, counted from 1 and asked for in order; they depend on the seed alone. The mean of their
 * losses is the mean surprise of all of the step's counted tokens.
 */
export function likelihoodBatches(
  material: Material,
  { batch, accumulate, seed }: { readonly batch: number; readonly accumulate: number; readonly seed: number },
): (step: number) => Feeds[] {
  const chosen =
    material.is === "stream" ? windowsBy(material, batch, seed) : plannedBy(material, batch, seed);
  const groups = stepwise(inGroups(chosen, accumulate));
  return (step) => {
    const batches = groups(step);
    const weight = accumulate / batches.reduce((sum, { examples }) => sum + countedTokens(examples), 0);
    return batches.map(({ examples, length }) => feedsOf(examples, batch, length, weight));
  };
}

interface Chosen {
  readonly examples: readonly Translated[];
  readonly length: number;
}

function* windowsBy(
  { stream, length }: Extract<Material, { is: "stream" }>,
  batch: number,
  seed: number,
): Generator<Chosen, never> {
  for (let index = 0; ; index++)
    yield { examples: randomWindows(stream, length, batch, seed, index), length };
}

function* plannedBy(
  { examples, buckets }: Extract<Material, { is: "examples" }>,
  batch: number,
  seed: number,
): Generator<Chosen, never> {
  const lengths = examples.map((example) => bucketOf(buckets, needed(example)));
  for (const planned of batchPlan(lengths, batch, seed))
    yield { length: planned.length, examples: planned.examples.map((place) => examples[place]!) };
  throw new Error("the plan has an end");
}

export interface JudgedBatch {
  readonly feeds: Feeds;
  readonly tokens: number;
}

/** Every example once, each counted token weighing 1, so that losses add up. */
export function* judged(
  examples: readonly Translated[],
  lengths: readonly number[],
  rows: number,
): Generator<JudgedBatch> {
  const counted = examples.filter((example) => countedOf(example) > 0);
  const places = counted.map((example) => bucketOf(lengths, needed(example)));
  for (const batch of batchesOnce(places, rows)) {
    const chosen = batch.examples.map((place) => counted[place]!);
    yield { feeds: feedsOf(chosen, rows, batch.length, 1), tokens: countedTokens(chosen) };
  }
}
