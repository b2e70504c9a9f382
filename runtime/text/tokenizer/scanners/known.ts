/** Which patterns are scanned by hand. */
import { GPT2, scanGpt2 } from "./gpt2.ts";
import { LLAMA3, llama3Scanner, QWEN2 } from "./llama3.ts";
import { PUNCTUATION, scanPunctuation, scanWhitespace, WHITESPACE } from "./plain.ts";
import type { Scanner } from "./scanner.ts";

/** By the pattern as it stands in a `tokenizer.json`. */
const SCANNERS: ReadonlyMap<string, Scanner> = new Map([
  [GPT2, scanGpt2],
  [LLAMA3, llama3Scanner(3)],
  [QWEN2, llama3Scanner(1)],
  [PUNCTUATION, scanPunctuation],
  [WHITESPACE, scanWhitespace],
]);

/** The scanner that cuts as `Split` with this pattern and behaviour `Isolated`; null when there is none. */
export const scannerOf = (pattern: string): Scanner | null => SCANNERS.get(pattern) ?? null;
