/** Text to token ids and back. */
import { PipelineTokenizer } from "./pipeline.ts";

export interface EncodeOptions {
  /** Add what the tokenizer puts around a text (`[CLS]` … `[SEP]`, `<s>`); false when not given. */
  readonly specials?: boolean;
  /** Text that spells a special token is text, not the token: for what users of a model send. False when not given. */
  readonly literal?: boolean;
}

export interface DecodeOptions {
  /** Leave special tokens out; false when not given. */
  readonly skipSpecials?: boolean;
}

/** Ids one at a time to text, never cutting a character in two. */
export interface TokenDecoder {
  /** The text that is certain after this id; empty while a character is incomplete. */
  push(id: number): string;
  /** What is left, incomplete characters as U+FFFD. */
  end(): string;
}

export interface Tokenizer {
  /** How many ids there are, specials included: every id is below it. */
  readonly size: number;
  /** Special tokens and their ids, as added tokens that are special stand in `tokenizer.json`. */
  readonly specials: ReadonlyMap<string, number>;
  /** What it puts before every text (`<s>`, `<bos>`, `[CLS]`), as its post-processor says; empty for most. */
  readonly begin: readonly number[];
  /** `text` is taken as well-formed UTF-16: lone surrogates count as U+FFFD. */
  encode(text: string, options?: EncodeOptions): Int32Array;
  /** @throws RangeError for an id that is none */
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /**
   * As `encode` of the text that the bytes are, special tokens as text; bytes that are no UTF-8 are pieces of their own.
   * @throws TypeError unless the tokenizer is of bytes
   */
  encodeBytes(bytes: Uint8Array): Int32Array;
  /**
   * The bytes that the ids stand for, UTF-8 or not.
   * @throws TypeError unless the tokenizer is of bytes; RangeError for an id that is none
   */
  decodeBytes(ids: ArrayLike<number>): Uint8Array;
  /** Streaming `decode`: the pieces joined are the text that `decode` gives. */
  decoder(options?: DecodeOptions): TokenDecoder;
  /** The token as it stands in the vocabulary: bytes are spelt as GPT-2 spells them. */
  token(id: number): string;
  /** Its id, special or not; undefined when there is none. */
  id(token: string): number | undefined;
  /** `tokenizer.json` of Hugging Face `tokenizers`, version "1.0"; the same bytes for the same tokenizer. */
  toJson(): string;
}

/**
 * A tokenizer from the text of a `tokenizer.json`.
 * @throws TokenizerProblem for one that is none, or that needs what is not supported
 */
export function tokenizerFromJson(text: string): Tokenizer {
  return new PipelineTokenizer(text);
}
