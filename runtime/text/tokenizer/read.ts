/** Tokenizers that stand in files: `tokenizer.json`, or the tables with which GPT-2 was published. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isFields, readMerges } from "./models/vocabulary.ts";
import { invalid } from "./problem.ts";
import { BPE_FIELDS, BYTE_DECODER, tokenizerJson } from "./train/definition.ts";

/**
 * The text of a `tokenizer.json`: that of the file, or one made of GPT-2's tables.
 * @throws TokenizerProblem for tables that are none
 */
export function readTokenizerJson(files: readonly string[]): string {
  const [first, second] = files;
  if (first === undefined) throw new Error("no file to read");
  if (second === undefined) return readFileSync(first, "utf8");
  return gpt2Json(readFileSync(first, "utf8"), readFileSync(second, "utf8"), basename(first));
}

/** Ends texts in GPT-2; every other token is a byte or made by a merge. */
const END = "<|endoftext|>";

function gpt2Json(vocabulary: string, merges: string, name: string): string {
  let table: unknown;
  try {
    table = JSON.parse(vocabulary);
  } catch (error) {
    throw invalid(name, `it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isFields(table)) throw invalid(name, "it is no table of tokens");
  const lines = merges.split("\n").filter((line) => line !== "" && !line.startsWith("#version"));
  const end = table[END];
  return tokenizerJson({
    normalizer: null,
    preTokenizer: { ...BYTE_DECODER, add_prefix_space: false },
    decoder: BYTE_DECODER,
    model: BPE_FIELDS,
    vocabulary: Object.entries(table) as [string, number][],
    merges: readMerges(lines, "the merges"),
    specials: typeof end === "number" ? [[END, end]] : [],
  });
}
