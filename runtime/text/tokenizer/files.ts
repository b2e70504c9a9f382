/** Which files make a tokenizer; light, for planning. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const JSON_FILE = "tokenizer.json";
/** A vocabulary with its merges, best first: OpenAI's names and Hugging Face's. */
const TABLES = [
  ["encoder.json", "vocab.bpe"],
  ["vocab.json", "merges.txt"],
] as const;

export interface TokenizerFiles {
  /** Absolute; one `tokenizer.json`, or a vocabulary and merges. */
  readonly files: readonly string[];
  /** Why there is none. */
  readonly problem: string | null;
}

/** The files that make the tokenizer at a path: a `tokenizer.json` of any name, or a folder. */
export function tokenizerFiles(path: string): TokenizerFiles {
  if (!existsSync(path)) return { files: [], problem: "nothing is there" };
  if (!statSync(path).isDirectory()) return { files: [path], problem: null };
  const json = join(path, JSON_FILE);
  if (existsSync(json)) return { files: [json], problem: null };
  const pair = TABLES.map((names) => names.map((name) => join(path, name))).find((files) =>
    files.every((file) => existsSync(file)),
  );
  if (pair !== undefined) return { files: pair, problem: null };
  const wanted = [JSON_FILE, ...TABLES.map((names) => names.join(" with "))].join(", ");
  return { files: [], problem: `the folder has none of ${wanted}` };
}
