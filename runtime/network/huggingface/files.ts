/** Which files make a Hugging Face model; light, for planning. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { tokenizerFiles } from "../../text/tokenizer/files.ts";
import type { ConfigJson } from "./config.ts";
import { HuggingFaceProblem } from "./problem.ts";

export const CONFIG = "config.json";
export const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";
export const GENERATION = "generation_config.json";
export const POOLING = join("1_Pooling", "config.json");
export const MODULES = "modules.json";

export interface FolderFiles {
  readonly config: string;
  /** One, or the shards that an index names. */
  readonly weights: readonly string[];
  readonly tokenizer: readonly string[];
  /** Others that say how the model is used; those that are there. */
  readonly others: readonly string[];
}

/**
 * Every file that is read of a folder.
 * @param folder absolute
 * @param path as it was written, for messages
 * @throws HuggingFaceProblem ML5250 where one is missing, ML5255 where the path is rather the name of a repository
 */
export function folderFiles(folder: string, path: string): FolderFiles {
  const missing = (problem: string): never => {
    throw new HuggingFaceProblem("ML5250", { path, problem });
  };
  if (!existsSync(folder)) {
    if (/^[\w.-]+\/[\w.-]+$/.test(path) && !path.startsWith("."))
      throw new HuggingFaceProblem("ML5255", { path, name: path.split("/")[1]! });
    return missing("there is no such folder");
  }
  if (!statSync(folder).isDirectory()) return missing("it is a file");
  const config = join(folder, CONFIG);
  if (!existsSync(config)) return missing(`it has no ${CONFIG}`);
  const { files: tokenizer, problem } = tokenizerFiles(folder);
  if (problem !== null) return missing(problem);
  const others = [GENERATION, POOLING, MODULES].map((name) => join(folder, name)).filter(existsSync);
  return { config, weights: weightFiles(folder, missing), tokenizer, others };
}

function weightFiles(folder: string, missing: (problem: string) => never): readonly string[] {
  const whole = join(folder, WEIGHTS);
  if (existsSync(whole)) return [whole];
  const index = join(folder, INDEX);
  if (!existsSync(index)) {
    const pickled = existsSync(join(folder, "pytorch_model.bin"));
    return missing(
      pickled
        ? `it has its weights in pytorch_model.bin only: save them as ${WEIGHTS}`
        : `it has no ${WEIGHTS}`,
    );
  }
  const { weight_map: map } = jsonOf(index, missing) as { weight_map?: unknown };
  if (typeof map !== "object" || map === null) return missing(`${INDEX} has no weight_map`);
  const shards = [...new Set(Object.values(map).map(String))].sort();
  for (const shard of shards) {
    if (shard.includes("/") || shard.includes("\\"))
      return missing(`${INDEX} names ${shard}, which is no file's name`);
    if (!existsSync(join(folder, shard))) return missing(`it has no ${shard}, which ${INDEX} names`);
  }
  return [index, ...shards.map((shard) => join(folder, shard))];
}

/** @throws what `problem` does for a file that holds no JSON object */
export function jsonOf(file: string, problem: (text: string) => never): ConfigJson {
  const read = parsed(file);
  if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as ConfigJson;
  return problem(`${file.split("/").at(-1)} is no JSON object`);
}

/** @throws what `problem` does for a file that holds no JSON array */
export function listOf(file: string, problem: (text: string) => never): readonly unknown[] {
  const read = parsed(file);
  return Array.isArray(read) ? read : problem(`${file.split("/").at(-1)} is no JSON array`);
}

/** Undefined for what is no JSON. */
function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Every file that is read of a folder; the path itself where it is no such folder, which the run says. */
export function filesOf(folder: string): readonly string[] {
  try {
    const { config, weights, tokenizer, others } = folderFiles(folder, folder);
    return [config, ...weights, ...tokenizer, ...others];
  } catch (error) {
    if (error instanceof HuggingFaceProblem) return [folder];
    throw error;
  }
}
