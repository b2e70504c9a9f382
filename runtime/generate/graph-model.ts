/**
 * A network as a `StepModel`: one graph for each number of rows and each capacity of the caches, made when it is
 * first needed. Prompts are read in pieces by graphs of one row, so that what a row holds never depends on others.
 */
import type { EngineName } from "../engine/engines.ts";
import { type Executable, openGraph } from "../engine/graph-engine.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { TensorData, Value } from "../graph/graph.ts";
import type { Network } from "../network/network.ts";
import type { StepModel } from "./batch-generator.ts";
import { RowCaches } from "./caches.ts";

export interface GraphModelOptions {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  /** Most rows decoded together. */
  readonly maxBatch: number;
}

/** Tokens that one graph reads of a prompt, the shortest first. */
const PIECES = [16, 64];

export class GraphModel implements StepModel {
  readonly context: number;
  readonly vocabulary: number;
  readonly width: number;
  readonly generates: boolean;
  readonly rows: number;
  readonly #network: Network;
  readonly #weights: ReadonlyMap<string, TensorData>;
  readonly #options: GraphModelOptions;
  readonly #caches: RowCaches;
  readonly #opened = new Map<string, Promise<Executable>>();

  /** @param weights every parameter of the network, by name */
  constructor(
    network: Network,
    context: number,
    weights: ReadonlyMap<string, TensorData>,
    options: GraphModelOptions,
  ) {
    this.#network = network;
    this.#weights = weights;
    this.#options = options;
    this.context = context;
    this.vocabulary = network.vocabulary;
    this.width = network.width;
    this.generates = network.kind === "decoder";
    this.rows = options.maxBatch;
    this.#caches = new RowCaches(network.caches, this.rows, context);
  }

  async begin(row: number, prompt: Int32Array): Promise<Float32Array> {
    const caches = this.#caches;
    if (row === 0) caches.shrink();
    caches.lengths[row] = 0;
    caches.reserve(prompt.length);
    let logits = new Float32Array();
    for (let at = 0; at < prompt.length; ) {
      const left = prompt.length - at;
      const piece = PIECES.findLast((size) => size <= left) ?? PIECES[0]!;
      const count = Math.min(left, piece);
      const ids = new Int32Array(piece);
      ids.set(prompt.subarray(at, at + count));
      const made = await (await this.#decoder(1, piece)).run({
        ids: int32(ids, [1, piece]),
        position: int32(caches.lengths.slice(row, row + 1), [1]),
        only: int32(Int32Array.of(count - 1), [1]),
        ...caches.feeds(row, 1),
      });
      caches.keep(row, 1, made, Int32Array.of(count));
      logits = floats(made["logits"]!).slice();
      at += count;
    }
    return logits;
  }

  async step(ids: Int32Array): Promise<Float32Array> {
    const caches = this.#caches;
    const needed = ids.reduce(
      (most, id, row) => (id < 0 ? most : Math.max(most, caches.lengths[row]! + 1)),
      1,
    );
    caches.reserve(needed);
    const rows = Math.min(this.rows, 2 ** Math.ceil(Math.log2(ids.length)));
    const fed = new Int32Array(rows);
    const tokens = new Int32Array(rows);
    const position = new Int32Array(rows);
    ids.forEach((id, row) => {
      position[row] = caches.lengths[row]!;
      if (id < 0) return;
      fed[row] = id;
      tokens[row] = 1;
    });
    const made = await (await this.#decoder(rows, 1)).run({
      ids: int32(fed, [rows, 1]),
      position: int32(position, [rows]),
      ...caches.feeds(0, rows),
    });
    caches.keep(0, rows, made, tokens);
    return floats(made["logits"]!);
  }

  move(from: number, to: number): void {
    this.#caches.move(from, to);
  }

  async embed(ids: Int32Array): Promise<Float32Array> {
    const length = Math.min(this.context, 2 ** Math.ceil(Math.log2(Math.max(16, ids.length))));
    const padded = new Int32Array(length);
    padded.set(ids);
    const mask = new Float32Array(length).fill(1, 0, ids.length);
    const made = await (await this.#encoder(length)).run({
      ids: int32(padded, [1, length]),
      mask: { type: "float32", shape: [1, length], data: mask },
    });
    return floats(made["vector"]!).slice();
  }

  async release(): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.all(opened.map(async (one) => (await one).release()));
  }

  /** A graph of so many rows that adds so many tokens to each; with more than one token only one's logits come out. */
  #decoder(rows: number, tokens: number): Promise<Executable> {
    const { capacity } = this.#caches;
    return this.#open(`decode ${rows} ${tokens} ${capacity}`, (b, p) => {
      const past = this.#network.caches.map(({ heads, width }, at) => ({
        key: b.input(`past.${at}.key`, "float32", [rows, heads, capacity, width]),
        value: b.input(`past.${at}.value`, "float32", [rows, heads, capacity, width]),
      }));
      const { logits, present } = this.#network.decode(b, p, {
        ids: b.input("ids", "int32", [rows, tokens]),
        position: b.input("position", "int32", [rows]),
        past,
        ...(tokens === 1 ? {} : { only: b.input("only", "int32", [rows]) }),
      });
      b.output("logits", logits);
      present.forEach(({ key, value }, at) => {
        b.output(`present.${at}.key`, key);
        b.output(`present.${at}.value`, value);
      });
    });
  }

  #encoder(length: number): Promise<Executable> {
    return this.#open(`embed ${length}`, (b, p) => {
      const input = {
        ids: b.input("ids", "int32", [1, length]),
        mask: b.input("mask", "float32", [1, length]),
      };
      b.output("vector", this.#network.pooled(b, p, input, "mean"));
    });
  }

  #open(name: string, build: (b: GraphBuilder, p: ReadonlyMap<string, Value>) => void): Promise<Executable> {
    let executable = this.#opened.get(name);
    if (executable === undefined) {
      const b = new GraphBuilder();
      // As constants, weights are laid out once for the arithmetic to come.
      const parameters = this.#network.parameters.map(({ name: parameter }) => {
        const { data, shape } = this.#weights.get(parameter)!;
        return [parameter, b.constant(data, shape)] as const;
      });
      build(b, new Map(parameters));
      const { engine, threads } = this.#options;
      executable = openGraph(engine, b.graph(), { threads });
      this.#opened.set(name, executable);
    }
    return executable;
  }
}

const int32 = (data: Int32Array, shape: readonly number[]): TensorData => ({ type: "int32", shape, data });

function floats({ type, data }: TensorData): Float32Array {
  if (type !== "float32") throw new Error(`a result is ${type}`);
  return data as Float32Array;
}
