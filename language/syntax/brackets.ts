/** Missing brackets, put where the indentation shows them. Used only for a file whose brackets do not balance. */
import { parseError } from "./errors.ts";
import type { Lexed } from "./lexer.ts";
import { Lines } from "./positions.ts";
import { bracketText, closerOf, isCloser, isNameLike, isOpener, T, Tokens } from "./tokens.ts";
import type { ParseError, Span } from "./tree.ts";

export interface Repaired {
  /** The tokens with those that were missing, each empty, behind the token before it; stray ones left out. */
  readonly code: Tokens;
  readonly errors: readonly ParseError[];
}

/** How many tokens a block whose `{` is forgotten may have: the search for its `}` must end. */
const FARTHEST = 2_000;

interface OpenBracket {
  readonly span: Span;
  readonly kind: number;
  /** The indent of the line on which it stands. */
  readonly indent: number;
}

/** Null when the brackets balance. */
export function repairBrackets(text: string, lexed: Lexed): Repaired | null {
  return areBalanced(lexed.code) ? null : new Repair(text, lexed).run();
}

function areBalanced(code: Tokens): boolean {
  const open: number[] = [];
  for (let at = 0; at < code.count; at++) {
    const kind = code.kinds[at]!;
    if (isOpener(kind)) {
      // No block stands inside () or [].
      if (kind === T.leftBrace && open.length > 0 && open.at(-1) !== T.leftBrace) return false;
      open.push(kind);
    } else if (isCloser(kind)) {
      const top = open.pop();
      if (top === undefined || closerOf(top) !== kind) return false;
    }
  }
  return open.length === 0;
}

class Repair {
  readonly #read: Tokens;
  readonly #lines: Lines;
  readonly #code: Tokens;
  readonly #errors: ParseError[] = [];
  readonly #open: OpenBracket[] = [];
  /** Brackets inside texts that were not closed: their partners are no mistakes of their own. */
  #swallowedOpeners: number;
  #swallowedClosers: number;
  #lineIndent = 0;
  /** How many tokens stood before the last stray bracket: a row of them is one mistake. */
  #stray = -1;

  constructor(text: string, { code, unclosed }: Lexed) {
    this.#read = code;
    this.#code = new Tokens(text, code);
    this.#lines = new Lines(text);
    const swallowed = unclosed.map(({ start, end }) => text.slice(start, end)).join("");
    this.#swallowedOpeners = swallowed.match(/[([{]/g)?.length ?? 0;
    this.#swallowedClosers = swallowed.match(/[)\]}]/g)?.length ?? 0;
  }

  run(): Repaired {
    const code = this.#read;
    for (let at = 0; at < code.count; at++) {
      const kind = code.kinds[at]!;
      if (code.newline(at)) this.#startLine(at);
      if (isOpener(kind)) this.#opener(at, kind);
      else if (isCloser(kind)) {
        if (!this.#closer(at, kind)) continue;
      } else if (kind === T.end) while (this.#open.length > 0) this.#insertCloser();
      this.#code.push(kind, code.starts[at]!, code.ends[at]!, code.flags[at]!);
    }
    return { code: this.#code, errors: this.#errors };
  }

  #startLine(at: number): void {
    const indent = this.#indentOf(at);
    if (indent > this.#lineIndent) this.#insertOpener(at);
    else this.#closeDeeper(this.#read.kind(at), indent);
    this.#lineIndent = indent;
  }

  #indentOf(at: number): number {
    return this.#lines.positionOf(this.#read.start(at)).column;
  }

  /** The place behind the last token. */
  #behind(): Span {
    const end = this.#code.end(this.#code.count - 1);
    return { start: end, end };
  }

  /** A line that stands no deeper than the one that opened a bracket is not inside it. */
  #closeDeeper(kind: number, indent: number): void {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (kind === closerOf(top.kind)) {
        // A `}` further out than its `{` closes the block around it.
        const outer = this.#open.length > 1;
        if (!outer || top.kind !== T.leftBrace || indent >= top.indent) return;
      } else if (indent > top.indent) return;
      this.#insertCloser();
    }
  }

  #insertCloser(): void {
    const top = this.#open.pop();
    if (top === undefined || this.#code.count === 0) return;
    const closer = closerOf(top.kind);
    const span = this.#behind();
    this.#code.push(closer, span.start, span.end, 0);
    if (this.#swallowedClosers > 0) {
      this.#swallowedClosers--;
      return;
    }
    if (this.#errors.at(-1)?.span.start === span.start) return;
    const values = { opener: bracketText(top.kind), closer: bracketText(closer) };
    this.#errors.push(parseError("ML1103", span, values, [{ span: top.span, message: "opened here" }]));
  }

  /** Deeper lines under a line that opened nothing, and then a `}` as deep as that line: its `{` is forgotten. */
  #insertOpener(at: number): void {
    const before = this.#code.count - 1;
    const top = this.#open.at(-1);
    if (before < 0 || isOpener(this.#code.kinds[before]!) || !isNameLike(this.#read.kind(at))) return;
    if (top !== undefined && (top.kind !== T.leftBrace || top.indent >= this.#lineIndent)) return;
    const next = this.#nextLineNotDeeper(at);
    if (next < 0 || this.#read.kind(next) !== T.rightBrace || this.#indentOf(next) !== this.#lineIndent)
      return;
    const span = this.#behind();
    this.#code.push(T.leftBrace, span.start, span.end, 0);
    this.#open.push({ span, kind: T.leftBrace, indent: this.#lineIndent });
    this.#errors.push(parseError("ML1118", span, { opener: "{", closer: "}" }));
  }

  #nextLineNotDeeper(from: number): number {
    const code = this.#read;
    for (let at = from + 1; at < code.count && at < from + FARTHEST; at++)
      if (code.newline(at) && this.#indentOf(at) <= this.#lineIndent) return at;
    return -1;
  }

  #opener(at: number, kind: number): void {
    if (kind === T.leftBrace)
      while (this.#open.length > 0 && this.#open.at(-1)?.kind !== T.leftBrace) this.#insertCloser();
    const span = { start: this.#read.start(at), end: this.#read.end(at) };
    this.#open.push({ span, kind, indent: this.#lineIndent });
  }

  /** Whether the token stays. */
  #closer(at: number, kind: number): boolean {
    if (!this.#closesSomething(kind)) {
      const again = this.#stray === this.#code.count;
      this.#stray = this.#code.count;
      const span = { start: this.#read.start(at), end: this.#read.end(at) };
      if (this.#swallowedOpeners > 0) this.#swallowedOpeners--;
      else if (!again) this.#errors.push(parseError("ML1104", span, { text: bracketText(kind) }));
      return false;
    }
    for (
      let top = this.#open.at(-1);
      top !== undefined && closerOf(top.kind) !== kind;
      top = this.#open.at(-1)
    )
      this.#insertCloser();
    this.#open.pop();
    return true;
  }

  /** A `)` or `]` closes nothing outside the block in which it stands. */
  #closesSomething(kind: number): boolean {
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const open = this.#open[at]!.kind;
      if (closerOf(open) === kind) return true;
      if (open === T.leftBrace && kind !== T.rightBrace) return false;
    }
    return false;
  }
}
