/** The files of a Hugging Face model, read and written. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TensorData } from "../../graph/graph.ts";
import { readSafetensors, TensorFileError, writeSafetensors } from "../safetensors.ts";
import type { ConfigJson } from "./config.ts";
import { CONFIG, type FolderFiles, GENERATION, jsonOf, listOf, MODULES, POOLING, WEIGHTS } from "./files.ts";
import { HuggingFaceProblem } from "./problem.ts";
import type { WrittenModel } from "./write.ts";

export interface Folder {
  readonly config: ConfigJson;
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Ids that end a text, as its configs say. */
  readonly ends: readonly number[];
  /** How a sentence encoder makes one vector; null where the folder does not say. */
  readonly pooling: "mean" | "cls" | null;
  /** Whether it divides that vector by its length; null where the folder does not say. */
  readonly normalize: boolean | null;
}

/** @throws HuggingFaceProblem ML5250 for files that are no JSON, ML5252 for a pooling that is not known, ML5253 for weights that are not readable */
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
  const fileOf = (name: string) => files.others.find((one) => one.endsWith(name));
  const of = (name: string): ConfigJson | null => {
    const file = fileOf(name);
    return file === undefined ? null : jsonOf(file, problem);
  };
  const ends = [of(GENERATION)?.["eos_token_id"] ?? config["eos_token_id"] ?? []]
    .flat()
    .filter((id) => typeof id === "number");
  const modules = fileOf(MODULES);
  return {
    config,
    tensors,
    ends,
    pooling: poolingOf(of(POOLING), path),
    normalize: modules === undefined ? null : normalizes(listOf(modules, problem)),
  };
}

const MODES = { pooling_mode_cls_token: "cls", pooling_mode_mean_tokens: "mean" } as const;

/** @throws HuggingFaceProblem ML5252 for another way, or for several, whose vectors stand side by side */
function poolingOf(config: ConfigJson | null, path: string): "mean" | "cls" | null {
  const modes = Object.keys(config ?? {}).filter(
    (name) => name.startsWith("pooling_mode_") && config?.[name] === true,
  );
  const known = Object.entries(MODES).find(([name]) => modes.includes(name));
  const other = modes.find((name) => name !== known?.[0]);
  if (other !== undefined) {
    const values = { path: join(path, POOLING), setting: other, expected: "false", value: "true" };
    throw new HuggingFaceProblem("ML5252", values);
  }
  return known?.[1] ?? null;
}

/** `modules.json` lists what a text goes through. */
const normalizes = (modules: readonly unknown[]): boolean =>
  modules.some((one) => String((one as ConfigJson | null)?.["type"]).endsWith(".Normalize"));

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
