/**
 * The tokens that the parser reads, in columns: kind, place and flags of each. A spec of 50,000 lines has a quarter of
 * a million; an object for each would cost more than the tree.
 */
import { PREPOSITIONS } from "./tree.ts";

/** Tokens without meaning for the tree: they stand between the others and are found again when asked for. */
export type TriviaKind = "space" | "newline" | "comment" | "doc" | "unknown";

export const CODE_KINDS = [
  "end",
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
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** The number of each kind: its place in `CODE_KINDS`. */
export const T = Object.fromEntries(CODE_KINDS.map((kind, number) => [kind, number])) as {
  readonly [kind in CodeKind]: number; // `fromEntries` forgets the keys that `map` has just listed.
};

/** A line break stands between the token before and this one. */
export const NEW_LINE = 1;
/** `///` lines stand between the token before and this one. */
export const DOCUMENTED = 2;

export class Tokens {
  readonly text: string;
  /** The tokens as they were read, where missing ones were put in here and stray ones left out. */
  readonly origin: Tokens | null;
  /** How many there are; an `end` token is the last. */
  count = 0;
  kinds: Uint8Array;
  flags: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;

  constructor(text: string, origin: Tokens | null = null) {
    const capacity = origin === null ? 64 + (text.length >> 2) : origin.count + 16;
    this.text = text;
    this.origin = origin;
    this.kinds = new Uint8Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  push(kind: number, start: number, end: number, flags: number): void {
    const at = this.count++;
    if (at === this.kinds.length) this.#grow();
    this.kinds[at] = kind;
    this.flags[at] = flags;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  #grow(): void {
    const capacity = this.kinds.length * 2;
    const grown = <A extends Uint8Array | Int32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.kinds = grown(this.kinds, new Uint8Array(capacity));
    this.flags = grown(this.flags, new Uint8Array(capacity));
    this.starts = grown(this.starts, new Int32Array(capacity));
    this.ends = grown(this.ends, new Int32Array(capacity));
  }

  /** `end` for what lies behind the last one. */
  kind(at: number): number {
    return this.kinds[Math.min(at, this.count - 1)]!;
  }

  start(at: number): number {
    return this.starts[Math.min(at, this.count - 1)]!;
  }

  end(at: number): number {
    return this.ends[Math.min(at, this.count - 1)]!;
  }

  /** The token that begins at a place; -1 when none does. */
  beginningAt(place: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return this.starts[low] === place ? low : -1;
  }

  textOf(at: number): string {
    return this.text.slice(this.start(at), this.end(at));
  }

  newline(at: number): boolean {
    return (this.flags[Math.min(at, this.count - 1)]! & NEW_LINE) !== 0;
  }

  documented(at: number): boolean {
    return (this.flags[Math.min(at, this.count - 1)]! & DOCUMENTED) !== 0;
  }
}

/** Words that can be no plain name: they need backticks. */
export const RESERVED_WORDS: ReadonlyMap<string, number> = new Map([
  ["true", T.constant],
  ["false", T.constant],
  ["null", T.constant],
  ["and", T.operator],
  ["or", T.operator],
  ["in", T.operator],
  ["not", T.not],
  ["if", T.if],
  ["then", T.then],
  ["else", T.else],
]);

/** The kind of a word by its letters alone; the lexer corrects it where the neighbours say otherwise. */
export const WORD_KINDS: ReadonlyMap<string, number> = new Map<string, number>([
  ...RESERVED_WORDS,
  ...PREPOSITIONS.map((word): [string, number] => [word, T.preposition]),
]);

/** The kind that closes what a kind opens. Opening kinds and the closing ones stand in pairs. */
export function closerOf(opener: number): number {
  return opener + 1;
}

export function isOpener(kind: number): boolean {
  return kind >= T.leftParenthesis && (kind - T.leftParenthesis) % 2 === 0;
}

export function isCloser(kind: number): boolean {
  return kind > T.leftParenthesis && (kind - T.leftParenthesis) % 2 === 1;
}

export function bracketText(kind: number): string {
  return "()[]{}"[kind - T.leftParenthesis] ?? "";
}

/** Whether a kind can name something: an item begins with one. */
export function isNameLike(kind: number): boolean {
  return kind === T.name || kind === T.quotedName || kind === T.import;
}

export function isLabel(kind: number): boolean {
  return kind === T.equals || kind === T.colon;
}
