/**
 * Texts made together: requests join the running batch when a row is free and leave it when they end, each step
 * makes one token for every row. A row's numbers do not depend on what the other rows hold, and each request draws
 * from a random stream of its own, so that a text is the same alone and in company.
 */
import { begun } from "../text/tokenizer/beginning.ts";
import {
  type GeneratedToken,
  GenerateRefused,
  type GenerateRequest,
  type Generator,
  type Load,
  type TextCodec,
} from "./types.ts";
import { AHEAD, Writing } from "./writing.ts";

/** A network with a cache for each row of a batch: what decides how tokens follow one another. */
export interface StepModel {
  /** Most tokens of a row. */
  readonly context: number;
  readonly vocabulary: number;
  /** Length of an embedding. */
  readonly width: number;
  /** False for a model that only encodes. */
  readonly generates: boolean;
  /** Prompts have a context of their own, as an encoder-decoder's sources do. */
  readonly apart: boolean;
  /** Most rows. */
  readonly rows: number;
  /**
   * Reads a prompt into a row.
   * @param between called between pieces of a long one: the rows before this one may take steps
   * @returns logits [vocabulary] of the token after it, the caller's own
   */
  begin(row: number, prompt: Int32Array, between: () => Promise<unknown>): Promise<Float32Array>;
  /**
   * Adds one token to each of the first rows.
   * @param ids [n]; −1 leaves the row as it is
   * @returns logits [n · vocabulary] of the tokens after those; rows left as they are hold anything
   */
  step(ids: Int32Array): Promise<Float32Array>;
  /** Puts a row in another's place. */
  move(from: number, to: number): void;
  /** The last hidden states of the tokens as one vector, [width]. */
  embed(ids: Int32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** A generator over any model that goes step by step. */
export class BatchGenerator implements Generator {
  readonly #model: StepModel;
  readonly #codec: TextCodec;
  readonly #end: number | null;
  readonly #running: Writing[] = [];
  readonly #waiting: Writing[] = [];
  #loop: Promise<void> | null = null;
  /** Ends the loop's rest while every row is ahead of its reader. */
  #stir: (() => void) | null = null;
  /** Embeddings take turns with each other; the model's own rows are apart from them. */
  #embedding: Promise<unknown> = Promise.resolve();
  #toEmbed = 0;
  #closed = false;

  /** @param end the token that ends a text; null where the model has none */
  constructor(model: StepModel, codec: TextCodec, end: number | null) {
    this.#model = model;
    this.#codec = codec;
    this.#end = end;
  }

  get context(): number {
    return this.#model.context;
  }

  get width(): number {
    return this.#model.width;
  }

  get generates(): boolean {
    return this.#model.generates;
  }

  promptRoom(answer: number): number {
    if (this.#model.apart) return this.context;
    return this.context - Math.min(answer, Math.ceil(this.context / 2));
  }

  get load(): Load {
    const open = (all: readonly Writing[]) => all.filter((writing) => writing.state === "open").length;
    return { active: open(this.#running), waiting: open(this.#waiting) + this.#toEmbed };
  }

  async *generate(request: GenerateRequest): AsyncGenerator<GeneratedToken> {
    this.#assertPossible(request);
    const { signal } = request;
    signal?.throwIfAborted();
    // What stands before an encoder-decoder's answer is its start.
    const room = this.context - (this.#model.apart ? 1 : request.prompt.length);
    const writing = new Writing(request, this.#codec, this.#end, room);
    const abort = () => {
      writing.fail(signal?.reason);
      this.#stir?.();
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiting.push(writing);
    this.#loop ??= this.#work();
    this.#stir?.();
    try {
      for (;;) {
        await writing.more();
        if (writing.error !== null) throw writing.error;
        const token = writing.tokens.shift();
        if (token === undefined) return;
        if (writing.tokens.length === AHEAD - 1) this.#stir?.();
        yield token;
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      if (writing.state === "open") writing.state = "cancelled";
      this.#stir?.();
    }
  }

  async embed(inputs: readonly (string | Int32Array)[], signal?: AbortSignal): Promise<Float32Array[]> {
    const all = inputs.map((input) => (typeof input === "string" ? this.#embedded(input) : input));
    for (const ids of all) this.#assertIds(ids, this.context);
    const before = this.#embedding;
    const work = async (): Promise<Float32Array[]> => {
      await before;
      const vectors: Float32Array[] = [];
      for (const ids of all) {
        signal?.throwIfAborted();
        if (this.#closed) throw closed();
        vectors.push(await this.#model.embed(ids));
      }
      return vectors;
    };
    this.#toEmbed++;
    const working = work().finally(() => this.#toEmbed--);
    this.#embedding = working.catch(() => {});
    return working;
  }

  #embedded(text: string): Int32Array {
    if (this.generates) return begun(this.#codec, this.#codec.encode(text, { literal: true }));
    return this.#codec.encode(text, { specials: true, literal: true });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const writing of [...this.#running, ...this.#waiting]) writing.fail(closed());
    this.#stir?.();
    await this.#loop;
    await this.#embedding;
    await this.#model.release();
  }

  #assertPossible({ prompt, max }: GenerateRequest): void {
    if (this.#closed) throw closed();
    if (!this.generates) throw new GenerateRefused("This model makes embeddings only.");
    if (!Number.isInteger(max) || max < 1) throw new GenerateRefused("At least one token must be asked for.");
    // The last place of the context is for what is made.
    this.#assertIds(prompt, this.#model.apart ? this.context : this.context - 1);
  }

  #assertIds(ids: Int32Array, room: number): void {
    if (ids.length === 0) throw new GenerateRefused("The text has no tokens.");
    if (ids.length > room)
      throw new GenerateRefused(`The text has ${ids.length} tokens; there is room for ${room}.`);
    const outside = ids.find((id) => id < 0 || id >= this.#model.vocabulary);
    if (outside !== undefined)
      throw new GenerateRefused(`There is no token ${outside}; there are ${this.#model.vocabulary}.`);
  }

  /** Runs while there is something to make. */
  async #work(): Promise<void> {
    try {
      for (;;) {
        await this.#leave();
        await this.#join();
        if (this.#running.length === 0 && this.#waiting.length === 0) return;
        await this.#step();
        // Sockets are written between two tokens.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      for (const writing of [...this.#running.splice(0), ...this.#waiting.splice(0)]) writing.fail(error);
    } finally {
      this.#loop = null;
    }
  }

  /** Rows that have ended make room: the last row moves into the gap, so that rows stay together. */
  async #leave(): Promise<void> {
    for (let row = this.#running.length - 1; row >= 0; row--) {
      if (this.#running[row]!.state === "open") continue;
      const last = this.#running.length - 1;
      if (row !== last) {
        this.#model.move(last, row);
        this.#running[row] = this.#running[last]!;
      }
      this.#running.pop();
    }
  }

  async #join(): Promise<void> {
    while (this.#running.length < this.#model.rows) {
      const writing = this.#waiting.shift();
      if (writing === undefined) return;
      if (writing.state !== "open") continue;
      const row = this.#running.push(writing) - 1;
      writing.take(await this.#model.begin(row, writing.request.prompt, () => this.#advance(row)));
      if (writing.state !== "open") this.#running.pop();
    }
  }

  async #step(): Promise<void> {
    const rows = this.#running.length;
    if (rows > 0 && !(await this.#advance(rows))) await this.#rest();
  }

  /** One token more for each of the first rows that wants one. @returns whether any does */
  async #advance(rows: number): Promise<boolean> {
    const wanting = this.#running.slice(0, rows);
    const ids = Int32Array.from(wanting, (writing) =>
      writing.rests || writing.state !== "open" ? -1 : writing.newest,
    );
    if (ids.every((id) => id < 0)) return false;
    const logits = await this.#model.step(ids);
    const { vocabulary } = this.#model;
    wanting.forEach((writing, row) => {
      if (ids[row]! < 0 || writing.state !== "open") return;
      writing.take(logits.subarray(row * vocabulary, (row + 1) * vocabulary));
    });
    return true;
  }

  /** Until a reader takes something, or somebody leaves. */
  async #rest(): Promise<void> {
    if (this.#running.some((writing) => writing.state !== "open")) return;
    await new Promise<void>((resolve) => {
      this.#stir = () => {
        this.#stir = null;
        resolve();
      };
    });
  }
}

const closed = (): Error => new Error("The generator is closed.");
