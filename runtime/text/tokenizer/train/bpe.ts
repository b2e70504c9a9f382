/** A byte-level BPE tokenizer, learnt from texts. */
import { BYTE_CHARACTERS, CODE_OF_BYTE } from "../byte-alphabet.ts";
import { PUNCTUATION, WHITESPACE } from "../scanners/plain.ts";
import { countWords, type TrainingHooks } from "./count-words.ts";
import { BPE_FIELDS, BYTE_DECODER, byteLevel, tokenizerJson } from "./definition.ts";
import { learnMerges, type Words } from "./merges.ts";
import type { WordCounts } from "./word-counter.ts";

export interface BpeOptions {
  /** How many ids there are to be, bytes and specials among them. */
  readonly vocabulary: number;
  /** They have the last ids. */
  readonly specials: readonly string[];
  readonly pretokenizer: "gpt2" | "punctuation" | "whitespace" | "none";
  /** All 256 bytes have an id, whether or not the texts have them; otherwise `<unk>` stands for those they have not. */
  readonly byteFallback: boolean;
  readonly minFrequency: number;
}

export const UNKNOWN = "<unk>";

const PRE_TOKENIZERS = {
  gpt2: { ...byteLevel(null), use_regex: true },
  punctuation: byteLevel(PUNCTUATION),
  whitespace: byteLevel(WHITESPACE),
  none: byteLevel(null),
} as const;

/** Bytes have the first ids, in their order; merges follow in theirs. */
export interface TrainedBpe {
  readonly json: string;
  /** Distinct pieces that the texts were cut into. */
  readonly pieces: number;
  readonly merges: number;
}

/** @throws the signal's reason */
export async function trainBpe(
  texts: AsyncIterable<string> | Iterable<string>,
  options: BpeOptions,
  hooks: TrainingHooks,
): Promise<TrainedBpe> {
  const counts = await countWords(texts, options.pretokenizer, hooks);
  const words = wordBytes(counts);
  const specials = specialsOf(options);
  const bytes = alphabet(words.symbols, options.byteFallback);
  // Hugging Face numbers specials first, then the bytes by the characters that spell them, and breaks ties by number.
  const spelt = bytes.toSorted((a, b) => CODE_OF_BYTE[a]! - CODE_OF_BYTE[b]!);
  const tokens = [...specials, ...spelt.map((byte) => BYTE_CHARACTERS[byte]!)];
  const idOfByte = new Int32Array(256);
  spelt.forEach((byte, i) => {
    idOfByte[byte] = specials.length + i;
  });
  words.symbols.forEach((byte, i) => {
    words.symbols[i] = idOfByte[byte]!;
  });
  const { vocabulary, minFrequency } = options;
  const { signal } = hooks;
  const learnt = await learnMerges(words, {
    tokens,
    vocabulary,
    minFrequency,
    signal,
    progress: (done, total, note) => hooks.progress(done, total, note),
  });
  const made = learnt.tokens.slice(tokens.length);
  const ordered = [...bytes.map((byte) => BYTE_CHARACTERS[byte]!), ...made, ...specials];
  const ids = ordered.map((token, id) => [token, id] as const);
  const merges = learnt.merges.map(([left, right]) => [learnt.tokens[left]!, learnt.tokens[right]!] as const);
  const json = tokenizerJson({
    normalizer: null,
    preTokenizer: PRE_TOKENIZERS[options.pretokenizer],
    decoder: BYTE_DECODER,
    model: { ...BPE_FIELDS, unk_token: options.byteFallback ? null : UNKNOWN },
    vocabulary: ids,
    merges,
    specials: specials.length === 0 ? [] : ids.slice(-specials.length),
  });
  return { json, pieces: counts.counts.length, merges: merges.length };
}

/** The special tokens, with that for unknown bytes where there may be some. */
export function specialsOf(options: Pick<BpeOptions, "specials" | "byteFallback">): readonly string[] {
  if (options.byteFallback || options.specials.includes(UNKNOWN)) return options.specials;
  return [...options.specials, UNKNOWN];
}

/** The bytes that have an id, ascending. */
function alphabet(symbols: Int32Array, all: boolean): number[] {
  const seen = new Uint8Array(256);
  if (all) seen.fill(1);
  for (const byte of symbols) seen[byte] = 1;
  return Array.from(seen.keys()).filter((byte) => seen[byte] === 1);
}

/** The pieces as sequences of the bytes of their UTF-8. */
function wordBytes({ units, starts, counts }: WordCounts): Words {
  const utf8 = new TextEncoder();
  const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
  let symbols = new Int32Array(units.length + 16);
  const ends = new Float64Array(counts.length + 1);
  let buffer = new Uint8Array(256);
  let length = 0;
  for (let word = 0; word < counts.length; word++) {
    const [from, to] = [starts[word]!, starts[word + 1]!];
    const most = length + (to - from) * 3;
    if (most > symbols.length) {
      const grown = new Int32Array(Math.max(most, symbols.length * 2));
      grown.set(symbols.subarray(0, length));
      symbols = grown;
    }
    if (isAscii(units, from, to)) for (let i = from; i < to; i++) symbols[length++] = units[i]!;
    else {
      if ((to - from) * 3 > buffer.length) buffer = new Uint8Array((to - from) * 3);
      const { written } = utf8.encodeInto(utf16.decode(units.subarray(from, to)), buffer);
      for (let i = 0; i < written; i++) symbols[length++] = buffer[i]!;
    }
    ends[word + 1] = length;
  }
  return { symbols: symbols.subarray(0, length), starts: ends, counts };
}

function isAscii(units: Uint16Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (units[i]! > 127) return false;
  return true;
}
