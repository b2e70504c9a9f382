/** The files of a language model, as its step leaves them and as `load.ts` reads them. */
import { sizeOf, type TensorData } from "../../graph/graph.ts";
import { type Architecture, writeArchitecture } from "../../network/artifact.ts";
import { writeSafetensors } from "../../network/safetensors.ts";
import type { Digest, Store } from "../../store/types.ts";
import type { Tokenizer } from "../../text/tokenizer/tokenizer.ts";
import { lossPlot } from "../training/loss-plot.ts";
import type { HistoryEntry } from "../training/training.ts";
import { type Lora, loraMetadata } from "./lora.ts";
import type { Prompt } from "./prompt.ts";

export const FILES = {
  architecture: "architecture.json",
  weights: "model.safetensors",
  adapter: "adapter.safetensors",
  tokenizer: "tokenizer.json",
  generation: "generation.json",
  history: "history.json",
  plot: "plots/loss.svg",
} as const;

/** `generation.json`: how the model is asked and when its answer ends. */
export interface Generation {
  readonly format: 1;
  /** What it was taught to be asked with; null for a model that continues any text. */
  readonly prompt: Prompt | null;
  /** The column whose text it answers. */
  readonly completion: string | null;
  /** Texts that end an answer. */
  readonly stop: readonly string[];
  /** The token that ends an answer; null where the vocabulary has none. */
  readonly end: number | null;
  /** How a text becomes one vector; where it is not said, the mean of its tokens' at length 1. */
  readonly embedding?: { readonly pooling: "mean" | "cls"; readonly normalize: boolean };
}

export interface LanguageArtifact {
  readonly architecture: Architecture;
  /** A digest for weights that are in the store already, as the base's are beside an adapter. */
  readonly weights: ReadonlyMap<string, TensorData> | Digest;
  readonly adapter: { readonly lora: Lora; readonly weights: ReadonlyMap<string, TensorData> } | null;
  readonly tokenizer: Tokenizer;
  readonly generation: Generation;
  /** Null for a model that was not trained here. */
  readonly history: readonly HistoryEntry[] | null;
}

/** Writes the files; the same model gives the same bytes. */
export async function writeLanguageModel(
  store: Store,
  model: LanguageArtifact,
): Promise<Record<string, Digest>> {
  const { weights, adapter, history } = model;
  const json = (value: unknown) => store.put(`${JSON.stringify(value)}\n`);
  return {
    [FILES.architecture]: await store.put(writeArchitecture(model.architecture)),
    [FILES.weights]: typeof weights === "string" ? weights : await store.put(writeSafetensors(weights)),
    ...(adapter === null
      ? {}
      : {
          [FILES.adapter]: await store.put(writeSafetensors(adapter.weights, loraMetadata(adapter.lora))),
        }),
    [FILES.tokenizer]: await store.put(model.tokenizer.toJson()),
    [FILES.generation]: await json(model.generation),
    ...(history === null
      ? {}
      : {
          [FILES.history]: await json(history),
          [FILES.plot]: await store.put(lossPlot(history)),
        }),
  };
}

export function countOf(weights: Iterable<TensorData>): number {
  let count = 0;
  for (const { shape } of weights) count += sizeOf(shape);
  return count;
}
