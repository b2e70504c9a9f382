/** The kinds of token, and the token that the parser reads. */
import { createToken, EOF, type IToken, Lexer, type TokenType } from "chevrotain";
import { PREPOSITIONS, type Span, type Token } from "./tree.ts";

/** Tokens without meaning for the tree: they are kept in `SourceTree.tokens` and the parser never sees them. */
export type TriviaKind = "space" | "newline" | "comment" | "doc" | "unknown";

export const CODE_KINDS = [
  "name",
  "quotedName",
  "preposition",
  "import",
  "number",
  "string",
  "textBlock",
  "constant",
  "operator",
  "minus",
  "not",
  "if",
  "then",
  "else",
  "equals",
  "colon",
  "comma",
  "dot",
  "arrow",
  "leftParenthesis",
  "rightParenthesis",
  "leftBracket",
  "rightBracket",
  "leftBrace",
  "rightBrace",
  "end",
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

function tokenTypeOf(kind: CodeKind): TokenType {
  // A rule and a token may not share a name.
  const name = kind[0]?.toUpperCase() + kind.slice(1);
  return kind === "end" ? EOF : createToken({ name, pattern: Lexer.NA });
}

/** Chevrotain's type of each kind. The lexer is our own, so none has a pattern. */
export const TOKEN_TYPES = Object.fromEntries(
  CODE_KINDS.map((kind) => [kind, tokenTypeOf(kind)]),
) as Readonly<Record<CodeKind, TokenType>>; // `fromEntries` forgets the keys that `map` has just listed.

/** Chevrotain's number of each kind. */
const INDICES = Object.fromEntries(
  CODE_KINDS.map((kind) => [kind, TOKEN_TYPES[kind].tokenTypeIdx ?? 0]),
) as Readonly<Record<CodeKind, number>>; // as above

/**
 * A token that the parser reads: ours and Chevrotain's (`IToken`) in one object, so that no second list is made.
 */
export class CodeToken implements Token, IToken {
  type: CodeKind;
  /** The whole file: most tokens are signs, and nobody asks for their text. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** A line break stands between the token before and this one. */
  readonly newline: boolean;
  /** The `///` lines between the token before and this one. */
  readonly docs: readonly Span[] | null;
  tokenTypeIdx: number;

  constructor(
    type: CodeKind,
    source: string,
    start: number,
    end: number,
    newline: boolean,
    docs: readonly Span[] | null,
  ) {
    this.type = type;
    this.source = source;
    this.start = start;
    this.end = end;
    this.newline = newline;
    this.docs = docs;
    this.tokenTypeIdx = INDICES[type];
  }

  get text(): string {
    return this.source.slice(this.start, this.end);
  }

  /** A word's kind can depend on the token after it. */
  become(type: CodeKind): void {
    this.type = type;
    this.tokenTypeIdx = INDICES[type];
  }

  get image(): string {
    return this.text;
  }

  get startOffset(): number {
    return this.start;
  }

  get tokenType(): TokenType {
    return TOKEN_TYPES[this.type];
  }
}

/** Words that can be no plain name: they need backticks. */
export const RESERVED_WORDS: ReadonlyMap<string, CodeKind> = new Map([
  ["true", "constant"],
  ["false", "constant"],
  ["null", "constant"],
  ["and", "operator"],
  ["or", "operator"],
  ["in", "operator"],
  ["not", "not"],
  ["if", "if"],
  ["then", "then"],
  ["else", "else"],
]);

/** The kind of a word by its letters alone; the lexer corrects it where the neighbours say otherwise. */
export const WORD_KINDS: ReadonlyMap<string, CodeKind> = new Map<string, CodeKind>([
  ...RESERVED_WORDS,
  ...PREPOSITIONS.map((word): [string, CodeKind] => [word, "preposition"]),
]);

export const CLOSER_OF = {
  leftParenthesis: "rightParenthesis",
  leftBracket: "rightBracket",
  leftBrace: "rightBrace",
} as const;
export type Opener = keyof typeof CLOSER_OF;
export type Closer = (typeof CLOSER_OF)[Opener];

export const BRACKET_TEXT: Readonly<Record<Opener | Closer, string>> = {
  leftParenthesis: "(",
  rightParenthesis: ")",
  leftBracket: "[",
  rightBracket: "]",
  leftBrace: "{",
  rightBrace: "}",
};

export function isOpener(kind: CodeKind): kind is Opener {
  return kind === "leftParenthesis" || kind === "leftBracket" || kind === "leftBrace";
}

export function isCloser(kind: CodeKind): kind is Closer {
  return kind === "rightParenthesis" || kind === "rightBracket" || kind === "rightBrace";
}
