/** A language model back from its files, an adapter merged into the weights. */

import type { TensorData } from "../../graph/graph.ts";
import { type Architecture, readArchitecture } from "../../network/artifact.ts";
import { compileArchitecture, type Network } from "../../network/network.ts";
import { readSafetensors } from "../../network/safetensors.ts";
import type { Digest, Store } from "../../store/types.ts";
import type { Tokenizer } from "../../text/tokenizer/tokenizer.ts";
import { tokenizerFromJson } from "../../text/tokenizer/tokenizer.ts";
import { FILES, type Generation } from "./artifact.ts";
import { loraOfMetadata, mergedLora } from "./lora.ts";

export interface LanguageModel {
  readonly architecture: Architecture;
  readonly network: Network;
  /** By name; an adapter's additions are in them. A reward model's head is among them. */
  readonly weights: ReadonlyMap<string, TensorData>;
  readonly tokenizer: Tokenizer;
  readonly generation: Generation;
}

/** Whether these are the files of a language model. */
export const isLanguageModel = (files: Readonly<Record<string, Digest>>): boolean =>
  [FILES.architecture, FILES.weights, FILES.tokenizer, FILES.generation].every((name) => name in files);

/** @param files The outputs of a model's step, or the files of a registered version */
export async function loadLanguageModel(
  store: Pick<Store, "read" | "readText" | "readJson">,
  files: Readonly<Record<string, Digest>>,
): Promise<LanguageModel> {
  const digest = (name: string): Digest => {
    const found = files[name];
    if (found === undefined) throw new Error(`no ${name} among the files of a language model`);
    return found;
  };
  const architecture = readArchitecture(await store.readText(digest(FILES.architecture)));
  const { tensors } = readSafetensors(await store.read(digest(FILES.weights)));
  const adapter = files[FILES.adapter];
  let weights: ReadonlyMap<string, TensorData> = tensors;
  if (adapter !== undefined) {
    const { tensors: additions, metadata } = readSafetensors(await store.read(adapter));
    weights = mergedLora(tensors, additions, loraOfMetadata(metadata));
  }
  return {
    architecture,
    network: compileArchitecture(architecture),
    weights,
    tokenizer: tokenizerFromJson(await store.readText(digest(FILES.tokenizer))),
    generation: await store.readJson<Generation>(digest(FILES.generation)),
  };
}
