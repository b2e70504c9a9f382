/** What generating text asks of a model and gives back. */
import type { Tokenizer } from "../text/tokenizer/tokenizer.ts";
import type { Sampling } from "./sample.ts";

export interface GenerateRequest extends Sampling {
  /** Token ids, 1 at least and fewer than the model's context. */
  readonly prompt: Int32Array;
  /** Most tokens to make; the context's end is an end too. */
  readonly max: number;
  /** The text ends before the first of these. */
  readonly stop: readonly string[];
  /** The same seed, prompt and model give the same text, whatever else runs. */
  readonly seed: number;
  /** Aborting ends the iteration with its reason and frees the place in the batch. */
  readonly signal?: AbortSignal | undefined;
}

/** `stop`: a stop string or the model's end token; `length`: `max` or the context's end. */
export type Finish = "stop" | "length";

export interface GeneratedToken {
  readonly id: number;
  /** What this token lets be shown: it may be empty, and hold characters that earlier tokens began. */
  readonly text: string;
  /** Only the last token has it. */
  readonly finish?: Finish;
}

/** How busy a generator is. */
export interface Load {
  /** Requests in the running batch. */
  readonly active: number;
  /** Requests that wait for a place, those for embeddings too. */
  readonly waiting: number;
}

/** A model ready to make text and vectors. */
export interface Generator {
  /** Most tokens of prompt and answer together. */
  readonly context: number;
  /** Length of an embedding. */
  readonly width: number;
  /** False for a model that only encodes. */
  readonly generates: boolean;
  readonly load: Load;
  /** How many tokens a prompt may have beside an answer of so many: half of the context at least. */
  promptRoom(answer: number): number;
  /** Requests join the running batch when there is a place, in the order in which they were made. */
  generate(request: GenerateRequest): AsyncIterable<GeneratedToken>;
  /** One vector [width] for each text: the mean of its tokens' last hidden states, or as the model says otherwise. */
  embed(inputs: readonly (string | Int32Array)[], signal?: AbortSignal): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** The request cannot be carried out as it is; the message says why. */
export class GenerateRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GenerateRefused";
  }
}

/** What is needed of a tokenizer. */
export type TextCodec = Pick<Tokenizer, "encode" | "decode" | "decoder" | "specials" | "begin">;
