/** One language model, ready to answer: how a request becomes texts, within the deployment's limits. */
import { createHash, randomInt } from "node:crypto";
import { fitWindow, PrefixTooLong, type WindowParts } from "../../generate/context-window.ts";
import { Sessions } from "../../generate/sessions.ts";
import { type Finish, GenerateRefused, type Generator, type TextCodec } from "../../generate/types.ts";
import { mixSeed } from "../../learn/random.ts";
import type { Served } from "../metrics.ts";
import type { LanguageManifest } from "./manifest.ts";
import type { Said } from "./messages.ts";
import type { LanguageMetrics } from "./metrics.ts";
import { OpenAiRefused, wrong } from "./refusal.ts";
import type { Structure } from "./structured.ts";

/** What `buildServer` is given for each deployment that speaks OpenAI's protocol. */
export interface ServedLanguage {
  readonly manifest: LanguageManifest;
  readonly generator: Generator;
  readonly tokenizer: TextCodec;
  /** The token that ends a text; null where the model has none. */
  readonly end: number | null;
  /** Embeddings are divided by their length. */
  readonly normalize: boolean;
  /** The bearer token's value; null asks for none. */
  readonly token: string | null;
}

/** A part of a text, as it is made. */
export interface Piece {
  readonly text: string;
  /** How many tokens were made for it. */
  readonly tokens: number;
  readonly finish?: Finish;
}

/** What completions and chats ask for alike. */
export interface TextParameters {
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly top_k?: number | null | undefined;
  readonly stop?: string | readonly string[] | null | undefined;
  readonly seed?: number | null | undefined;
  readonly n?: number | null | undefined;
}

/** A prompt that fits, with everything but the seed settled. */
export interface Asked {
  readonly prompt: Int32Array;
  /** Tokens of the conversation's beginning that found no room. */
  readonly dropped: number;
  readonly max: number;
  readonly temperature: number;
  readonly topK: number | null;
  readonly topP: number;
  readonly stop: readonly string[];
  readonly seed: number;
  readonly structure: Structure | null;
}

/** Who asks, and until when an answer is wanted. */
export interface Caller {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** The session's name; null outside of one. */
  readonly session: string | null;
  /** Seconds since the request's head arrived. */
  elapsed(): number;
}

export class LanguageServing {
  readonly manifest: LanguageManifest;
  readonly generator: Generator;
  readonly tokenizer: TextCodec;
  readonly end: number | null;
  readonly normalize: boolean;
  readonly served: Served;
  readonly sessions: Sessions<Said> | null;
  readonly metrics: LanguageMetrics;
  /** Which weights answer: `system_fingerprint`. */
  readonly fingerprint: string;

  constructor({ manifest, generator, tokenizer, end, normalize }: ServedLanguage, metrics: LanguageMetrics) {
    this.manifest = manifest;
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.end = end;
    this.normalize = normalize;
    this.metrics = metrics;
    this.served = servedOf(manifest);
    this.sessions = manifest.sessions === null ? null : new Sessions(manifest.sessions);
    this.fingerprint = `fp_${createHash("sha256").update(manifest.model).digest("hex").slice(0, 12)}`;
  }

  /**
   * Fits a prompt into the context: half of it at least is the prompt's, the rest is kept for the answer.
   * @param max what the request says of the answer's length
   */
  settle(
    window: WindowParts,
    max: number | null,
    parameters: TextParameters,
    structure: Structure | null,
  ): Asked {
    const { limits, temperature } = this.manifest;
    const wanted = max ?? limits.tokens;
    const { stop } = parameters;
    return {
      ...this.#fit(window, this.generator.promptRoom(wanted)),
      max: wanted,
      temperature: parameters.temperature ?? temperature,
      topK: parameters.top_k ?? null,
      topP: parameters.top_p ?? 1,
      stop: [...(typeof stop === "string" ? [stop] : (stop ?? [])), ...this.manifest.stop],
      seed: parameters.seed ?? randomInt(2 ** 31),
      structure,
    };
  }

  #fit(window: WindowParts, room: number): { prompt: Int32Array; dropped: number } {
    try {
      const { ids, dropped } = fitWindow(window, room);
      return { prompt: ids, dropped };
    } catch (error) {
      if (!(error instanceof PrefixTooLong)) throw error;
      const { context } = this.manifest;
      throw wrong(
        "messages",
        `The system message has ${error.tokens} tokens; of this model's context of ${context}, ${error.room} are the prompt's, and the conversation needs some.`,
        "context_length_exceeded",
      );
    }
  }

  /** Refuses more texts than may wait, before any of them is begun. */
  assertRoom(texts: number): void {
    const { waiting, active } = this.generator.load;
    const { batch, queue } = this.manifest.limits;
    if (texts > batch + queue)
      throw wrong("n", `At most ${batch + queue} texts are made for one request; this asks for ${texts}.`);
    if (active + waiting + texts <= batch + queue) return;
    throw new OpenAiRefused(503, "The model is busy; ask again in a moment.", {
      code: "overloaded",
      headers: { "retry-after": "1" },
    });
  }

  /**
   * Makes one of a request's texts.
   * @param at which of them: each has a seed of its own, the first the request's
   */
  async *write(asked: Asked, at: number, { signal }: Caller): AsyncGenerator<Piece> {
    const { structure } = asked;
    const seed = at === 0 ? asked.seed : mixSeed(asked.seed, at);
    if (structure === null) {
      yield* this.#once(asked, seed, signal);
      return;
    }
    // A text that must have a form is whole before any of it is shown. The likeliest text is always the same.
    const attempts = asked.temperature === 0 ? 1 : structure.retries + 1;
    let tokens = 0;
    let problem = "";
    for (let attempt = 0; attempt < attempts; attempt++) {
      let text = "";
      let finish: Finish = "length";
      for await (const piece of this.#once(asked, mixSeed(seed, attempt), signal)) {
        text += piece.text;
        tokens += piece.tokens;
        finish = piece.finish ?? finish;
      }
      const found = structure.check(text);
      if (found === null) {
        yield { text: text.trim(), tokens, finish };
        return;
      }
      this.metrics.misshapen(this.served);
      problem = finish === "length" ? `${found} (it was cut off at ${asked.max} tokens)` : found;
    }
    throw new OpenAiRefused(
      422,
      `The model's answer has not the required form after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${problem}.`,
      { param: "response_format", code: "response_format_not_met" },
    );
  }

  async *#once(asked: Asked, seed: number, signal: AbortSignal): AsyncGenerator<Piece> {
    const { prompt, max, temperature, topK, topP, stop } = asked;
    try {
      const request = { prompt, max, temperature, topK, topP, stop, seed, signal };
      for await (const { text, finish } of this.generator.generate(request))
        yield { text, tokens: 1, ...(finish === undefined ? {} : { finish }) };
    } catch (error) {
      if (error instanceof GenerateRefused) throw wrong(null, error.message);
      throw error;
    }
  }
}

/** The labels of a deployment's metrics. */
export const servedOf = ({ release, version, alias }: LanguageManifest): Served => ({
  model: release,
  version,
  variant: alias,
});
