/** Text → tokens. Every character of the text is in exactly one token; nothing here fails. */
import { characterAt, endOfWord, isDigit, isSpace, startsWord } from "./characters.ts";
import { parseError } from "./errors.ts";
import { endOfNumber, endOfTextBlock } from "./literals.ts";
import { DOUBLE, FOREIGN, SINGLE } from "./signs.ts";
import { type CodeKind, CodeToken, RESERVED_WORDS, type TriviaKind, WORD_KINDS } from "./tokens.ts";
import type { ParseError, Token } from "./tree.ts";

export interface Lexed {
  /** Everything, in order. */
  readonly tokens: readonly Token[];
  /** What the parser reads, an `end` token last. */
  readonly code: CodeToken[];
  readonly errors: ParseError[];
  /** Texts and names that were not closed. */
  readonly unclosed: ReadonlySet<Token>;
}

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
  readonly #tokens: Token[] = [];
  readonly #code: CodeToken[] = [];
  readonly #errors: ParseError[] = [];
  readonly #unclosed = new Set<Token>();
  #at = 0;
  #lineStart = 0;
  #newline = true;
  #docs: Token[] | null = null;

  constructor(text: string, layout: boolean) {
    this.#text = text;
    this.#layout = layout;
  }

  read(): Lexed {
    const length = this.#text.length;
    while (this.#at < length) this.#next();
    this.#code.push(new CodeToken("end", "", length, length, true, this.#docs));
    return { tokens: this.#tokens, code: this.#code, errors: this.#errors, unclosed: this.#unclosed };
  }

  #next(): void {
    const text = this.#text;
    const at = this.#at;
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) this.#lineBreak(code);
    else if (isSpace(code)) this.#space();
    else if (startsWord(text, at)) this.#word();
    else if (isDigit(code)) this.#number();
    else if (code === 47 && text.charCodeAt(at + 1) === 47) this.#comment();
    else if (code === 96) this.#quoted("`", "quotedName", "ML1004");
    else if (code !== 34) this.#sign();
    else if (text.startsWith('"""', at)) this.#textBlock();
    else this.#quoted('"', "string", "ML1002");
  }

  #space(): void {
    let end = this.#at + 1;
    while (end < this.#text.length && isSpace(this.#text.charCodeAt(end))) end++;
    this.#trivia("space", end);
  }

  #lineBreak(code: number): void {
    const end = code === 13 && this.#text.charCodeAt(this.#at + 1) === 10 ? this.#at + 2 : this.#at + 1;
    this.#trivia("newline", end);
    this.#newline = true;
    this.#lineStart = end;
  }

  #trivia(type: TriviaKind, end: number): Token {
    const token: Token = { type, text: this.#text.slice(this.#at, end), start: this.#at, end };
    this.#tokens.push(token);
    this.#at = end;
    return token;
  }

  #push(type: CodeKind, end: number): CodeToken {
    const text = this.#text.slice(this.#at, end);
    if (type === "string" || type === "leftBrace") this.#importWord();
    const token = new CodeToken(
      type,
      text,
      this.#at,
      end,
      this.#newline,
      type === "comma" ? null : this.#docs,
    );
    this.#tokens.push(token);
    this.#code.push(token);
    this.#at = end;
    this.#newline = false;
    // What follows the comma is documented, not the comma.
    if (type !== "comma") this.#docs = null;
    return token;
  }

  /** `import` is a word of the language only where an import is written: at an item's start, before a path. */
  #importWord(): void {
    const before = this.#code.at(-1);
    if (before?.type !== "name" || before.text !== "import") return;
    const place = this.#code.at(-2)?.type;
    if (before.newline || place === "comma" || place === "leftBrace" || place === "rightBrace")
      before.become("import");
  }

  /** Behind a dot every word is a name. */
  #word(): void {
    const text = this.#text;
    const end = endOfWord(text, this.#at + characterAt(text, this.#at).length);
    const kind = WORD_KINDS.get(text.slice(this.#at, end)) ?? "name";
    const member = kind !== "name" && !this.#newline && this.#code.at(-1)?.type === "dot";
    this.#push(member ? "name" : kind, end);
  }

  #comment(): void {
    const text = this.#text;
    let end = this.#at + 2;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    // `////…` is a ruler, not a doc comment.
    const isDoc = text.startsWith("///", this.#at) && text.charCodeAt(this.#at + 3) !== 47;
    const token = this.#trivia(isDoc ? "doc" : "comment", end);
    if (!isDoc) return;
    this.#docs ??= [];
    this.#docs.push(token);
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
    for (; end < text.length; end++) {
      const character = text[end];
      if (character === "`" && text[end + 1] === "`" && quote === "`" && end > this.#at + 1) end++;
      else if (character === quote || character === "\n" || character === "\r") break;
      else if (character === "\\" && quote === '"' && text[end + 1] !== "\n" && text[end + 1] !== "\r") end++;
    }
    const closed = end < text.length && text[end] === quote;
    const token = this.#push(kind, closed ? end + 1 : Math.min(end, text.length));
    if (!closed) this.#unclosedLiteral(token, unclosed);
    else if (kind === "quotedName" && token.text === "``") this.#errors.push(parseError("ML1008", token));
  }

  #textBlock(): void {
    const { end, closed } = endOfTextBlock(this.#text, this.#at, this.#layout ? this.#lineStart : null);
    const start = this.#at;
    const token = this.#push("textBlock", end);
    const lastBreak = Math.max(token.text.lastIndexOf("\n"), token.text.lastIndexOf("\r"));
    if (lastBreak >= 0) this.#lineStart = start + lastBreak + 1;
    if (!closed) this.#unclosedLiteral(token, "ML1003");
  }

  #unclosedLiteral(token: CodeToken, code: "ML1002" | "ML1003" | "ML1004"): void {
    this.#unclosed.add(token);
    const first = token.text.search(/[\r\n]/);
    const end = first < 0 ? token.end : token.start + first;
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
      if (kind === "equals" || kind === "colon") this.#label();
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
    const before = this.#code.at(-1);
    if (before === undefined) return;
    if (before.type === "preposition") before.become("name");
    else if (
      RESERVED_WORDS.has(before.text) &&
      before.type !== "name" &&
      isLabelPlace(this.#code.at(-2), before)
    ) {
      this.#errors.push(parseError("ML1107", before, { text: before.text }));
      before.become("name");
    }
  }

  #foreignComment(): void {
    const text = this.#text;
    let end = this.#at + 1;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    const span = { start: this.#at, end: this.#at + 1 };
    this.#trivia("comment", end);
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
    const token = this.#push("string", this.#at + length + 2);
    this.#errors.push(
      parseError("ML1007", token, { text: token.text, instead: `"${token.text.slice(1, -1)}"` }),
    );
  }

  /** A run of characters that mean nothing is one mistake. */
  #unknown(): void {
    const text = this.#text;
    let end = this.#at;
    do end += characterAt(text, end).length;
    while (end < text.length && isUnknown(text, end));
    const token = this.#trivia("unknown", end);
    this.#errors.push(parseError("ML1001", token, { text: token.text }));
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

function isUnknown(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const character = characterAt(text, at);
  return (
    !isSpace(code) &&
    code !== 10 &&
    code !== 13 &&
    !isDigit(code) &&
    !startsWord(text, at) &&
    !SINGLE.has(character) &&
    !FOREIGN.has(character) &&
    !"\"`'“#".includes(character)
  );
}
