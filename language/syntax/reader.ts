/** What the grammar needs beside its rules: looking ahead, skipping what does not belong, reporting once. */
import { EmbeddedActionsParser } from "chevrotain";
import { parseError, type Report } from "./errors.ts";
import {
  BRACKET_TEXT,
  CLOSER_OF,
  type Closer,
  type CodeKind,
  type CodeToken,
  isCloser,
  isOpener,
  TOKEN_TYPES,
} from "./tokens.ts";
import type { MissingExpression, ParseError, Span } from "./tree.ts";

/** Brackets, blocks, conditions and prefixes inside each other. Trees are walked recursively, so depth is bounded. */
export const MAX_NESTING = 100;
/** Operators of one row: `a + b + …` is as deep a tree as it is long. */
export const MAX_OPERATORS = 1_000;

const EXPRESSION_STARTS: ReadonlySet<string> = new Set([
  "name",
  "quotedName",
  "preposition",
  "number",
  "string",
  "textBlock",
  "constant",
  "minus",
  "not",
  "if",
  "leftParenthesis",
  "leftBracket",
]);

const CLAUSE_OPERANDS: ReadonlySet<string> = new Set(["name", "quotedName", "number", "string", "constant"]);

export abstract class Reader extends EmbeddedActionsParser {
  protected found: ParseError[] = [];
  /** Brackets and `if`s open at this point, the innermost last. */
  protected open: CodeToken[] = [];
  /** An error was reported on the line that is being read. */
  protected mistaken = false;
  /** Documented tokens that begin an item. */
  protected readonly documented = new Set<CodeToken>();
  /** Every name of the text, kept once however often it is written. */
  readonly #names = new Map<string, string>();
  /** Where the last error was reported; what follows at the same place is the same mistake. */
  #reportedAt = -1;

  constructor(skipValidations: boolean) {
    super(TOKEN_TYPES, { maxLookahead: 1, skipValidations });
  }

  /** Begins to read another text. */
  protected restart(code: CodeToken[]): void {
    this.found = [];
    this.open = [];
    this.documented.clear();
    this.#names.clear();
    this.#reportedAt = -1;
    this.mistaken = false;
    this.input = code;
  }

  protected once(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }

  /** The next token. Only ours are put in, with an `end` that is never consumed. */
  protected next(): CodeToken {
    return this.LA(1) as CodeToken;
  }

  protected previous(): CodeToken {
    return this.LA(0) as CodeToken;
  }

  protected second(): CodeToken {
    return this.LA(2) as CodeToken;
  }

  /** Whether a token of this kind comes next; true while Chevrotain records what may come. */
  protected comes(kind: CodeKind): boolean {
    return this.RECORDING_PHASE || this.next().type === kind;
  }

  protected report: Report = (code, span, values, related) => {
    const at = this.next().start;
    if (at === this.#reportedAt) return;
    this.#reportedAt = at;
    this.mistaken = true;
    this.found.push(parseError(code, span, values, related));
  };

  /** The place right behind the last token. */
  protected behind(): Span {
    const end = Math.max(0, this.previous().end ?? 0);
    return { start: end, end };
  }

  /** Whether the next token begins a new item, being a name on a new line, outside () and []. */
  protected ended(): boolean {
    const token = this.next();
    return token.newline && isNameLike(token) && !this.inParentheses();
  }

  protected inParentheses(): boolean {
    for (let at = this.open.length - 1; at >= 0; at--) {
      const type = this.open[at]?.type;
      if (type !== "if") return type === "leftParenthesis" || type === "leftBracket";
    }
    return false;
  }

  /** Null when an expression starts here; otherwise the node that stands for it, reported. */
  protected missing(): MissingExpression | null {
    if (this.RECORDING_PHASE) return null;
    const token = this.next();
    if (EXPRESSION_STARTS.has(token.type) && !this.startsSomethingElse(token)) return null;
    const span = this.behind();
    this.report("ML1101", span, { after: shortened(this.previous().text) });
    return { kind: "missing", span };
  }

  /** A name on a new line is the next item; a preposition before an operand is the next clause. */
  private startsSomethingElse(token: CodeToken): boolean {
    if (token.type === "preposition") {
      const { type, newline } = this.second();
      return CLAUSE_OPERANDS.has(type) && !newline;
    }
    return token.newline && isNameLike(token) && (!this.inParentheses() || isLabel(this.second()));
  }

  protected enter(opener: CodeToken): void {
    if (this.RECORDING_PHASE) return;
    this.open.push(opener);
  }

  protected leave(): void {
    if (this.RECORDING_PHASE) return;
    this.open.pop();
  }

  /** True when one more level would be too deep; what stands in it has then been skipped. */
  protected tooDeep(inBrackets: boolean): boolean {
    if (this.RECORDING_PHASE || this.open.length <= MAX_NESTING) return false;
    if (inBrackets) {
      this.report("ML1110", this.next(), { limit: String(MAX_NESTING) });
      this.skipWhile((token, level) => level > 0 || !isCloser(token.type));
    } else this.skipTooDeep();
    return true;
  }

  protected skipTooDeep(): MissingExpression {
    this.report("ML1110", this.next(), { limit: String(MAX_NESTING) });
    const span = this.behind();
    this.skipExpression();
    return { kind: "missing", span };
  }

  /** Whether the bracket that closes `opener` comes next; reports it when not. A wrong closing bracket is taken for it. */
  protected closes(opener: CodeToken): boolean {
    if (this.RECORDING_PHASE || !isOpener(opener.type)) return true;
    const closer = CLOSER_OF[opener.type];
    const token = this.next();
    if (token.type === closer) return true;
    const values = { opener: BRACKET_TEXT[opener.type], closer: BRACKET_TEXT[closer] };
    const related = [{ span: { start: opener.start, end: opener.end }, message: "opened here" }];
    if (isCloser(token.type) && !this.isOpen(token.type)) {
      this.report("ML1103", token, values, related);
      this.SKIP_TOKEN();
    } else this.report("ML1103", this.behind(), values, related);
    return false;
  }

  private isOpen(closer: Closer): boolean {
    return this.open.some((token) => isOpener(token.type) && CLOSER_OF[token.type] === closer);
  }

  protected unexpected(token: CodeToken, expected: string): void {
    if (isCloser(token.type)) this.report("ML1104", token, { text: token.text });
    else this.report("ML1102", token, { text: shortened(token.text), expected });
  }

  /** Skips what is left of an expression. */
  protected skipExpression(): void {
    this.skipWhile(
      (token, level) =>
        level > 0 ||
        !(
          token.type === "comma" ||
          token.type === "leftBrace" ||
          isCloser(token.type) ||
          (token.newline && isNameLike(token))
        ),
    );
  }

  /** Skips to where the next item can begin: a name on a new line, a comma, the block's end. */
  protected skipItem(): void {
    this.skipWhile(
      (token, level) =>
        level > 0 ||
        !(token.type === "comma" || token.type === "rightBrace" || (token.newline && isNameLike(token))),
    );
  }

  /** Skips tokens while they are wanted skipped; `level` counts the brackets opened on the way. */
  protected skipWhile(skips: (token: CodeToken, level: number) => boolean): void {
    let level = 0;
    for (let token = this.next(); token.type !== "end" && skips(token, level); token = this.next()) {
      if (isOpener(token.type)) level++;
      else if (isCloser(token.type) && level > 0) level--;
      this.SKIP_TOKEN();
    }
  }
}

const NONE: readonly never[] = [];

/** A list that grew, without the room that V8 leaves for more: for one or two members that is seventeen places. */
export const trimmed = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list.slice());

/** Whether a token can name something: an item begins with one. */
export function isNameLike(token: CodeToken): boolean {
  return token.type === "name" || token.type === "quotedName" || token.type === "import";
}

/** Whether a token is a name, as opposed to the word that begins an import. */
export function isName(token: CodeToken): boolean {
  return token.type === "name" || token.type === "quotedName";
}

export function isLabel(token: CodeToken): boolean {
  return token.type === "equals" || token.type === "colon";
}

export function startsExpression(token: CodeToken): boolean {
  return EXPRESSION_STARTS.has(token.type);
}

export function shortened(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? "";
  return line.length > 40 || line.length < text.length ? `${line.slice(0, 40)}…` : line;
}
