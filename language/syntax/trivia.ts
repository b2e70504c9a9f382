/** What stands between the tokens that the parser reads: white space, line breaks, comments, unreadable characters. */
import { characterAt, isDigit, isSpace, startsWord } from "./characters.ts";
import { FOREIGN, SINGLE } from "./signs.ts";
import { CODE_KINDS, T, type Tokens, type TriviaKind } from "./tokens.ts";
import type { Token } from "./tree.ts";

const SLASH = 47;
const HASH = 35;

export function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

export function endOfLineBreak(text: string, at: number): number {
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
}

export function endOfSpace(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isSpace(text.charCodeAt(end))) end++;
  return end;
}

export function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end++;
  return end;
}

/** `////…` is a ruler, not a doc comment. */
export function isDoc(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === SLASH &&
    text.charCodeAt(at + 1) === SLASH &&
    text.charCodeAt(at + 2) === SLASH &&
    text.charCodeAt(at + 3) !== SLASH
  );
}

/** The end of the run of characters that mean nothing, the first of them at `at`. */
export function endOfUnknown(text: string, at: number): number {
  let end = at + characterAt(text, at).length;
  while (end < text.length && isUnknown(text, end)) end += characterAt(text, end).length;
  return end;
}

function isUnknown(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const character = characterAt(text, at);
  return (
    !isSpace(code) &&
    !isLineBreak(code) &&
    !isDigit(code) &&
    !startsWord(text, at) &&
    !SINGLE.has(character) &&
    !FOREIGN.has(character) &&
    !"\"`'“#".includes(character)
  );
}

/** Every token of a text, trivia included: what the lexer has stepped over is read again. */
export function allTokens(code: Tokens): Token[] {
  const { text } = code;
  const all: Token[] = [];
  let from = 0;
  for (let at = 0; at < code.count; at++) {
    const start = code.starts[at]!;
    while (from < start) {
      const trivia = triviaAt(text, from);
      all.push(trivia);
      from = trivia.end;
    }
    const end = code.ends[at]!;
    if (end > start)
      all.push({ type: CODE_KINDS[code.kinds[at]!]!, text: text.slice(start, end), start, end });
    from = end;
  }
  return all;
}

function triviaAt(text: string, start: number): Token {
  const code = text.charCodeAt(start);
  const token = (type: TriviaKind, end: number): Token => ({
    type,
    text: text.slice(start, end),
    start,
    end,
  });
  if (isLineBreak(code)) return token("newline", endOfLineBreak(text, start));
  if (isSpace(code)) return token("space", endOfSpace(text, start));
  if (code === HASH || (code === SLASH && text.charCodeAt(start + 1) === SLASH))
    return token(isDoc(text, start) ? "doc" : "comment", endOfLine(text, start));
  return token("unknown", endOfUnknown(text, start));
}

/** The `///` lines before a token, as one text; commas before it are stepped over. Null when there are none. */
export function docBefore(code: Tokens, at: number): string | null {
  if (!code.documented(at)) return null;
  return docLines(code, at)
    .map((line) => line.text.replace(/^\/\/\/ ?/, "").trimEnd())
    .join("\n");
}

/** The `///` lines before a token. */
export function docLines(code: Tokens, at: number): Token[] {
  const { text, origin } = code;
  if (origin !== null) return docLines(origin, origin.beginningAt(code.start(at)));
  let first = at - 1;
  while (first >= 0 && code.kind(first) === T.comma) first--;
  const lines: Token[] = [];
  let next = first + 1;
  let from = first < 0 ? 0 : code.end(first);
  while (next <= at) {
    const start = code.start(next);
    while (from < start) {
      const trivia = triviaAt(text, from);
      if (trivia.type === "doc") lines.push(trivia);
      from = trivia.end;
    }
    from = code.end(next);
    next++;
  }
  return lines;
}
