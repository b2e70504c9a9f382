/** Classes of characters, fast for ASCII and complete for Unicode. */

const LETTER = /^[\p{L}\p{Nl}_]$/u;
const WORD = /^[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}_]$/u;
const SPACE = /^[\p{Zs}\u2028\u2029\uFEFF]$/u;

/**
 * The character that starts at `at`, a surrogate pair counted as one; "" at the end. By code units: `codePointAt` of a
 * piece of a text has been seen to look beyond the piece, where V8 had optimised it.
 */
export function characterAt(text: string, at: number): string {
  const first = text.charCodeAt(at);
  if (Number.isNaN(first)) return "";
  const paired = first >= 0xd800 && first <= 0xdbff && at + 1 < text.length;
  const second = paired ? text.charCodeAt(at + 1) : 0;
  return text.slice(at, second >= 0xdc00 && second <= 0xdfff ? at + 2 : at + 1);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A name may begin here: a letter of any script, or `_`. */
export function startsWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  return LETTER.test(characterAt(text, at));
}

/** The end of the run of letters, digits and `_` that starts at `at`. */
export function endOfWord(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 128) {
      if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || isDigit(code)) end++;
      else break;
    } else {
      const character = characterAt(text, end);
      if (!WORD.test(character)) break;
      end += character.length;
    }
  }
  return end;
}

/** White space within a line. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || code === 9 || code === 11 || code === 12;
  return SPACE.test(String.fromCharCode(code));
}
