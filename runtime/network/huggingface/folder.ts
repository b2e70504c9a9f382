/** The files of a Hugging Face model, read and written. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TensorData } from "../../graph/graph.ts";
import { readSafetensors, TensorFileError, writeSafetensors } from "../safetensors.ts";
import type { ConfigJson } from "./config.ts";
import { CONFIG, type FolderFiles, GENERATION, jsonOf, POOLING, WEIGHTS } from "./files.ts";
import { HuggingFaceProblem } from "./problem.ts";
import type { WrittenModel } from "./write.ts";

export interface Folder {
  readonly config: ConfigJson;
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Ids that end a text, as its configs say. */
  readonly ends: readonly number[];
  /** How a sentence encoder makes one vector; null where the folder does not say. */
  readonly pooling: "mean" | "cls" | null;
}

/** @throws HuggingFaceProblem ML5250 for files that are no JSON, ML5253 for weights that are not readable */
export function readFolder(files: FolderFiles, path: string): Folder {
  const problem = (text: string): never => {
    throw new HuggingFaceProblem("ML5250", { path, problem: text });
  };
  const config = jsonOf(files.config, problem);
  const tensors = new Map<string, TensorData>();
  try {
    for (const file of files.weights.filter((name) => name.endsWith(".safetensors")))
      for (const [name, tensor] of readSafetensors(readFileSync(file)).tensors) tensors.set(name, tensor);
  } catch (error) {
    if (error instanceof TensorFileError)
      throw new HuggingFaceProblem("ML5253", { path, problem: error.reason });
    throw error;
  }
  const of = (name: string): ConfigJson | null => {
    const file = files.others.find((one) => one.endsWith(name));
    return file === undefined ? null : jsonOf(file, problem);
  };
  const ends = [of(GENERATION)?.["eos_token_id"] ?? config["eos_token_id"] ?? []]
    .flat()
    .filter((id) => typeof id === "number");
  const pooling = of(POOLING);
  const cls = pooling?.["pooling_mode_cls_token"] === true;
  const mean = pooling?.["pooling_mode_mean_tokens"] === true;
  return { config, tensors, ends, pooling: cls ? "cls" : mean ? "mean" : null };
}

/** Writes a folder that `AutoModel.from_pretrained` and `AutoTokenizer.from_pretrained` load; gives its files' names. */
export function writeFolder(
  folder: string,
  { config, tensors }: WrittenModel,
  tokenizer: { readonly json: string; readonly end: { readonly id: number; readonly token: string } | null },
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const { end } = tokenizer;
  const ends =
    end === null
      ? { eos_token_id: null, bos_token_id: null }
      : { eos_token_id: end.id, bos_token_id: end.id };
  const names = end === null ? {} : { eos_token: end.token };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const writes = config["model_type"] !== "bert";
  const files: Readonly<Record<string, string | Uint8Array>> = {
    [CONFIG]: withFloats(json({ ...config, ...(writes ? ends : {}) })),
    // `transformers` looks at who wrote the file.
    [WEIGHTS]: writeSafetensors(tensors, { format: "pt" }),
    "tokenizer.json": tokenizer.json,
    "tokenizer_config.json": json({
      tokenizer_class: "PreTrainedTokenizerFast",
      clean_up_tokenization_spaces: false,
      ...names,
    }),
    ...(writes ? { [GENERATION]: json(ends) } : {}),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return Object.keys(files);
}

/** Settings that `transformers` takes as floats only: JSON of ours writes 10000 where Python's writes 10000.0. */
const FLOATS = /^(\s*"(?:\w+_softcapping|rope_theta|rms_norm_eps|layer_norm_eps(?:ilon)?)": -?\d+)(,?)$/gm;
const withFloats = (json: string): string => json.replace(FLOATS, "$1.0$2");
