/** Text → tree. */

import { repairBrackets } from "./brackets.ts";
import { MOST_ERRORS } from "./errors.ts";
import { Grammar, type Reading } from "./grammar.ts";
import { type Lexed, lex } from "./lexer.ts";
import type { CodeKind, CodeToken } from "./tokens.ts";
import type { Item, ParseError, SourceTree, Span, Token } from "./tree.ts";
import { allTokens } from "./trivia.ts";

/** Built at the first use: it takes some milliseconds. */
let grammar: Grammar | null = null;
/** How many blanks may part two errors that are one mistake. */
const MOST_SPACE = 100;

/**
 * Reads a `.mlops` file.
 *
 * Never throws and always ends, in time linear in the text's length, whatever the text is. A file with mistakes still
 * has a tree: everything that could be understood is in it, and `errors` has one entry for each mistake, in the order
 * of the text, up to two hundred; behind these, items with mistakes are left out. When the brackets do not balance, the file is read once more with the missing ones put where the
 * indentation shows them, and the reading with fewer errors counts; in a valid file layout has no meaning.
 */
export function parse(text: string): SourceTree {
  const lexed = lex(text);
  const first = read(text, lexed, lexed.code, []);
  if (first.errors.length === 0) return new ReadText(text, lexed.code, false, first);
  const lexedAgain = lexed.code.some((token) => token.type === "textBlock") ? lex(text, true) : lexed;
  const repaired = repairBrackets(text, lexedAgain);
  // Where so many brackets are missing, the indentation is not to be trusted.
  if (repaired !== null && repaired.errors.length > MOST_ERRORS)
    return new ReadText(text, lexed.code, false, first);
  if (repaired === null && lexedAgain.code.length === lexed.code.length)
    return new ReadText(text, lexed.code, false, first);
  const second = read(text, lexedAgain, repaired?.code ?? lexedAgain.code, repaired?.errors ?? []);
  if (!isBetter(first.errors.length, second.errors.length, repaired?.errors.length ?? 0))
    return new ReadText(text, lexed.code, false, first);
  return new ReadText(text, lexedAgain.code, lexedAgain !== lexed, second);
}

const WORDS: ReadonlySet<CodeKind> = new Set([
  "name",
  "preposition",
  "import",
  "constant",
  "operator",
  "not",
  "if",
  "then",
  "else",
]);

/** A tree whose tokens are made when somebody asks: few do, and they take more room than all the rest. */
class ReadText implements SourceTree {
  readonly text: string;
  readonly items: readonly Item[];
  readonly errors: readonly ParseError[];
  readonly more: number;
  /** Start and end of every name and word, one after the other. */
  readonly words: Int32Array;
  readonly #layout: boolean;
  #tokens: readonly Token[] | null = null;

  constructor(text: string, code: readonly CodeToken[], layout: boolean, { items, errors }: Reading) {
    this.text = text;
    this.items = items;
    this.errors = errors.length > MOST_ERRORS ? errors.slice(0, MOST_ERRORS) : errors;
    this.more = errors.length - this.errors.length;
    this.#layout = layout;
    const words = new Int32Array(code.length * 2);
    let length = 0;
    for (let at = 0; at < code.length; at += 1) {
      const token = code[at]!;
      if (!WORDS.has(token.type)) continue;
      words[length++] = token.start;
      words[length++] = token.end;
    }
    this.words = words.slice(0, length);
  }

  get tokens(): readonly Token[] {
    this.#tokens ??= allTokens(this.text, lex(this.text, this.#layout).code);
    return this.#tokens;
  }
}

/**
 * Calls `visit` with the plain names and words of a file that begin in a span, and where they begin; other tokens may
 * be among them. Quicker than `tokens`, and nothing is kept.
 */
export function eachWord(
  tree: SourceTree,
  visit: (word: string, start: number) => void,
  within: Span = { start: 0, end: tree.text.length },
): void {
  if (!(tree instanceof ReadText)) {
    for (const { text, start } of tree.tokens)
      if (start >= within.start && start < within.end) visit(text, start);
    return;
  }
  const { text, words } = tree;
  let [low, high] = [0, words.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle * 2]! < within.start) low = middle + 1;
    else high = middle;
  }
  for (let at = low * 2; at < words.length && words[at]! < within.end; at += 2)
    visit(text.slice(words[at], words[at + 1]), words[at]!);
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
