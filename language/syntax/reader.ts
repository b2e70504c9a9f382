/** What the grammar needs beside its rules: looking ahead, skipping what does not belong, reporting once. */
import { parseError, type Report } from "./errors.ts";
import { bracketText, closerOf, isCloser, isLabel, isNameLike, isOpener, T, Tokens } from "./tokens.ts";
import type { MissingExpression, ParseError, Span } from "./tree.ts";

/** Brackets, blocks, conditions and prefixes inside each other. Trees are walked recursively, so depth is bounded. */
export const MAX_NESTING = 100;
/** Operators of one row: `a + b + …` is as deep a tree as it is long. */
export const MAX_OPERATORS = 1_000;

const EXPRESSION_STARTS: readonly boolean[] = kindSet(
  T.name,
  T.quotedName,
  T.preposition,
  T.number,
  T.string,
  T.textBlock,
  T.constant,
  T.minus,
  T.not,
  T.if,
  T.leftParenthesis,
  T.leftBracket,
);

const CLAUSE_OPERANDS: readonly boolean[] = kindSet(T.name, T.quotedName, T.number, T.string, T.constant);

function kindSet(...kinds: number[]): readonly boolean[] {
  return Array.from({ length: Object.keys(T).length }, (_, kind) => kinds.includes(kind));
}

export abstract class Reader {
  protected code = new Tokens("");
  /** The token that is read next. */
  protected at = 0;
  /** Its kind. */
  protected kind: number = T.end;
  protected found: ParseError[] = [];
  /** Brackets and `if`s open at this point, the innermost last: their tokens. */
  protected open: number[] = [];
  /** An error was reported on the line that is being read. */
  protected mistaken = false;
  /** Documented tokens that begin an item. */
  protected readonly documented = new Set<number>();
  /** Where the last error was reported; what follows at the same place is the same mistake. */
  #reportedAt = -1;

  /** Begins to read another text. */
  protected restart(code: Tokens): void {
    this.code = code;
    this.at = 0;
    this.kind = code.kind(0);
    this.found = [];
    this.open = [];
    this.documented.clear();
    this.#reportedAt = -1;
    this.mistaken = false;
  }

  /** Steps over the next token; nothing steps over the `end` token. */
  protected step(): void {
    this.kind = this.code.kinds[++this.at]!;
  }

  /** Steps over the next token if it is of a kind. */
  protected took(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.step();
    return true;
  }

  /** The kind of the token behind the next one. */
  protected second(): number {
    return this.code.kind(this.at + 1);
  }

  protected textAt(at: number): string {
    return this.code.textOf(at);
  }

  protected spanAt(at: number): Span {
    return { start: this.code.start(at), end: this.code.end(at) };
  }

  /** From a place to the end of the last token read. */
  protected spanFrom(start: number): Span {
    return { start, end: this.code.ends[this.at - 1]! };
  }

  protected report: Report = (code, span, values, related) => {
    const at = this.code.start(this.at);
    if (at === this.#reportedAt) return;
    this.#reportedAt = at;
    this.mistaken = true;
    this.found.push(parseError(code, span, values, related));
  };

  /** The place right behind the last token. */
  protected behind(): Span {
    const end = this.at === 0 ? 0 : this.code.end(this.at - 1);
    return { start: end, end };
  }

  protected newline(): boolean {
    return this.code.newline(this.at);
  }

  /** Whether the next token begins a new item, being a name on a new line, outside () and []. */
  protected ended(): boolean {
    return isNameLike(this.kind) && this.newline() && !this.inParentheses();
  }

  protected inParentheses(): boolean {
    for (let at = this.open.length - 1; at >= 0; at--) {
      const kind = this.code.kind(this.open[at]!);
      if (kind !== T.if) return kind === T.leftParenthesis || kind === T.leftBracket;
    }
    return false;
  }

  protected startsExpression(): boolean {
    return EXPRESSION_STARTS[this.kind]!;
  }

  /** Null when an expression starts here; otherwise the node that stands for it, reported. */
  protected missing(): MissingExpression | null {
    if (EXPRESSION_STARTS[this.kind] && !this.startsSomethingElse()) return null;
    const span = this.behind();
    this.report("ML1101", span, { after: this.at === 0 ? "" : shortened(this.textAt(this.at - 1)) });
    return { kind: "missing", span };
  }

  /** A name on a new line is the next item; a preposition before an operand is the next clause. */
  private startsSomethingElse(): boolean {
    if (this.kind === T.preposition) return CLAUSE_OPERANDS[this.second()]!;
    return isNameLike(this.kind) && this.newline() && (!this.inParentheses() || isLabel(this.second()));
  }

  /** True when one more level would be too deep; what stands in it has then been skipped. */
  protected tooDeep(inBrackets: boolean): boolean {
    if (this.open.length <= MAX_NESTING) return false;
    if (inBrackets) {
      this.report("ML1110", this.spanAt(this.at), { limit: String(MAX_NESTING) });
      this.skipWhile((level) => level > 0 || !isCloser(this.kind));
    } else this.skipTooDeep();
    return true;
  }

  protected skipTooDeep(): MissingExpression {
    this.report("ML1110", this.spanAt(this.at), { limit: String(MAX_NESTING) });
    const span = this.behind();
    this.skipExpression();
    return { kind: "missing", span };
  }

  /** Steps over the bracket that closes `opener`; reports it when another token stands there. */
  protected close(opener: number): void {
    const kind = this.code.kind(opener);
    if (this.took(closerOf(kind))) return;
    const values = { opener: bracketText(kind), closer: bracketText(closerOf(kind)) };
    const related = [{ span: this.spanAt(opener), message: "opened here" }];
    if (isCloser(this.kind) && !this.isOpen(this.kind)) {
      this.report("ML1103", this.spanAt(this.at), values, related);
      this.step(); // A wrong closing bracket is taken for it.
    } else this.report("ML1103", this.behind(), values, related);
  }

  private isOpen(closer: number): boolean {
    return this.open.some((at) => isOpener(this.code.kind(at)) && closerOf(this.code.kind(at)) === closer);
  }

  protected unexpected(expected: string): void {
    const text = this.textAt(this.at);
    if (isCloser(this.kind)) this.report("ML1104", this.spanAt(this.at), { text });
    else this.report("ML1102", this.spanAt(this.at), { text: shortened(text), expected });
  }

  /** Skips what is left of an expression. */
  protected skipExpression(): void {
    this.skipWhile(
      (level) =>
        level > 0 ||
        !(
          this.kind === T.comma ||
          this.kind === T.leftBrace ||
          isCloser(this.kind) ||
          (isNameLike(this.kind) && this.newline())
        ),
    );
  }

  /** Skips to where the next item can begin: a name on a new line, a comma, the block's end. */
  protected skipItem(): void {
    this.skipWhile(
      (level) =>
        level > 0 ||
        !(this.kind === T.comma || this.kind === T.rightBrace || (isNameLike(this.kind) && this.newline())),
    );
  }

  /** Skips tokens while they are wanted skipped; `level` counts the brackets opened on the way. */
  protected skipWhile(skips: (level: number) => boolean): void {
    let level = 0;
    while (this.kind !== T.end && skips(level)) {
      if (isOpener(this.kind)) level++;
      else if (isCloser(this.kind) && level > 0) level--;
      this.step();
    }
  }
}

export function shortened(text: string): string {
  const line = text.slice(0, 41).split(/[\r\n]/, 1)[0] ?? "";
  return line.length > 40 || line.length < text.length ? `${line.slice(0, 40)}…` : line;
}
