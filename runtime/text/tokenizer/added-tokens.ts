/** Tokens that are found in a text before it is normalised and cut: `added_tokens` of `tokenizer.json`. */
import { type Fields, flagOr, isFields } from "./models/vocabulary.ts";
import type { Normalizer } from "./normalizers.ts";
import { escaped } from "./patterns.ts";
import { invalid } from "./problem.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Not within a word. */
  readonly singleWord: boolean;
  /** Spaces before it, and behind it, belong to it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Looked for in the normalised text. */
  readonly normalized: boolean;
  readonly special: boolean;
}

export function readAddedTokens(value: unknown): readonly AddedToken[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw invalid("`added_tokens`", "it is no list");
  return value.map((entry: unknown, i): AddedToken => {
    const where = `entry ${i + 1} of \`added_tokens\``;
    if (!isFields(entry)) throw invalid(where, "it is no object");
    const { id, content } = entry;
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0) throw invalid(where, "its `id` is no id");
    if (typeof content !== "string") throw invalid(where, "its `content` is no text");
    const flag = (name: string, otherwise: boolean) => flagOr(entry as Fields, name, otherwise, where);
    const special = flag("special", false);
    return {
      id,
      content,
      singleWord: flag("single_word", false),
      lstrip: flag("lstrip", false),
      rstrip: flag("rstrip", false),
      normalized: flag("normalized", !special),
      special,
    };
  });
}

/** A stretch of a text: `id` is the token that it is, null for text between tokens. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly id: number | null;
}

/** Finds tokens in texts. `literal`: those that are special are text. */
export type TokenFinder = (text: string, literal: boolean) => readonly Segment[];

const WORD_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const WORD_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Leftmost first, of several at one place the longest. Tokens of no characters are never found. */
export function tokenFinder(
  tokens: readonly AddedToken[],
  spelt: (token: AddedToken) => string,
): TokenFinder {
  const found = new Map(
    tokens.map((token) => [spelt(token), token]).filter(([text]) => text !== "") as [string, AddedToken][],
  );
  if (found.size === 0) return (text) => [{ from: 0, to: text.length, id: null }];
  const longest = [...found.keys()].sort((a, b) => b.length - a.length);
  const expression = new RegExp(longest.map(escaped).join("|"), "g");
  return (text, literal) => {
    const segments: Segment[] = [];
    let end = 0;
    for (const match of text.matchAll(expression)) {
      const token = found.get(match[0])!;
      let from = match.index;
      let to = from + match[0].length;
      if (literal && token.special) continue;
      if (token.singleWord && (WORD_END.test(before(text, from)) || WORD_START.test(text.slice(to, to + 2))))
        continue;
      if (token.lstrip) from = Math.max(end, from - spacesBefore(text, from));
      if (token.rstrip) to += /^\p{White_Space}*/u.exec(text.slice(to))![0].length;
      if (from > end) segments.push({ from: end, to: from, id: null });
      segments.push({ from, to, id: token.id });
      end = to;
    }
    if (end < text.length) segments.push({ from: end, to: text.length, id: null });
    return segments;
  };
}

/** The code point before a place. */
const before = (text: string, at: number): string => {
  const last = text.charCodeAt(at - 1);
  return text.slice(Math.max(0, last >= 0xdc00 && last <= 0xdfff ? at - 2 : at - 1), at);
};

/** Every White_Space is one UTF-16 unit. */
function spacesBefore(text: string, at: number): number {
  let from = at;
  while (from > 0 && /\p{White_Space}/u.test(text[from - 1]!)) from--;
  return at - from;
}

export interface AddedVocabulary {
  readonly byId: ReadonlyMap<number, AddedToken>;
  /** What a token is decoded to: its normalised form when it is looked for in normalised text. */
  text(id: number): string | undefined;
  readonly raw: TokenFinder;
  readonly normalized: TokenFinder;
  /** Contents of those that are special. */
  readonly specials: ReadonlySet<string>;
}

export function addedVocabulary(tokens: readonly AddedToken[], normalize: Normalizer): AddedVocabulary {
  const spelt = (token: AddedToken) => (token.normalized ? normalize(token.content) : token.content);
  const texts = new Map(tokens.map((token) => [token.id, spelt(token)]));
  return {
    byId: new Map(tokens.map((token) => [token.id, token])),
    text: (id) => texts.get(id),
    raw: tokenFinder(
      tokens.filter((token) => !token.normalized),
      spelt,
    ),
    normalized: tokenFinder(
      tokens.filter((token) => token.normalized),
      spelt,
    ),
    specials: new Set(tokens.filter((token) => token.special).map((token) => token.content)),
  };
}
