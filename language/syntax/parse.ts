/** Text → tree. */

import { repairBrackets } from "./brackets.ts";
import { Grammar, type Reading } from "./grammar.ts";
import { type Lexed, lex } from "./lexer.ts";
import type { ParseError, SourceTree, Span } from "./tree.ts";

/** Built at the first use: it takes some milliseconds. */
let grammar: Grammar | null = null;
/** How many blanks may part two errors that are one mistake. */
const MOST_SPACE = 100;

/**
 * Reads a `.mlops` file.
 *
 * Never throws and always ends, in time linear in the text's length, whatever the text is. A file with mistakes still
 * has a tree: everything that could be understood is in it, and `errors` has one entry for each mistake, in the order
 * of the text. When the brackets do not balance, the file is read once more with the missing ones put where the
 * indentation shows them, and the reading with fewer errors counts; in a valid file layout has no meaning.
 */
export function parse(text: string): SourceTree {
  const lexed = lex(text);
  const first = read(text, lexed, lexed.code, []);
  if (first.errors.length === 0) return { text, items: first.items, tokens: lexed.tokens, errors: [] };
  const lexedAgain = lexed.code.some((token) => token.type === "textBlock") ? lex(text, true) : lexed;
  const repaired = repairBrackets(text, lexedAgain);
  if (repaired === null && lexedAgain.code.length === lexed.code.length) {
    return { text, items: first.items, tokens: lexed.tokens, errors: first.errors };
  }
  const second = read(text, lexedAgain, repaired?.code ?? lexedAgain.code, repaired?.errors ?? []);
  if (!isBetter(first.errors.length, second.errors.length, repaired?.errors.length ?? 0)) {
    return { text, items: first.items, tokens: lexed.tokens, errors: first.errors };
  }
  return { text, items: second.items, tokens: lexedAgain.tokens, errors: second.errors };
}

/**
 * Whether the second reading counts. It may name more mistakes than the first: two that cancel out, a `}` and a `{`
 * forgotten, are none to a reader who does not look at the indentation. Where the indentation means nothing, brackets
 * would be put everywhere.
 */
function isBetter(first: number, second: number, repairs: number): boolean {
  return second <= first || (second - repairs < first && second <= 2 * first);
}

function read(text: string, lexed: Lexed, code: Lexed["code"], repairs: readonly ParseError[]): Reading {
  grammar ??= new Grammar();
  const { items, errors } = grammar.read(code);
  const own = [...errors].sort(byPlace);
  const marks = [...lexed.errors, ...repairs].sort(byPlace);
  if (marks.length === 0) return { items, errors: own };
  return { items, errors: [...marks, ...withoutEchoes(text, own, marks)].sort(byPlace) };
}

function byPlace(a: ParseError, b: ParseError): number {
  return a.span.start - b.span.start || a.span.end - b.span.end;
}

/** What the grammar misses right beside a lexical error is that same mistake. Both lists are in order. */
function withoutEchoes(
  text: string,
  errors: readonly ParseError[],
  marks: readonly ParseError[],
): ParseError[] {
  let at = 0;
  return errors.filter(({ span }) => {
    while (at + 1 < marks.length && (marks[at + 1]?.span.start ?? 0) <= span.start) at++;
    return ![marks[at], marks[at + 1]].some((mark) => mark !== undefined && beside(text, span, mark.span));
  });
}

function beside(text: string, a: Span, b: Span): boolean {
  const [from, to] = a.start <= b.start ? [a.end, b.start] : [b.end, a.start];
  return to <= from || (to - from < MOST_SPACE && /^[ \t]*$/.test(text.slice(from, to)));
}
