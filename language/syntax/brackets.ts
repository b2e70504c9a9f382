/** Missing brackets, put where the indentation shows them. Used only for a file whose brackets do not balance. */
import { parseError } from "./errors.ts";
import type { Lexed } from "./lexer.ts";
import { Lines } from "./positions.ts";
import { isNameLike } from "./reader.ts";
import {
  BRACKET_TEXT,
  CLOSER_OF,
  type Closer,
  CodeToken,
  isCloser,
  isOpener,
  type Opener,
} from "./tokens.ts";
import type { ParseError } from "./tree.ts";

export interface Repaired {
  /** The tokens with those that were missing, each empty, behind the token before it; stray ones left out. */
  readonly code: CodeToken[];
  readonly errors: readonly ParseError[];
}

/** How many tokens a block whose `{` is forgotten may have: the search for its `}` must end. */
const FARTHEST = 2_000;

interface OpenBracket {
  readonly token: CodeToken;
  readonly kind: Opener;
  /** The indent of the line on which it stands. */
  readonly indent: number;
  /** What a closing bracket behind it can close: any `{`, and what was opened since the last one. */
  readonly closable: ReadonlySet<Closer>;
}

const NOTHING: ReadonlySet<Closer> = new Set();
const ONLY_BRACE: ReadonlySet<Closer> = new Set<Closer>(["rightBrace"]);

/** Null when the brackets balance. */
export function repairBrackets(text: string, lexed: Lexed): Repaired | null {
  return areBalanced(lexed.code) ? null : new Repair(text, lexed).run();
}

function areBalanced(code: readonly CodeToken[]): boolean {
  const open: Opener[] = [];
  for (const { type } of code) {
    if (isOpener(type)) {
      // No block stands inside () or [].
      if (type === "leftBrace" && open.length > 0 && open.at(-1) !== "leftBrace") return false;
      open.push(type);
    } else if (isCloser(type)) {
      const top = open.pop();
      if (top === undefined || CLOSER_OF[top] !== type) return false;
    }
  }
  return open.length === 0;
}

class Repair {
  readonly #lexed: Lexed;
  readonly #lines: Lines;
  readonly #code: CodeToken[] = [];
  readonly #errors: ParseError[] = [];
  readonly #open: OpenBracket[] = [];
  /** Brackets inside texts that were not closed: their partners are no mistakes of their own. */
  #swallowedOpeners: number;
  #swallowedClosers: number;
  #lineIndent = 0;
  /** How many more `}` than `{` there are: as many `{` may have been forgotten within a line. */
  #surplus = 0;
  /** Where on this line a forgotten `{` belongs; -1 when nowhere. */
  #forgotten = -1;
  /** The `}` at the end of this line that was meant to be a `{`; -1 when none. */
  #mistyped = -1;
  /** The token before the last stray bracket: a row of them is one mistake. */
  #stray: CodeToken | undefined | null = null;

  constructor(text: string, lexed: Lexed) {
    this.#lexed = lexed;
    this.#lines = new Lines(text);
    for (const { type } of lexed.code) {
      if (type === "rightBrace") this.#surplus += 1;
      else if (type === "leftBrace") this.#surplus -= 1;
    }
    const swallowed = lexed.unclosed.map(({ start, end }) => text.slice(start, end)).join("");
    this.#swallowedOpeners = swallowed.match(/[([{]/g)?.length ?? 0;
    this.#swallowedClosers = swallowed.match(/[)\]}]/g)?.length ?? 0;
  }

  run(): Repaired {
    for (const [at, token] of this.#lexed.code.entries()) {
      if (token.newline) this.#startLine(token, at);
      if (at === this.#forgotten) {
        this.#surplus -= 1;
        this.#insert();
      }
      if (at === this.#mistyped) {
        this.#surplus -= 2;
        this.#insert(parseError("ML1121", token, { opener: "{", closer: token.text }));
        continue;
      }
      if (isOpener(token.type)) this.#opener(token, token.type);
      else if (isCloser(token.type)) {
        if (!this.#closer(token, token.type)) continue;
      } else if (token.type === "end") while (this.#open.length > 0) this.#insertCloser();
      this.#code.push(token);
    }
    return { code: this.#code, errors: this.#errors };
  }

  #startLine(token: CodeToken, at: number): void {
    const indent = this.#indentOf(token);
    if (indent > this.#lineIndent) this.#insertOpener(token, at);
    else this.#closeDeeper(token, indent);
    this.#lineIndent = indent;
    this.#mistyped = this.#surplus > 1 ? this.#mistypedOpener(at) : -1;
    this.#forgotten = this.#surplus > 0 && this.#mistyped < 0 ? placeOfOpener(this.#lexed.code, at) : -1;
  }

  #indentOf(token: CodeToken): number {
    return this.#lines.positionOf(token.start).column;
  }

  /** A line that stands no deeper than the one that opened a bracket is not inside it. */
  #closeDeeper(token: CodeToken, indent: number): void {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (token.type === CLOSER_OF[top.kind]) {
        // A `}` further out than its `{` closes the block around it.
        const outer = this.#open.length > 1;
        if (!outer || top.kind !== "leftBrace" || indent >= top.indent) return;
      } else if (indent > top.indent) return;
      this.#insertCloser();
    }
  }

  #insertCloser(): void {
    const top = this.#open.pop();
    const before = this.#code.at(-1);
    if (top === undefined || before === undefined) return;
    const closer = CLOSER_OF[top.kind];
    this.#code.push(new CodeToken(closer, before.source, before.end, before.end, false, null));
    if (this.#swallowedClosers > 0) {
      this.#swallowedClosers--;
      return;
    }
    const span = { start: before.end, end: before.end };
    if (this.#errors.at(-1)?.span.start === span.start) return;
    const values = { opener: BRACKET_TEXT[top.kind], closer: BRACKET_TEXT[closer] };
    const opened = { span: { start: top.token.start, end: top.token.end }, message: "opened here" };
    this.#errors.push(parseError("ML1103", span, values, [opened]));
  }

  /** Deeper lines under a line that opened nothing, and then a `}` as deep as that line: its `{` is forgotten. */
  #insertOpener(token: CodeToken, at: number): void {
    const before = this.#code.at(-1);
    const top = this.#open.at(-1);
    if (before === undefined || isOpener(before.type) || !isNameLike(token)) return;
    if (top !== undefined && (top.kind !== "leftBrace" || top.indent >= this.#lineIndent)) return;
    if (!this.#closesBelow(at)) return;
    this.#insert();
  }

  /** Whether the first line behind a token that stands no deeper than this one begins with a `}` as deep. */
  #closesBelow(at: number): boolean {
    const next = this.#nextLineNotDeeper(at);
    return next?.type === "rightBrace" && this.#indentOf(next) === this.#lineIndent;
  }

  /** `dataset x: csv }`, deeper lines, and then a `}` as deep as that line: the first `}` was meant to open. */
  #mistypedOpener(start: number): number {
    const { code } = this.#lexed;
    const at = endOfHead(code, start);
    const below = code[at + 1];
    if (code[at]?.type !== "rightBrace" || below?.newline !== true || !isNameLike(below)) return -1;
    return this.#indentOf(below) > this.#lineIndent && this.#closesBelow(at + 1) ? at : -1;
  }

  #insert(error?: ParseError): void {
    const before = this.#code.at(-1);
    if (before === undefined) return;
    const span = { start: before.end, end: before.end };
    const opener = new CodeToken("leftBrace", before.source, span.start, span.end, false, null);
    this.#code.push(opener);
    this.#push(opener, "leftBrace");
    this.#errors.push(error ?? parseError("ML1118", span, { opener: "{", closer: "}" }));
  }

  #nextLineNotDeeper(from: number): CodeToken | undefined {
    const { code } = this.#lexed;
    for (let at = from + 1; at < code.length && at < from + FARTHEST; at++) {
      const token = code[at];
      if (token?.newline && this.#indentOf(token) <= this.#lineIndent) return token;
    }
    return undefined;
  }

  #opener(token: CodeToken, kind: Opener): void {
    if (kind === "leftBrace") {
      while (this.#open.length > 0 && this.#open.at(-1)?.kind !== "leftBrace") this.#insertCloser();
    }
    this.#push(token, kind);
  }

  #push(token: CodeToken, kind: Opener): void {
    const around = this.#open.at(-1)?.closable ?? NOTHING;
    const closer = CLOSER_OF[kind];
    const closable =
      kind === "leftBrace" ? ONLY_BRACE : around.has(closer) ? around : new Set([...around, closer]);
    this.#open.push({ token, kind, indent: this.#lineIndent, closable });
  }

  /** Whether the token stays. */
  #closer(token: CodeToken, type: Closer): boolean {
    if (!this.#closesSomething(type)) {
      const again = this.#stray === this.#code.at(-1);
      this.#stray = this.#code.at(-1);
      if (this.#swallowedOpeners > 0) this.#swallowedOpeners--;
      else if (!again) this.#errors.push(parseError("ML1104", token, { text: token.text }));
      return false;
    }
    for (
      let top = this.#open.at(-1);
      top !== undefined && CLOSER_OF[top.kind] !== type;
      top = this.#open.at(-1)
    ) {
      this.#insertCloser();
    }
    this.#open.pop();
    return true;
  }

  /** A `)` or `]` closes nothing outside the block in which it stands. */
  #closesSomething(type: Closer): boolean {
    return this.#open.at(-1)?.closable.has(type) ?? false;
  }
}

/** How many tokens a line may have: the search for its `}` must end. */
const LONGEST_LINE = 300;

/** The token behind the words, colons and arguments with which a line begins. */
function endOfHead(code: readonly CodeToken[], start: number): number {
  let within = false;
  for (let at = start + 1; at < start + LONGEST_LINE; at++) {
    const token = code[at];
    if (token === undefined || token.newline || token.type === "rightBrace") return at;
    if (token.type === "leftParenthesis") within = true;
    else if (token.type === "rightParenthesis") within = false;
    else if (!within && token.type !== "colon" && !isNameLike(token)) return at;
  }
  return start;
}

/**
 * A line such as `encode area = one_hot }` has a `}` and no `{`: where its first item begins, behind the head. -1 when
 * the line has no such `}`, or when no item of a block stands before it.
 */
function placeOfOpener(code: readonly CodeToken[], start: number): number {
  let closer = start + 1;
  for (; closer < start + LONGEST_LINE; closer++) {
    const token = code[closer];
    if (token === undefined || token.newline || token.type === "leftBrace" || token.type === "end") return -1;
    if (token.type === "rightBrace") break;
  }
  const is = (at: number, type: CodeToken["type"]) => at < closer && code[at]?.type === type;
  const isNamed = (at: number) => at < closer && isNameLike(code[at]!);
  /** Behind the arguments that begin there, if any do. */
  const behindArguments = (at: number): number => {
    if (!is(at, "leftParenthesis")) return at;
    let end = at;
    while (end < closer && !is(end, "rightParenthesis")) end++;
    return end + 1;
  };
  const first = behindArguments(start + 1);
  if (!isNamed(start) || !isNamed(first)) return -1;
  if (is(first + 1, "equals")) return first;
  if (first > start + 1 || !is(first + 1, "colon")) return isNamed(first + 1) ? first + 1 : -1;
  // `model m: linear_regression data = …`, where `schema a: float nullable, …` has a column.
  const second = behindArguments(first + 3);
  return isNamed(second) && is(second + 1, "equals") ? second : first;
}
