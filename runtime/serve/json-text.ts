/** JSON bodies: the platform's parser when all is well, and the exact place of the mistake when it is not. */

export interface JsonMistake {
  /** Character offset from 0. */
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/**
 * Where JSON text first breaks RFC 8259. Says what was expected there, never what stood there: bodies may hold
 * what must not be repeated.
 * @param nan whether the word `NaN` counts as a value, as in Python's json
 * @returns null for valid JSON
 */
export function jsonMistake(text: string, nan = false): JsonMistake | null {
  const scanner = new Scanner(text, nan ? [...WORDS, "NaN"] : WORDS);
  const expected = scanner.document();
  if (expected === null) return null;
  const before = text.slice(0, scanner.at);
  return {
    position: scanner.at,
    line: before.split("\n").length,
    column: scanner.at - before.lastIndexOf("\n"),
    expected,
  };
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Anything but a quote, a backslash and control characters (U+0000 to U+001F). */
const STRING_RUN = /[ !#-[\]-\u{10ffff}]*/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORDS: readonly string[] = ["true", "false", "null"];

/** Walks the grammar without recursion, so that deep nesting cannot exhaust the stack. */
class Scanner {
  at = 0;
  readonly #text: string;
  readonly #words: readonly string[];
  constructor(text: string, words: readonly string[]) {
    this.#text = text;
    this.#words = words;
  }

  /** What was expected at `at`, or null. */
  document(): string | null {
    const open: ("{" | "[")[] = [];
    let fresh = false;
    for (;;) {
      this.#space();
      const closer = open.at(-1) === "{" ? "}" : "]";
      if (fresh && open.length > 0 && this.#take(closer)) open.pop();
      else {
        if (open.at(-1) === "{") {
          const wrong = this.#key(fresh);
          if (wrong !== null) return wrong;
        }
        this.#space();
        const bracket = this.#text[this.at];
        if (bracket === "{" || bracket === "[") {
          this.at++;
          open.push(bracket);
          fresh = true;
          continue;
        }
        const wrong = this.#scalar();
        if (wrong !== null) return wrong;
      }
      fresh = false;
      for (;;) {
        this.#space();
        const inside = open.at(-1);
        if (inside === undefined) return this.at === this.#text.length ? null : "the end of the text";
        if (this.#take(",")) break;
        if (!this.#take(inside === "{" ? "}" : "]")) return inside === "{" ? '"," or "}"' : '"," or "]"';
        open.pop();
      }
    }
  }

  #key(fresh: boolean): string | null {
    if (this.#text[this.at] !== '"')
      return fresh ? 'a field name in double quotes or "}"' : "a field name in double quotes";
    const wrong = this.#string();
    if (wrong !== null) return wrong;
    this.#space();
    return this.#take(":") ? null : '":"';
  }

  #scalar(): string | null {
    if (this.#text[this.at] === '"') return this.#string();
    for (const word of this.#words) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length;
        return null;
      }
    }
    return this.#match(NUMBER) ? null : "a value";
  }

  #string(): string | null {
    this.at++;
    for (;;) {
      this.#match(STRING_RUN);
      if (this.#take('"')) return null;
      if (this.#text[this.at] === "\\") {
        if (!this.#match(ESCAPE)) return "an escape such as \\n or \\u00e9";
      } else
        return this.at >= this.#text.length
          ? "a closing double quote"
          : "no bare control character in a string";
    }
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  #space(): void {
    while (" \t\n\r".includes(this.#text[this.at] ?? "x")) this.at++;
  }
}
