/** What a tokenizer puts before every text, and when it is put there. */
import type { Tokenizer } from "./tokenizer.ts";

/**
 * The ids of a text that a model reads from its beginning: behind what its tokenizer puts before every text. Models
 * that were taught with `<s>` or `<bos>` are lost without it. This decides for corpora, prompts, answers to judge and
 * requests alike; what begins so already is left as it is.
 */
export function begun({ begin }: Pick<Tokenizer, "begin">, ids: Int32Array): Int32Array {
  return begin.length === 0 || beginsWith(ids, begin) ? ids : Int32Array.from([...begin, ...ids]);
}

/** The same text without that. */
export function unbegun({ begin }: Pick<Tokenizer, "begin">, ids: Int32Array): Int32Array {
  return beginsWith(ids, begin) ? ids.subarray(begin.length) : ids;
}

const beginsWith = (ids: Int32Array, begin: readonly number[]): boolean =>
  begin.every((id, at) => ids[at] === id);
