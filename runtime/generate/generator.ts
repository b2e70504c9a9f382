/** A language model, ready to write. */
import type { EngineName } from "../engine/engines.ts";
import type { LanguageModel } from "../learn/language/load.ts";
import { BatchGenerator } from "./batch-generator.ts";
import { GraphModel } from "./graph-model.ts";
import type { Generator } from "./types.ts";

export type { GeneratedToken, GenerateRequest, Generator } from "./types.ts";

export interface GeneratorOptions {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  /** Most texts made together. */
  readonly maxBatch: number;
}

/** Nothing is computed before the first request; the caller closes it. */
export async function openGenerator(model: LanguageModel, options: GeneratorOptions): Promise<Generator> {
  const { network, architecture, weights, tokenizer, generation } = model;
  const steps = new GraphModel(network, architecture.context, weights, {
    ...options,
    start: generation.end,
    pooling: generation.embedding?.pooling ?? "mean",
  });
  return new BatchGenerator(steps, tokenizer, generation.end);
}
