/** What a language model thinks of given texts, token by token. */
import type { EngineName } from "../../engine/engines.ts";
import type { Value } from "../../graph/graph.ts";
import { bucketOf, bucketsFor } from "../../learn/language/buckets.ts";
import { type Compiled, compiled } from "../../learn/language/compiled.ts";
import { feedsOf, needed, type Translated } from "../../learn/language/likelihood-batches.ts";
import type { LanguageModel } from "../../learn/language/load.ts";
import { surprise } from "../../learn/language/losses/parts.ts";
import { REWARD_BIAS, REWARD_WEIGHT, scores } from "../../learn/language/losses/preference.ts";
import { wholeSequences } from "../../learn/language/preference-batches.ts";

/** Of each position of an example that is predicted: the tokens from the second on. */
export interface TokenScores {
  /** −log p of the token, in nats */
  readonly nats: Float32Array;
  /** 1 where no other token was likelier */
  readonly right: Uint8Array;
}

export interface Computing {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
}

type Judged = Pick<LanguageModel, "network" | "architecture" | "weights">;

/** Logits of one batch, at most. */
const LOGITS = 1 << 24;
const MOST_ROWS = 32;

const rowsFor = (numbers: number, items: number): number =>
  Math.max(1, Math.min(MOST_ROWS, items, Math.floor(LOGITS / numbers)));

/**
 * Scores examples, each no longer than the context. Padding stands behind an example, where no earlier position sees
 * it, so that what an example scores does not depend on what it is batched with.
 */
export async function tokenScores(
  model: Judged,
  examples: readonly Translated[],
  computing: Computing,
): Promise<TokenScores[]> {
  const found = new Array<TokenScores>(examples.length);
  const { network, architecture } = model;
  await inBuckets(
    examples,
    needed,
    architecture.context,
    computing,
    async (length, members) => {
      const rows = rowsFor(length * architecture.vocabulary, members.length);
      const shapes = feedsOf([], rows, length, 1, network.kind === "encoder_decoder");
      return {
        rows,
        graph: await compiled(
          { ...computing, parameters: network.parameters, inputs: shapes },
          (b, p, inputs) => {
            const fed = (name: string): Value => inputs.get(name)!;
            const logits = network.forward(b, p, {
              ids: fed("ids"),
              ...(inputs.has("source") ? { source: fed("source"), sourceMask: fed("source_mask") } : {}),
            });
            const targets = fed("targets");
            const own = b.gatherLast(logits, targets);
            const likelier = b.less(own, b.max(logits, [2]));
            return { nats: surprise(b, logits, targets), right: b.cast(b.not(likelier), "float32") };
          },
        ),
      };
    },
    async (graph, rows, length, batch) => {
      const items = batch.map((place) => examples[place]!);
      const feeds = feedsOf(items, rows, length, 1, network.kind === "encoder_decoder");
      const { nats, right } = await graph.run(model.weights, feeds);
      batch.forEach((place, row) => {
        const from = row * length;
        const until = from + examples[place]!.ids.length - 1;
        found[place] = {
          nats: Float32Array.from(nats!.data.subarray(from, until)),
          right: Uint8Array.from(right!.data.subarray(from, until)),
        };
      });
    },
  );
  return found;
}

/** A reward model's score of each sequence, read at its last token. */
export async function rewardScores(
  model: Judged,
  sequences: readonly Int32Array[],
  computing: Computing,
): Promise<Float64Array> {
  const found = new Float64Array(sequences.length);
  const { network, architecture } = model;
  const heads = [REWARD_WEIGHT, REWARD_BIAS].map((name) => ({ name, shape: model.weights.get(name)!.shape }));
  await inBuckets(
    sequences,
    ({ length }) => length,
    architecture.context,
    computing,
    async (length, members) => {
      const rows = rowsFor(length * network.width, members.length);
      const nothing = Array.from({ length: rows }, () => new Int32Array(1));
      const parameters = [...network.parameters, ...heads];
      return {
        rows,
        graph: await compiled(
          { ...computing, parameters, inputs: wholeSequences(nothing, length) },
          (b, p, inputs) => ({
            score: scores(b, p, network.hidden(b, p, { ids: inputs.get("ids")! }), inputs.get("last")!),
          }),
        ),
      };
    },
    async (graph, rows, length, batch) => {
      const filled = Array.from({ length: rows }, (_, row) => {
        const place = batch[row];
        return place === undefined ? new Int32Array(1) : sequences[place]!;
      });
      const { score } = await graph.run(model.weights, wholeSequences(filled, length));
      batch.forEach((place, row) => {
        found[place] = score!.data[row]!;
      });
    },
  );
  return found;
}

/** Opens a graph for each length that occurs, and runs it over the items of that length in order. */
async function inBuckets<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  context: number,
  computing: Computing,
  open: (length: number, members: readonly number[]) => Promise<{ rows: number; graph: Compiled }>,
  run: (graph: Compiled, rows: number, length: number, batch: readonly number[]) => Promise<void>,
): Promise<void> {
  const lengths = items.map(lengthOf);
  const buckets = bucketsFor(lengths, context);
  let done = 0;
  for (const bucket of buckets) {
    const members = [...items.keys()].filter((place) => bucketOf(buckets, lengths[place]!) === bucket);
    if (members.length === 0) continue;
    const { rows, graph } = await open(bucket, members);
    try {
      for (let at = 0; at < members.length; at += rows) {
        computing.signal.throwIfAborted();
        const batch = members.slice(at, at + rows);
        await run(graph, rows, bucket, batch);
        done += batch.length;
        computing.progress(done, items.length);
      }
    } finally {
      await graph.release();
    }
  }
}
