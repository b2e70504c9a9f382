/** Tokenizers whose tokens are whole characters or words, learnt from texts. */
import { CHARACTERS } from "../pre-tokenizers.ts";
import { countWords, type TrainingHooks } from "./count-words.ts";
import { tokenizerJson } from "./definition.ts";
import type { WordCounts } from "./word-counter.ts";

export interface CharacterOptions {
  /** They have the last ids. */
  readonly specials: readonly string[];
  readonly minFrequency: number;
}

export interface WordOptions extends CharacterOptions {
  /** How many ids there are at most, specials among them; all words when not given. */
  readonly vocabulary?: number;
  readonly lowercase: boolean;
}

/** Characters in the order of their code points. */
export async function trainCharacters(
  texts: AsyncIterable<string> | Iterable<string>,
  { specials, minFrequency }: CharacterOptions,
  hooks: TrainingHooks,
): Promise<string> {
  const counts = await countWords(texts, "characters", hooks);
  const tokens = [...piecesOf(counts)]
    .filter(({ text, count }) => count >= minFrequency && !specials.includes(text))
    .map(({ text }) => text)
    .sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  return wholeTokens(tokens, specials, {
    normalizer: null,
    preTokenizer: { type: "Split", pattern: { Regex: CHARACTERS }, behavior: "Isolated", invert: false },
    decoder: { type: "Fuse" },
  });
}

/** Words and what stands between them, but not the spaces; the most frequent first, of equal ones by code points. */
export async function trainWords(
  texts: AsyncIterable<string> | Iterable<string>,
  { vocabulary, specials, lowercase, minFrequency }: WordOptions,
  hooks: TrainingHooks,
): Promise<string> {
  const counts = await countWords(texts, lowercase ? "lowercase_words" : "words", hooks);
  const tokens = [...piecesOf(counts)]
    .filter(({ text, count }) => count >= minFrequency && !/^\p{White_Space}/u.test(text))
    .filter(({ text }) => !specials.includes(text))
    .sort((a, b) => b.count - a.count || byCodePoint(a.text, b.text))
    .slice(0, vocabulary === undefined ? undefined : Math.max(0, vocabulary - specials.length))
    .map(({ text }) => text);
  return wholeTokens(tokens, specials, {
    normalizer: lowercase ? { type: "Lowercase" } : null,
    preTokenizer: { type: "Whitespace" },
    decoder: null,
  });
}

function wholeTokens(
  tokens: readonly string[],
  specials: readonly string[],
  parts: {
    readonly normalizer: object | null;
    readonly preTokenizer: object;
    readonly decoder: object | null;
  },
): string {
  const ids = [...tokens, ...specials].map((token, id) => [token, id] as const);
  return tokenizerJson({
    ...parts,
    model: { type: "WordLevel", unk_token: "<unk>" },
    vocabulary: ids,
    specials: ids.slice(tokens.length),
  });
}

function* piecesOf({ units, starts, counts }: WordCounts): Generator<{ text: string; count: number }> {
  const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
  for (let word = 0; word < counts.length; word++)
    yield { text: utf16.decode(units.subarray(starts[word]!, starts[word + 1]!)), count: counts[word]! };
}

/** The order of UTF-8's bytes. */
function byCodePoint(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
