/** Texts to vectors by an encoder: batches of like lengths, one graph for each length. */
import type { EngineName } from "../../engine/engines.ts";
import { type Executable, openGraph } from "../../engine/graph-engine.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { TensorData } from "../../graph/graph.ts";
import type { Tokenizer } from "../../text/tokenizer/tokenizer.ts";
import type { Network } from "../network.ts";

export interface EncoderModel {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, TensorData>;
  readonly tokenizer: Pick<Tokenizer, "encode">;
}

export interface EmbedOptions {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  /** The mean of the tokens' vectors, or that of the first. */
  readonly pooling: "mean" | "cls";
  /** Divide each vector by its length. */
  readonly normalize: boolean;
  /** Tokens of a text that are read; the network's context when not given. */
  readonly tokens?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** Rows of one graph: more texts are more runs. */
const ROWS = 16;
const SHORTEST = 16;

export interface Embedder {
  /** Numbers in each vector. */
  readonly width: number;
  /** One vector a text, in their order. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  release(): Promise<void>;
}

export function openEmbedder({ network, weights, tokenizer }: EncoderModel, options: EmbedOptions): Embedder {
  const most = Math.min(network.context, options.tokens ?? network.context);
  const opened = new Map<number, Promise<Executable>>();
  const graphOf = (length: number): Promise<Executable> => {
    let executable = opened.get(length);
    if (executable === undefined) {
      executable = openGraph(options.engine, pooledGraph(network, weights, length, options.pooling), {
        threads: options.threads,
      });
      opened.set(length, executable);
    }
    return executable;
  };
  return {
    width: network.width,
    async embed(texts) {
      const all = texts.map((text, at) => ({
        at,
        ids: shortened(tokenizer.encode(text, { specials: true, literal: true }), most),
      }));
      // Like lengths together; ties by their place, so that the same texts are always in the same batches.
      all.sort((a, b) => a.ids.length - b.ids.length || a.at - b.at);
      const vectors: Float32Array[] = new Array(texts.length);
      for (let from = 0; from < all.length; from += ROWS) {
        options.signal?.throwIfAborted();
        const rows = all.slice(from, from + ROWS);
        const length = lengthFor(rows.at(-1)!.ids.length, most);
        const made = await (await graphOf(length)).run(
          fed(
            rows.map(({ ids }) => ids),
            length,
          ),
        );
        const data = made["vector"]!.data as Float32Array;
        rows.forEach(({ at }, row) => {
          const vector = data.slice(row * network.width, (row + 1) * network.width);
          vectors[at] = options.normalize ? unit(vector) : vector;
        });
        options.progress?.(Math.min(all.length, from + ROWS), all.length);
      }
      return vectors;
    },
    async release() {
      const executables = [...opened.values()];
      opened.clear();
      for (const executable of executables) await (await executable).release();
    },
  };
}

/** A power of two that holds so many tokens, so that there are few graphs. */
const lengthFor = (tokens: number, most: number): number =>
  Math.min(most, 2 ** Math.ceil(Math.log2(Math.max(SHORTEST, tokens))));

/** The first tokens, and the last one, which closes a text (`[SEP]`). */
function shortened(ids: Int32Array, most: number): Int32Array {
  if (ids.length <= most) return ids;
  const short = ids.slice(0, most);
  short[most - 1] = ids[ids.length - 1]!;
  return short;
}

function pooledGraph(
  network: Network,
  weights: EncoderModel["weights"],
  length: number,
  pooling: "mean" | "cls",
) {
  const b = new GraphBuilder();
  const p = new Map(
    network.parameters.map(({ name, shape }) => [
      name,
      b.constant(weights.get(name)!.data as Float32Array, shape),
    ]),
  );
  const input = {
    ids: b.input("ids", "int32", [ROWS, length]),
    mask: b.input("mask", "float32", [ROWS, length]),
  };
  b.output("vector", network.pooled(b, p, input, pooling));
  return b.graph();
}

/** Rows that no text fills have one token, so that no mean is of nothing. */
function fed(rows: readonly Int32Array[], length: number): Record<string, TensorData> {
  const ids = new Int32Array(ROWS * length);
  const mask = new Float32Array(ROWS * length);
  for (let row = 0; row < ROWS; row++) {
    const own = rows[row];
    if (own !== undefined) ids.set(own, row * length);
    mask.fill(1, row * length, row * length + Math.max(1, own?.length ?? 0));
  }
  const shape = [ROWS, length];
  return { ids: { type: "int32", shape, data: ids }, mask: { type: "float32", shape, data: mask } };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((total, x) => total + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}
