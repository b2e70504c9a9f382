/** The classes of characters that pre-tokenizers tell apart, by table. */

export const LETTER = 1;
export const NUMBER = 2;
/** Unicode's White_Space. */
export const SPACE = 4;
/** Punctuation and symbols. */
export const MARK = 8;
/** What `\w` means to Rust's expressions (UTS #18). */
export const WORD = 16;

const LETTERS = /\p{L}/u;
const NUMBERS = /\p{N}/u;
const SPACES = /\p{White_Space}/u;
const MARKS = /[\p{P}\p{S}]/u;
const WORDS = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

function classify(point: number): number {
  // No text has lone surrogates here; their rows of the table are of no class.
  const character = String.fromCodePoint(point);
  return (
    (LETTERS.test(character) ? LETTER : 0) |
    (NUMBERS.test(character) ? NUMBER : 0) |
    (SPACES.test(character) ? SPACE : 0) |
    (MARKS.test(character) ? MARK : 0) |
    (WORDS.test(character) ? WORD : 0)
  );
}

const PAGE = 256;
/** One flag a page of the table: whether it is filled. A page is filled when a text has a character of it. */
const filled = new Uint8Array(0x110000 / PAGE);
const table = new Uint8Array(0x110000);

function fill(page: number): void {
  for (let point = page * PAGE; point < (page + 1) * PAGE; point++) table[point] = classify(point);
  filled[page] = 1;
}
fill(0);

/** The class of a code point: one of the bits above, 0 for none of them (marks of accents, controls, …). */
export function classOf(point: number): number {
  if (filled[point >> 8] === 0) fill(point >> 8);
  return table[point]!;
}

/** `classOf` of the code point that begins at `at`, where `unit` stands. */
export function classAt(text: string, at: number, unit: number): number {
  if (unit < PAGE) return table[unit]!;
  return classOf(unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(at)! : unit);
}

/** How many UTF-16 units a code point takes that begins with `unit`. */
export const unitsOf = (unit: number): number => (unit >= 0xd800 && unit < 0xdc00 ? 2 : 1);

/** The end of the run from `at` of characters whose class has one of `bits`. */
export function runOf(text: string, at: number, end: number, bits: number): number {
  let i = at;
  while (i < end) {
    const unit = text.charCodeAt(i);
    if ((classAt(text, i, unit) & bits) === 0) break;
    i += unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
  }
  return i;
}

/** The end of the run from `at` of characters whose class has none of `bits`. */
export function runWithout(text: string, at: number, end: number, bits: number): number {
  let i = at;
  while (i < end) {
    const unit = text.charCodeAt(i);
    if ((classAt(text, i, unit) & bits) !== 0) break;
    i += unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
  }
  return i;
}

/**
 * Where `\s+(?!\S)|\s+` ends that begins at `at`: before the last space of a run that something follows, so that this one
 * can begin the next word; the run itself at the end of the text, or when it is of one space.
 */
export function spacesEnd(text: string, at: number, end: number): number {
  const stop = runOf(text, at, end, SPACE);
  return stop === end || stop === at + 1 ? stop : stop - 1;
}
