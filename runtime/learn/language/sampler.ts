/** Answers to a batch of prompts, drawn from a model whose parameters change from round to round. */

import type { GraphBuilder } from "../../graph/builder.ts";
import type { TensorData, Value } from "../../graph/graph.ts";
import { type Cache, emptyCaches, keep } from "../../network/cache.ts";
import type { DecodeInput } from "../../network/network.ts";
import { random } from "../random.ts";
import type { TrainingJob } from "../training/job.ts";
import { type Compiled, type CompiledOptions, compiled } from "./compiled.ts";
import type { Parameters } from "./judge.ts";
import { fed } from "./losses/parts.ts";
import type { ModelInTraining } from "./model-in-training.ts";

export interface Draw {
  readonly prompt: Int32Array;
  /** Names this answer's own stream of random numbers. */
  readonly stream: number;
}

export interface SamplerOptions {
  /** Prompts at a time. */
  readonly rows: number;
  /** Tokens of the longest prompt. */
  readonly prompt: number;
  /** Tokens of an answer at most, its end among them. */
  readonly answer: number;
  readonly temperature: number;
  readonly end: number | null;
}

export class Sampler {
  readonly #model: ModelInTraining;
  readonly #options: SamplerOptions;
  readonly #first: Compiled;
  readonly #next: Compiled;

  private constructor(model: ModelInTraining, options: SamplerOptions, first: Compiled, next: Compiled) {
    this.#model = model;
    this.#options = options;
    this.#first = first;
    this.#next = next;
  }

  static async open(
    job: Pick<TrainingJob, "engine" | "threads">,
    model: ModelInTraining,
    options: SamplerOptions,
  ): Promise<Sampler> {
    const first = await decoding(job, model, options, options.prompt);
    return new Sampler(model, options, first, await decoding(job, model, options, 1));
  }

  /** The answers, ends included; each depends on its prompt, its stream, the seed and the parameters alone. */
  async answers(parameters: Parameters, draws: readonly Draw[], seed: number): Promise<Int32Array[]> {
    const answers: Int32Array[] = [];
    for (let at = 0; at < draws.length; at += this.#options.rows) {
      answers.push(...(await this.#batch(parameters, draws.slice(at, at + this.#options.rows), seed)));
    }
    return answers;
  }

  async #batch(parameters: Parameters, draws: readonly Draw[], seed: number): Promise<Int32Array[]> {
    const { rows, prompt, answer, end, temperature } = this.#options;
    const { vocabulary } = this.#model.network;
    const caches = emptyCaches(this.#model.network.caches, rows, prompt + answer);
    const sources = draws.map(({ stream }) => random(seed, stream));
    const lengths = new Int32Array(rows).fill(1);
    const ids = new Int32Array(rows * prompt);
    draws.forEach((draw, row) => {
      ids.set(draw.prompt, row * prompt);
      lengths[row] = draw.prompt.length;
    });
    const written: number[][] = draws.map(() => []);
    const open = (row: number) => {
      const last = written[row]!.at(-1);
      return written[row]!.length < answer && (last === undefined || last !== end);
    };
    const position = new Int32Array(rows);
    let logits = await this.#run(this.#first, parameters, caches, { ids, tokens: prompt, position, lengths });
    position.set(lengths);
    const one = new Int32Array(rows).fill(1);
    for (;;) {
      const newest = new Int32Array(rows);
      for (let row = 0; row < draws.length; row++) {
        if (!open(row)) continue;
        const own = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
        newest[row] = drawn(own, temperature, sources[row]!.next());
        written[row]!.push(newest[row]!);
      }
      if (!draws.some((_, row) => open(row))) return written.map((tokens) => Int32Array.from(tokens));
      logits = await this.#run(this.#next, parameters, caches, {
        ids: newest,
        tokens: 1,
        position,
        lengths: one,
      });
      for (let row = 0; row < rows; row++) position[row] = Math.min(position[row]! + 1, prompt + answer - 1);
    }
  }

  /** The logits [rows · V] behind each row's last token; keys and values go to the caches. */
  async #run(
    decode: Compiled,
    parameters: Parameters,
    caches: readonly Cache[],
    given: {
      readonly ids: Int32Array;
      readonly tokens: number;
      readonly position: Int32Array;
      readonly lengths: Int32Array;
    },
  ): Promise<Float32Array> {
    const { rows } = this.#options;
    const { ids, tokens, position, lengths } = given;
    const whole = (data: Int32Array, shape: number[]): TensorData => ({ type: "int32", shape, data });
    const outputs = await decode.run(parameters, {
      ids: whole(ids, [rows, tokens]),
      position: whole(position, [rows]),
      only: whole(
        lengths.map((length) => length - 1),
        [rows],
      ),
      ...Object.fromEntries(
        caches.flatMap(({ key, value }, i) => [
          [`key.${i}`, key],
          [`value.${i}`, value],
        ]),
      ),
    });
    caches.forEach((cache, i) => {
      keep(cache.key, outputs[`key.${i}`]!, position, lengths);
      keep(cache.value, outputs[`value.${i}`]!, position, lengths);
    });
    return outputs["logits"]!.data as Float32Array;
  }

  async release(): Promise<void> {
    await this.#first.release();
    await this.#next.release();
  }
}

function decoding(
  job: Pick<TrainingJob, "engine" | "threads">,
  model: ModelInTraining,
  { rows, prompt, answer }: SamplerOptions,
  tokens: number,
): Promise<Compiled> {
  const { network } = model;
  const inputs: Record<string, CompiledOptions["inputs"][string]> = {
    ids: { type: "int32", shape: [rows, tokens] },
    position: { type: "int32", shape: [rows] },
    only: { type: "int32", shape: [rows] },
  };
  network.caches.forEach(({ heads, width }, i) => {
    inputs[`key.${i}`] = { type: "float32", shape: [rows, heads, prompt + answer, width] };
    inputs[`value.${i}`] = { type: "float32", shape: [rows, heads, prompt + answer, width] };
  });
  return compiled({ ...job, parameters: model.parameters, inputs }, (b, p, given) =>
    decoded(b, model, model.resolve(b, p, false), {
      ids: fed(given, "ids"),
      position: fed(given, "position"),
      only: fed(given, "only"),
      past: network.caches.map((_, i) => ({ key: fed(given, `key.${i}`), value: fed(given, `value.${i}`) })),
    }),
  );
}

function decoded(
  b: GraphBuilder,
  { network }: ModelInTraining,
  p: ReadonlyMap<string, Value>,
  input: DecodeInput,
): Record<string, Value> {
  const { logits, present } = network.decode(b, p, input);
  return {
    logits,
    ...Object.fromEntries(
      present.flatMap(({ key, value }, i) => [
        [`key.${i}`, key],
        [`value.${i}`, value],
      ]),
    ),
  };
}

/** One token of softmax(logits / temperature), by where `uniform` in [0, 1) falls among the probabilities. */
export function drawn(logits: Float32Array, temperature: number, uniform: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > top) top = logit;
  const shares = Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
  let left = uniform * shares.reduce((sum, share) => sum + share, 0);
  for (let id = 0; id < shares.length; id++) {
    left -= shares[id]!;
    if (left < 0) return id;
  }
  return shares.findLastIndex((share) => share > 0);
}
