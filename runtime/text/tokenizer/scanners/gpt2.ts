/** GPT-2's pattern, scanned by hand. */
import { classAt, LETTER, NUMBER, runOf, runWithout, SPACE, spacesEnd } from "../character-classes.ts";

/** https://github.com/openai/gpt-2/blob/master/src/encoder.py */
export const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const APOSTROPHE = 0x27;
const BLANK = 0x20;

/** The end of `'s`, `'t`, `'re`, … that begins at `at`; `at` when there is none. */
function contractionEnd(text: string, at: number, end: number): number {
  if (at + 1 >= end) return at;
  const next = text.charCodeAt(at + 1);
  // s, t, m, d
  if (next === 0x73 || next === 0x74 || next === 0x6d || next === 0x64) return at + 2;
  if (at + 2 >= end) return at;
  const after = text.charCodeAt(at + 2);
  // re, ve, ll
  if (((next === 0x72 || next === 0x76) && after === 0x65) || (next === 0x6c && after === 0x6c))
    return at + 3;
  return at;
}

/** `Scanner` of `GPT2`. */
export function scanGpt2(text: string, at: number, end: number): number {
  const unit = text.charCodeAt(at);
  if (unit === APOSTROPHE) {
    const stop = contractionEnd(text, at, end);
    if (stop > at) return stop;
  }
  const start = unit === BLANK && at + 1 < end ? at + 1 : at;
  const found = start === at ? classAt(text, at, unit) : classAt(text, start, text.charCodeAt(start));
  if (found & LETTER) return runOf(text, start, end, LETTER);
  if (found & NUMBER) return runOf(text, start, end, NUMBER);
  if ((found & SPACE) === 0) return runWithout(text, start, end, LETTER | NUMBER | SPACE);
  return spacesEnd(text, at, end);
}
