/**
 * A network as a `StepModel`: one graph for each number of rows and each capacity of the caches, made when it is
 * first needed. Prompts are read in pieces by graphs of one row, so that what a row holds never depends on others.
 */
import type { EngineName } from "../engine/engines.ts";
import { type Executable, openGraph } from "../engine/graph-engine.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { type Graph, sizeOf, type TensorData, type Value } from "../graph/graph.ts";
import type { CacheSpec, KeysValues } from "../network/module.ts";
import type { Network } from "../network/network.ts";
import type { StepModel } from "./batch-generator.ts";
import { RowCaches } from "./caches.ts";

export interface GraphModelOptions {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  /** Most rows decoded together. */
  readonly maxBatch: number;
  /** What an encoder-decoder's answers begin with: the token that ends a text. */
  readonly start: number | null;
  /** The vector of a text: the mean of its tokens', or that of the first. The mean where it is not given. */
  readonly pooling?: "mean" | "cls";
  /**
   * Weights up to so many numbers are constants of each graph, which are laid out once for the arithmetic to come. Of
   * larger models there would be too many copies: their graphs share the weights as they are.
   */
  readonly mostHeld?: number;
}

/** Tokens that one graph reads of a prompt, the shortest first. */
const PIECES = [16, 64];

/** The default of `mostHeld`. */
const MOST_HELD = 32_000_000;

export class GraphModel implements StepModel {
  readonly context: number;
  readonly vocabulary: number;
  readonly width: number;
  readonly generates: boolean;
  readonly apart: boolean;
  readonly rows: number;
  readonly #network: Network;
  readonly #weights: ReadonlyMap<string, TensorData>;
  readonly #options: GraphModelOptions;
  readonly #caches: RowCaches;
  /** What an encoder-decoder's rows look at. */
  readonly #sources: RowCaches;
  /** Weights that graphs are fed; null where each graph holds them. */
  readonly #fed: Readonly<Record<string, TensorData>> | null;
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
    this.apart = network.kind === "encoder_decoder";
    this.generates = network.kind === "decoder" || (this.apart && options.start !== null);
    this.rows = options.maxBatch;
    this.#caches = new RowCaches(network.caches, this.rows, context);
    const numbers = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#fed = numbers > (options.mostHeld ?? MOST_HELD) ? Object.fromEntries(weights) : null;
    this.#sources = new RowCaches(network.crosses, this.rows, context);
  }

  async begin(row: number, prompt: Int32Array, between: () => Promise<unknown>): Promise<Float32Array> {
    // Nobody else is there: what grew for others is given back.
    if (row === 0) for (const caches of [this.#caches, this.#sources]) caches.shrink();
    this.#caches.lengths[row] = 0;
    if (!this.apart) return this.#read(row, prompt, between);
    await this.#look(row, prompt);
    return this.#read(row, Int32Array.of(this.#options.start!), between);
  }

  /** Reads tokens piece by piece behind what a row holds. @returns logits after the last */
  async #read(row: number, tokens: Int32Array, between: () => Promise<unknown>): Promise<Float32Array> {
    const caches = this.#caches;
    caches.reserve(tokens.length);
    let logits = new Float32Array();
    for (let at = 0; at < tokens.length; ) {
      if (at > 0) await between();
      const left = tokens.length - at;
      const piece = PIECES.findLast((size) => size <= left) ?? PIECES[0]!;
      const count = Math.min(left, piece);
      const ids = new Int32Array(piece);
      ids.set(tokens.subarray(at, at + count));
      const made = await (await this.#decoder(1, piece)).run({
        ids: int32(ids, [1, piece]),
        position: int32(caches.lengths.slice(row, row + 1), [1]),
        only: int32(Int32Array.of(count - 1), [1]),
        ...this.#held(row, 1),
      });
      caches.keep(row, 1, made, Int32Array.of(count));
      logits = floats(made["logits"]!).slice();
      at += count;
    }
    return logits;
  }

  /** Encodes a source for a row to look at. */
  async #look(row: number, source: Int32Array): Promise<void> {
    const sources = this.#sources;
    sources.lengths[row] = 0;
    sources.reserve(source.length);
    const { length, ids, mask } = this.#padded(source);
    const made = await (await this.#source(length)).run({ ids, mask });
    sources.keep(row, 1, made, Int32Array.of(source.length));
  }

  /** What rows hold, as graphs are fed it. */
  #held(first: number, count: number): Record<string, TensorData> {
    const past = this.#caches.feeds("past", first, count);
    if (!this.apart) return past;
    const sources = this.#sources;
    return { ...past, ...sources.feeds("cross", first, count), mask: sources.mask(first, count) };
  }

  /** Tokens in a row of one of the lengths that encoders have graphs of. */
  #padded(tokens: Int32Array): { length: number; ids: TensorData; mask: TensorData } {
    const length = Math.min(this.context, 2 ** Math.ceil(Math.log2(Math.max(PIECES[0]!, tokens.length))));
    const ids = new Int32Array(length);
    ids.set(tokens);
    const mask = new Float32Array(length).fill(1, 0, tokens.length);
    return {
      length,
      ids: int32(ids, [1, length]),
      mask: { type: "float32", shape: [1, length], data: mask },
    };
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
      ...this.#held(0, rows),
    });
    caches.keep(0, rows, made, tokens);
    return floats(made["logits"]!);
  }

  move(from: number, to: number): void {
    this.#caches.move(from, to);
    this.#sources.move(from, to);
  }

  async embed(tokens: Int32Array): Promise<Float32Array> {
    const { length, ids, mask } = this.#padded(tokens);
    const made = await (await (this.apart ? this.#source(length) : this.#pooled(length))).run({ ids, mask });
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
    const seen = this.#sources.capacity;
    return this.#open(`decode ${rows} ${tokens} ${capacity} ${this.apart ? seen : 0}`, (b, p) => {
      const { logits, present } = this.#network.decode(b, p, {
        ids: b.input("ids", "int32", [rows, tokens]),
        position: b.input("position", "int32", [rows]),
        past: keysValues(b, "past", this.#network.caches, rows, capacity),
        ...(this.apart && {
          cross: keysValues(b, "cross", this.#network.crosses, rows, seen),
          sourceMask: b.input("mask", "float32", [rows, seen]),
        }),
        ...(tokens > 1 && { only: b.input("only", "int32", [rows]) }),
      });
      b.output("logits", logits);
      outputs(b, present);
    });
  }

  /** The encoder of an encoder-decoder: what its decoder looks at, and the mean of its vectors. */
  #source(length: number): Promise<Executable> {
    return this.#open(`source ${length}`, (b, p) => {
      const source = b.input("ids", "int32", [1, length]);
      const mask = b.input("mask", "float32", [1, length]);
      const { hidden, cross } = this.#network.encode(b, p, { source, sourceMask: mask });
      outputs(b, cross);
      const sums = b.matmul(b.reshape(mask, [1, 1, length]), hidden);
      b.output("vector", b.div(sums, b.sum(mask, [0, 1])));
    });
  }

  #pooled(length: number): Promise<Executable> {
    return this.#open(`pooled ${length}`, (b, p) => {
      const ids = b.input("ids", "int32", [1, length]);
      const mask = b.input("mask", "float32", [1, length]);
      b.output("vector", this.#network.pooled(b, p, { ids, mask }, this.#options.pooling ?? "mean"));
    });
  }

  /** A graph that is fed the weights where it does not hold them. */
  async #ready(graph: Graph): Promise<Executable> {
    const { engine, threads } = this.#options;
    const executable = await openGraph(engine, graph, { threads });
    const fed = this.#fed;
    if (fed === null) return executable;
    const read = graph.inputs.flatMap(({ name }) => (name in fed ? [[name, fed[name]!] as const] : []));
    const weights = Object.fromEntries(read);
    return { ...executable, run: (feeds, into) => executable.run({ ...weights, ...feeds }, into) };
  }

  #open(name: string, build: (b: GraphBuilder, p: ReadonlyMap<string, Value>) => void): Promise<Executable> {
    let executable = this.#opened.get(name);
    if (executable === undefined) {
      const b = new GraphBuilder();
      const parameters = this.#network.parameters.map(({ name: parameter }) => {
        const { data, shape } = this.#weights.get(parameter)!;
        const value = this.#fed === null ? b.constant(data, shape) : b.input(parameter, "float32", shape);
        return [parameter, value] as const;
      });
      build(b, new Map(parameters));
      executable = this.#ready(b.graph());
      this.#opened.set(name, executable);
    }
    return executable;
  }
}

/** Inputs `NAME.i.key` and `NAME.i.value`. */
const keysValues = (
  b: GraphBuilder,
  name: "past" | "cross",
  specs: readonly CacheSpec[],
  rows: number,
  capacity: number,
): KeysValues[] =>
  specs.map(({ heads, width }, at) => ({
    key: b.input(`${name}.${at}.key`, "float32", [rows, heads, capacity, width]),
    value: b.input(`${name}.${at}.value`, "float32", [rows, heads, capacity, width]),
  }));

function outputs(b: GraphBuilder, made: readonly KeysValues[]): void {
  made.forEach(({ key, value }, at) => {
    b.output(`present.${at}.key`, key);
    b.output(`present.${at}.value`, value);
  });
}

const int32 = (data: Int32Array, shape: readonly number[]): TensorData => ({ type: "int32", shape, data });

function floats({ type, data }: TensorData): Float32Array {
  if (type !== "float32") throw new Error(`a result is ${type}`);
  return data as Float32Array;
}
