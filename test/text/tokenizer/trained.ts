/** Small tokenizers learnt in tests. */
import { type Tokenizer, tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import { type BpeOptions, trainBpe } from "../../../runtime/text/tokenizer/train/bpe.ts";
import type { TrainingHooks } from "../../../runtime/text/tokenizer/train/count-words.ts";

export const hooks = (threads = 1): TrainingHooks => ({
  threads,
  signal: new AbortController().signal,
  progress: () => undefined,
});

export const PLAIN: BpeOptions = {
  vocabulary: 600,
  specials: [],
  pretokenizer: "gpt2",
  byteFallback: true,
  minFrequency: 2,
};

export async function bpeJson(
  texts: readonly string[],
  options: Partial<BpeOptions> = {},
  threads = 1,
): Promise<string> {
  return (await trainBpe(texts, { ...PLAIN, ...options }, hooks(threads))).json;
}

export async function bpe(texts: readonly string[], options: Partial<BpeOptions> = {}): Promise<Tokenizer> {
  return tokenizerFromJson(await bpeJson(texts, options));
}
