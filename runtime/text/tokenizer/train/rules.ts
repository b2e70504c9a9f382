/** The ways in which texts are cut when a tokenizer is learnt, by name: a worker is told the name. */
import { lowercase } from "../normalizers.ts";
import { scanGpt2 } from "../scanners/gpt2.ts";
import { scanCharacters, scanPunctuation, scanWhitespace, scanWhole, scanWords } from "../scanners/plain.ts";
import type { Scanner } from "../scanners/scanner.ts";

export interface Rule {
  readonly scan: Scanner;
  readonly normalize: (text: string) => string;
  /** A text may be cut before any space that follows something else: no piece reaches over it. */
  readonly divisible: boolean;
}

const same = (text: string) => text;

export const RULES = {
  gpt2: { scan: scanGpt2, normalize: same, divisible: true },
  punctuation: { scan: scanPunctuation, normalize: same, divisible: true },
  whitespace: { scan: scanWhitespace, normalize: same, divisible: true },
  none: { scan: scanWhole, normalize: same, divisible: false },
  words: { scan: scanWords, normalize: same, divisible: true },
  lowercase_words: { scan: scanWords, normalize: lowercase, divisible: true },
  characters: { scan: scanCharacters, normalize: same, divisible: true },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;
