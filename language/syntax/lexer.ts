/** Text → tokens. Every character of the text is in exactly one token or between two; nothing here fails. */
import { characterAt, endOfWord, isDigit, isSpace, startsWord } from "./characters.ts";
import { parseError } from "./errors.ts";
import { endOfNumber, endOfTextBlock } from "./literals.ts";
import { DOUBLE, FOREIGN, SINGLE } from "./signs.ts";
import { type CodeKind, CodeToken, RESERVED_WORDS, WORD_KINDS } from "./tokens.ts";
import type { ParseError, Span } from "./tree.ts";
import { endOfLine, endOfLineBreak, endOfSpace, endOfUnknown, isDoc, isLineBreak } from "./trivia.ts";

export interface Lexed {
  /** What the parser reads, an `end` token last. */
  readonly code: CodeToken[];
  readonly errors: ParseError[];
  /** Texts and names that were not closed. */
  readonly unclosed: readonly Span[];
}

/** The longest word that is no plain name, `within`, and the shortest. */
const LONGEST_WORD = 6;
const SHORTEST_WORD = 2;
const IMPORT = "import";
/** Texts in quotes that are not ours are looked for this far. */
const LONGEST_FOREIGN = 2_000;

/** Kinds of the signs of one character, by their character; some begin longer ones. */
const SIGNS: (CodeKind | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  SINGLE.get(String.fromCharCode(code)),
);
/** Characters that stand second in a longer sign. */
const SECOND: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  [...DOUBLE.keys(), ...FOREIGN.keys()].some((sign) => sign.charCodeAt(1) === code),
);

/**
 * Splits a text into tokens.
 *
 * `layout` reads a second time what could not be read: a text block then ends, unclosed, before the first line that
 * stands no deeper than the line which opened it, so that one forgotten `"""` does not swallow the rest of the file.
 */
export function lex(text: string, layout = false): Lexed {
  return new Lexer(text, layout).read();
}

class Lexer {
  readonly #text: string;
  readonly #layout: boolean;
  readonly #code: CodeToken[] = [];
  readonly #errors: ParseError[] = [];
  readonly #unclosed: Span[] = [];
  #at = 0;
  #lineStart = 0;
  /** A line break stands before the next token. */
  #newline = true;
  #docs: Span[] | null = null;
  /** Another language's quote that does not close before a place. */
  #neverClosed = { quote: "", until: 0 };

  constructor(text: string, layout: boolean) {
    this.#text = text;
    this.#layout = layout;
  }

  read(): Lexed {
    const length = this.#text.length;
    while (this.#at < length) this.#next();
    this.#code.push(new CodeToken("end", this.#text, length, length, true, this.#docs));
    return { code: this.#code, errors: this.#errors, unclosed: this.#unclosed };
  }

  #next(): void {
    const text = this.#text;
    const at = this.#at;
    const code = text.charCodeAt(at);
    if (isSpace(code)) this.#at = endOfSpace(text, at);
    else if (startsWord(text, at)) this.#word();
    else if (isLineBreak(code)) this.#lineBreak();
    else if (isDigit(code)) this.#number();
    else if (code === 47 && text.charCodeAt(at + 1) === 47) this.#comment();
    else if (SIGNS[code] !== undefined && SECOND[text.charCodeAt(at + 1)] !== true)
      this.#plainSign(SIGNS[code]);
    else if (code === 96) this.#quoted("`", "quotedName", "ML1004");
    else if (code !== 34) this.#sign();
    else if (text.startsWith('"""', at)) this.#textBlock();
    else this.#quoted('"', "string", "ML1002");
  }

  #lineBreak(): void {
    this.#at = endOfLineBreak(this.#text, this.#at);
    this.#newline = true;
    this.#lineStart = this.#at;
  }

  #push(type: CodeKind, end: number): CodeToken {
    if (type === "string" || type === "leftBrace") this.#importWord();
    // What follows the comma is documented, not the comma.
    const docs = type === "comma" ? null : this.#docs;
    const token = new CodeToken(type, this.#text, this.#at, end, this.#newline, docs);
    this.#code.push(token);
    this.#at = end;
    this.#newline = false;
    if (docs !== null) this.#docs = null;
    return token;
  }

  /** `import` is a word of the language only where an import is written: at an item's start, before a path. */
  #importWord(): void {
    const before = this.#code.at(-1);
    if (before?.type !== "name" || before.end - before.start !== IMPORT.length || before.text !== IMPORT)
      return;
    const place = this.#code.at(-2)?.type;
    if (before.newline || place === "comma" || place === "leftBrace" || place === "rightBrace")
      before.become("import");
  }

  /** Behind a dot every word is a name. */
  #word(): void {
    const text = this.#text;
    const start = this.#at;
    const end = endOfWord(text, start + (text.charCodeAt(start) < 128 ? 1 : characterAt(text, start).length));
    const length = end - start;
    const kind =
      length <= LONGEST_WORD && length >= SHORTEST_WORD
        ? (WORD_KINDS.get(text.slice(start, end)) ?? "name")
        : "name";
    const member = kind !== "name" && !this.#newline && this.#code.at(-1)?.type === "dot";
    this.#push(member ? "name" : kind, end);
  }

  #comment(): void {
    const start = this.#at;
    this.#at = endOfLine(this.#text, start + 2);
    if (!isDoc(this.#text, start)) return;
    this.#docs ??= [];
    this.#docs.push({ start, end: this.#at });
  }

  #number(): void {
    const { end, wrong } = endOfNumber(this.#text, this.#at);
    const token = this.#push("number", end);
    if (wrong !== null) this.#errors.push(parseError("ML1006", token, { text: token.text, how: wrong }));
  }

  /** A text or a name in backticks: it ends on its own line. Two backticks inside a name stand for one. */
  #quoted(quote: string, kind: CodeKind, unclosed: "ML1002" | "ML1004"): void {
    const text = this.#text;
    let end = this.#at + 1;
    if (quote === "`" && text[end] === "`") {
      this.#emptyName();
      return;
    }
    for (; end < text.length; end++) {
      const character = text[end];
      if (character === "`" && text[end + 1] === "`" && quote === "`") end++;
      else if (character === quote || character === "\n" || character === "\r") break;
      else if (character === "\\" && quote === '"' && text[end + 1] !== "\n" && text[end + 1] !== "\r") end++;
    }
    const closed = end < text.length && text[end] === quote;
    if (!closed && quote === "`" && text.slice(this.#at + 1, end).trim() === "") {
      this.#loneBacktick();
      return;
    }
    const token = this.#push(kind, closed ? end + 1 : Math.min(end, text.length));
    if (!closed) this.#unclosedLiteral(token, unclosed);
  }

  /** A row of backticks, two or as many as somebody pasted, is one mistake. */
  #emptyName(): void {
    let end = this.#at + 2;
    while (this.#text[end] === "`") end++;
    this.#errors.push(parseError("ML1008", this.#push("quotedName", end)));
  }

  /** A backtick with nothing behind it names nothing: it is no token, as a character without meaning is none. */
  #loneBacktick(): void {
    const span = { start: this.#at, end: this.#at + 1 };
    this.#unclosed.push(span);
    this.#errors.push(parseError("ML1004", span));
    this.#at = span.end;
  }

  #textBlock(): void {
    const { end, closed } = endOfTextBlock(this.#text, this.#at, this.#layout ? this.#lineStart : null);
    const token = this.#push("textBlock", end);
    const written = token.text;
    const lastBreak = Math.max(written.lastIndexOf("\n"), written.lastIndexOf("\r"));
    if (lastBreak >= 0) this.#lineStart = token.start + lastBreak + 1;
    if (!closed) this.#unclosedLiteral(token, "ML1003");
  }

  #unclosedLiteral(token: Span, code: "ML1002" | "ML1003" | "ML1004"): void {
    this.#unclosed.push(token);
    const end = Math.min(endOfLine(this.#text, token.start), token.end);
    this.#errors.push(parseError(code, { start: token.start, end }));
  }

  #plainSign(kind: CodeKind): void {
    if (kind === "equals" || kind === "colon") this.#label();
    this.#push(kind, this.#at + 1);
  }

  #sign(): void {
    const text = this.#text;
    const at = this.#at;
    for (const length of [3, 2, 1]) {
      const sign = text.slice(at, at + length);
      if (sign.length < length) continue;
      const foreign = FOREIGN.get(sign);
      if (foreign !== undefined) {
        const token = this.#push(foreign.kind, at + length);
        this.#errors.push(parseError("ML1007", token, { text: sign, instead: foreign.instead }));
        return;
      }
      const kind = length === 2 ? DOUBLE.get(sign) : length === 1 ? SINGLE.get(sign) : undefined;
      if (kind === undefined) continue;
      if (length === 1) this.#plainSign(kind);
      else this.#push(kind, at + length);
      return;
    }
    if (text[at] === "#") this.#foreignComment();
    else if (text[at] === "'") this.#foreignQuotes("'");
    else if (text[at] === "“") this.#foreignQuotes("”");
    else this.#unknown();
  }

  /** A word before `=` or `:` is a name there, whatever else it can mean. */
  #label(): void {
    const before = this.#code.at(-1);
    if (before === undefined || before.type === "name") return;
    if (before.type === "preposition") before.become("name");
    else if (
      before.end - before.start <= LONGEST_WORD &&
      RESERVED_WORDS.has(before.text) &&
      isLabelPlace(this.#code.at(-2), before)
    ) {
      this.#errors.push(parseError("ML1107", before, { text: before.text }));
      before.become("name");
    }
  }

  #foreignComment(): void {
    const span = { start: this.#at, end: this.#at + 1 };
    this.#at = endOfLine(this.#text, this.#at + 1);
    this.#errors.push(parseError("ML1007", span, { text: "#", instead: "//" }));
  }

  #foreignQuotes(close: string): void {
    const text = this.#text;
    // What was not found before on this line is not found now.
    const known = close === this.#neverClosed.quote && this.#at < this.#neverClosed.until;
    // No further than needed: a line may be long, and full of quotes.
    const near = known ? "" : text.slice(this.#at + 1, this.#at + LONGEST_FOREIGN);
    const place = near.indexOf(close);
    const lineBreak = near.slice(0, place < 0 ? undefined : place).search(/[\r\n]/);
    if (place < 0 || lineBreak >= 0) {
      const until = this.#at + 1 + (lineBreak < 0 ? near.length : lineBreak);
      if (!known) this.#neverClosed = { quote: close, until };
      this.#unknown();
      return;
    }
    const token = this.#push("string", this.#at + place + 2);
    const written = token.text;
    this.#errors.push(parseError("ML1007", token, { text: written, instead: `"${written.slice(1, -1)}"` }));
  }

  /** A run of characters that mean nothing is one mistake. */
  #unknown(): void {
    const start = this.#at;
    const end = endOfUnknown(this.#text, start);
    this.#at = end;
    this.#errors.push(parseError("ML1001", { start, end }, { text: this.#text.slice(start, end) }));
  }
}

/** `null = 3` names something; `x = null` on one line and `= 3` on the next does not make `null` a name. */
function isLabelPlace(before: CodeToken | undefined, word: CodeToken): boolean {
  return (
    word.newline ||
    before === undefined ||
    before.type === "comma" ||
    before.type === "leftBrace" ||
    before.type === "leftParenthesis"
  );
}
