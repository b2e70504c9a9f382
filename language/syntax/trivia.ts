/** What stands between the tokens that the parser reads: white space, line breaks, comments, unreadable characters. */
import { characterAt, isDigit, isSpace, startsWord } from "./characters.ts";
import { FOREIGN, SINGLE } from "./signs.ts";
import type { CodeToken, TriviaKind } from "./tokens.ts";
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
export function allTokens(text: string, code: readonly CodeToken[]): Token[] {
  const all: Token[] = [];
  let from = 0;
  for (const { type, start, end } of code) {
    while (from < start) {
      const trivia = triviaAt(text, from);
      all.push(trivia);
      from = trivia.end;
    }
    if (end > start) all.push({ type, text: text.slice(start, end), start, end });
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
