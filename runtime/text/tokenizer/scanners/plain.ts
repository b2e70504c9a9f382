/** The pre-tokenizer rules of our own, scanned by hand. */
import { classAt, MARK, runOf, runWithout, SPACE, spacesEnd, unitsOf, WORD } from "../character-classes.ts";
import type { Scanner } from "./scanner.ts";

/** A word with the space before it; every punctuation mark and symbol alone, with the space before it. */
export const PUNCTUATION = " ?[^\\s\\p{P}\\p{S}]+| ?[\\p{P}\\p{S}]|\\s+(?!\\S)|\\s+";
/** What stands between spaces, with the space before it. */
export const WHITESPACE = " ?\\S+|\\s+(?!\\S)|\\s+";

const BLANK = 0x20;

/** `Scanner` of `PUNCTUATION`. */
export const scanPunctuation: Scanner = (text, at, end) => {
  const start = text.charCodeAt(at) === BLANK && at + 1 < end ? at + 1 : at;
  const unit = text.charCodeAt(start);
  const found = classAt(text, start, unit);
  if (found & SPACE) return spacesEnd(text, at, end);
  if (found & MARK) return start + unitsOf(unit);
  return runWithout(text, start, end, SPACE | MARK);
};

/** `Scanner` of `WHITESPACE`. */
export const scanWhitespace: Scanner = (text, at, end) => {
  const start = text.charCodeAt(at) === BLANK && at + 1 < end ? at + 1 : at;
  if (classAt(text, start, text.charCodeAt(start)) & SPACE) return spacesEnd(text, at, end);
  return runWithout(text, start, end, SPACE);
};

/** `Scanner` of text that is not cut. */
export const scanWhole: Scanner = (_text, _at, end) => end;

/** `\w+|[^\w\s]+|\s+`: words, what stands between them, and the spaces. */
export const scanWords: Scanner = (text, at, end) => {
  const found = classAt(text, at, text.charCodeAt(at));
  if (found & WORD) return runOf(text, at, end, WORD);
  return found & SPACE ? runOf(text, at, end, SPACE) : runWithout(text, at, end, WORD | SPACE);
};

/** Every character alone. */
export const scanCharacters: Scanner = (text, at) => at + unitsOf(text.charCodeAt(at));
