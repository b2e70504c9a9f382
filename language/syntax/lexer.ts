/** Text → tokens. Every character of the text is in exactly one token or between two; nothing here fails. */
import { characterAt, endOfWord, isDigit, isSpace, startsWord } from "./characters.ts";
import { parseError } from "./errors.ts";
import { endOfNumber, endOfTextBlock } from "./literals.ts";
import { DOUBLE, FOREIGN, SINGLE } from "./signs.ts";
import { DOCUMENTED, isNameLike, NEW_LINE, RESERVED_WORDS, T, Tokens, WORD_KINDS } from "./tokens.ts";
import type { ParseError, Span } from "./tree.ts";
import { endOfLine, endOfLineBreak, endOfSpace, endOfUnknown, isDoc, isLineBreak } from "./trivia.ts";

export interface Lexed {
  /** What the parser reads, an `end` token last. */
  readonly code: Tokens;
  readonly errors: ParseError[];
  /** Texts and names that were not closed. */
  readonly unclosed: readonly Span[];
}

/** The longest word that is no plain name, `within`, and the shortest. */
const LONGEST_WORD = 6;
const SHORTEST_WORD = 2;
const IMPORT = "import";

/** Kinds of the signs that stand for themselves whatever follows, by their character. */
const ALONE = new Uint8Array(128);
for (const sign of "()[]{},+*") ALONE[sign.charCodeAt(0)] = SINGLE.get(sign) ?? 0;

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
  readonly #code: Tokens;
  readonly #errors: ParseError[] = [];
  readonly #unclosed: Span[] = [];
  #at = 0;
  #lineStart = 0;
  /** What stands before the next token. */
  #flags = NEW_LINE;

  constructor(text: string, layout: boolean) {
    this.#text = text;
    this.#layout = layout;
    this.#code = new Tokens(text);
  }

  read(): Lexed {
    const length = this.#text.length;
    while (this.#at < length) this.#next();
    this.#code.push(T.end, length, length, this.#flags | NEW_LINE);
    return { code: this.#code, errors: this.#errors, unclosed: this.#unclosed };
  }

  #next(): void {
    const text = this.#text;
    const at = this.#at;
    const code = text.charCodeAt(at);
    if (isSpace(code)) this.#at = endOfSpace(text, at);
    else if (startsWord(text, at)) this.#word();
    else if (isLineBreak(code)) this.#lineBreak();
    else if (code < 128 && ALONE[code] !== 0) this.#push(ALONE[code]!, at + 1);
    else if (isDigit(code)) this.#number();
    else if (code === 47 && text.charCodeAt(at + 1) === 47) this.#comment();
    else if (code === 96) this.#quoted("`", T.quotedName, "ML1004");
    else if (code !== 34) this.#sign();
    else if (text.startsWith('"""', at)) this.#textBlock();
    else this.#quoted('"', T.string, "ML1002");
  }

  #lineBreak(): void {
    this.#at = endOfLineBreak(this.#text, this.#at);
    this.#flags |= NEW_LINE;
    this.#lineStart = this.#at;
  }

  #push(kind: number, end: number): Span {
    const start = this.#at;
    if (kind === T.string || kind === T.leftBrace) this.#importWord();
    this.#code.push(kind, start, end, this.#flags);
    this.#at = end;
    // What follows the comma is documented, not the comma.
    this.#flags = kind === T.comma ? this.#flags & DOCUMENTED : 0;
    if (kind === T.comma) this.#code.flags[this.#code.count - 1]! &= ~DOCUMENTED;
    return { start, end };
  }

  /** `import` is a word of the language only where an import is written: at an item's start, before a path. */
  #importWord(): void {
    const code = this.#code;
    const last = code.count - 1;
    if (last < 0 || code.kinds[last] !== T.name || code.ends[last]! - code.starts[last]! !== IMPORT.length)
      return;
    if (code.textOf(last) !== IMPORT) return;
    const place = last > 0 ? code.kinds[last - 1]! : T.end;
    if (code.newline(last) || place === T.comma || place === T.leftBrace || place === T.rightBrace)
      code.kinds[last] = T.import;
  }

  /** Behind a dot every word is a name. */
  #word(): void {
    const text = this.#text;
    const start = this.#at;
    const end = endOfWord(text, start + (text.charCodeAt(start) < 128 ? 1 : characterAt(text, start).length));
    const length = end - start;
    const kind =
      length <= LONGEST_WORD && length >= SHORTEST_WORD
        ? (WORD_KINDS.get(text.slice(start, end)) ?? T.name)
        : T.name;
    const member = kind !== T.name && (this.#flags & NEW_LINE) === 0 && this.#lastKind() === T.dot;
    this.#push(member ? T.name : kind, end);
  }

  #lastKind(): number {
    return this.#code.count === 0 ? T.end : this.#code.kinds[this.#code.count - 1]!;
  }

  #comment(): void {
    if (isDoc(this.#text, this.#at)) this.#flags |= DOCUMENTED;
    this.#at = endOfLine(this.#text, this.#at + 2);
  }

  #number(): void {
    const { end, wrong } = endOfNumber(this.#text, this.#at);
    const token = this.#push(T.number, end);
    if (wrong !== null)
      this.#errors.push(parseError("ML1006", token, { text: this.#textOf(token), how: wrong }));
  }

  /** A text or a name in backticks: it ends on its own line. Two backticks inside a name stand for one. */
  #quoted(quote: string, kind: number, unclosed: "ML1002" | "ML1004"): void {
    const text = this.#text;
    let end = this.#at + 1;
    for (; end < text.length; end++) {
      const character = text[end];
      if (character === "`" && text[end + 1] === "`" && quote === "`" && end > this.#at + 1) end++;
      else if (character === quote || character === "\n" || character === "\r") break;
      else if (character === "\\" && quote === '"' && text[end + 1] !== "\n" && text[end + 1] !== "\r") end++;
    }
    const closed = end < text.length && text[end] === quote;
    const token = this.#push(kind, closed ? end + 1 : Math.min(end, text.length));
    if (!closed) this.#unclosedLiteral(token, unclosed);
    else if (kind === T.quotedName && token.end - token.start === 2)
      this.#errors.push(parseError("ML1008", token));
  }

  #textBlock(): void {
    const { end, closed } = endOfTextBlock(this.#text, this.#at, this.#layout ? this.#lineStart : null);
    const token = this.#push(T.textBlock, end);
    const written = this.#textOf(token);
    const lastBreak = Math.max(written.lastIndexOf("\n"), written.lastIndexOf("\r"));
    if (lastBreak >= 0) this.#lineStart = token.start + lastBreak + 1;
    if (!closed) this.#unclosedLiteral(token, "ML1003");
  }

  #unclosedLiteral(token: Span, code: "ML1002" | "ML1003" | "ML1004"): void {
    this.#unclosed.push(token);
    const end = Math.min(endOfLine(this.#text, token.start), token.end);
    this.#errors.push(parseError(code, { start: token.start, end }));
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
      if (kind === T.equals || kind === T.colon) this.#label();
      this.#push(kind, at + length);
      return;
    }
    if (text[at] === "#") this.#foreignComment();
    else if (text[at] === "'") this.#foreignQuotes("'");
    else if (text[at] === "“") this.#foreignQuotes("”");
    else this.#unknown();
  }

  /** A word before `=` or `:` is a name there, whatever else it can mean. */
  #label(): void {
    const code = this.#code;
    const last = code.count - 1;
    const kind = this.#lastKind();
    if (kind === T.preposition) code.kinds[last] = T.name;
    if (kind === T.end || isNameLike(kind) || kind === T.preposition) return;
    const text = code.end(last) - code.start(last) <= LONGEST_WORD ? code.textOf(last) : "";
    if (!RESERVED_WORDS.has(text) || !this.#isLabelPlace(last)) return;
    this.#errors.push(parseError("ML1107", { start: code.start(last), end: code.end(last) }, { text }));
    code.kinds[last] = T.name;
  }

  /** `null = 3` names something; `x = null` on one line and `= 3` on the next does not make `null` a name. */
  #isLabelPlace(at: number): boolean {
    if (at === 0 || this.#code.newline(at)) return true;
    const before = this.#code.kinds[at - 1]!;
    return before === T.comma || before === T.leftBrace || before === T.leftParenthesis;
  }

  #foreignComment(): void {
    const span = { start: this.#at, end: this.#at + 1 };
    this.#at = endOfLine(this.#text, this.#at + 1);
    this.#errors.push(parseError("ML1007", span, { text: "#", instead: "//" }));
  }

  #foreignQuotes(close: string): void {
    const text = this.#text;
    const rest = /^[^\r\n]*/.exec(text.slice(this.#at + 1, this.#at + 2_000))?.[0] ?? "";
    const length = rest.indexOf(close);
    if (length < 0) {
      this.#unknown();
      return;
    }
    const token = this.#push(T.string, this.#at + length + 2);
    const written = this.#textOf(token);
    this.#errors.push(parseError("ML1007", token, { text: written, instead: `"${written.slice(1, -1)}"` }));
  }

  /** A run of characters that mean nothing is one mistake. */
  #unknown(): void {
    const token = { start: this.#at, end: endOfUnknown(this.#text, this.#at) };
    this.#at = token.end;
    this.#errors.push(parseError("ML1001", token, { text: this.#textOf(token) }));
  }

  #textOf({ start, end }: Span): string {
    return this.#text.slice(start, end);
  }
}
