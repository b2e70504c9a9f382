/** The pattern of GPT-4's and Llama 3's tokenizers and its kin, scanned by hand. */
import {
  classAt,
  LETTER,
  NUMBER,
  runOf,
  runWithout,
  SPACE,
  spacesEnd,
  unitsOf,
} from "../character-classes.ts";
import type { Scanner } from "./scanner.ts";

const pattern = (numbers: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** Numbers in groups of up to three (`cl100k_base`, Llama 3). */
export const LLAMA3 = pattern("\\p{N}{1,3}");
/** Every digit alone (Qwen 2). */
export const QWEN2 = pattern("\\p{N}");

const APOSTROPHE = 0x27;
const BLANK = 0x20;
const LONG_S = 0x17f;

/** The lower-case letter; the long s counts as s, as it does without regard to case. */
const lower = (unit: number): number =>
  unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit === LONG_S ? 0x73 : unit;

function contractionEnd(text: string, at: number, end: number): number {
  if (at + 1 >= end) return at;
  const next = lower(text.charCodeAt(at + 1));
  if (next === 0x73 || next === 0x74 || next === 0x6d || next === 0x64) return at + 2;
  if (at + 2 >= end) return at;
  const after = lower(text.charCodeAt(at + 2));
  if (((next === 0x72 || next === 0x76) && after === 0x65) || (next === 0x6c && after === 0x6c))
    return at + 3;
  return at;
}

const isBreak = (unit: number): boolean => unit === 0x0a || unit === 0x0d;

/** A `Scanner` of the pattern whose numbers are `\p{N}{1,longest}`. */
export function llama3Scanner(longest: number): Scanner {
  return (text, at, end) => {
    const unit = text.charCodeAt(at);
    if (unit === APOSTROPHE) {
      const stop = contractionEnd(text, at, end);
      if (stop > at) return stop;
    }
    const found = classAt(text, at, unit);
    if (found & LETTER) return runOf(text, at, end, LETTER);
    const second = at + unitsOf(unit);
    const next = second < end ? classAt(text, second, text.charCodeAt(second)) : SPACE;
    if ((found & NUMBER) === 0 && !isBreak(unit) && next & LETTER) return runOf(text, second, end, LETTER);
    if (found & NUMBER) return numbersEnd(text, at, end, longest);
    const others =
      (found & SPACE) === 0 ? at : unit === BLANK && (next & (SPACE | NUMBER)) === 0 ? second : -1;
    if (others >= 0) {
      let stop = runWithout(text, others, end, LETTER | NUMBER | SPACE);
      while (stop < end && isBreak(text.charCodeAt(stop))) stop++;
      return stop;
    }
    const stop = runOf(text, at, end, SPACE);
    for (let i = stop - 1; i >= at; i--) if (isBreak(text.charCodeAt(i))) return i + 1;
    return spacesEnd(text, at, end);
  };
}

function numbersEnd(text: string, at: number, end: number, longest: number): number {
  let stop = at;
  for (let count = 0; count < longest && stop < end; count++) {
    const unit = text.charCodeAt(stop);
    if ((classAt(text, stop, unit) & NUMBER) === 0) break;
    stop += unitsOf(unit);
  }
  return stop;
}
