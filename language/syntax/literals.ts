/** Numbers and texts: where they end, and what they mean. */
import { endOfWord, isDigit, startsWord } from "./characters.ts";
import { parseError } from "./errors.ts";
import type { NumberLiteral, ParseError, StringLiteral, Token } from "./tree.ts";

/** Where the number that starts at `at` ends, its unit included, and how to write it when it is wrong. */
export function endOfNumber(
  text: string,
  at: number,
): { readonly end: number; readonly wrong: string | null } {
  let end = endOfDigits(text, at);
  if (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) end = endOfDigits(text, end + 1);
  const exponent = text.charCodeAt(end) | 32;
  if (exponent === 101) {
    const sign = text.charCodeAt(end + 1);
    const digits = sign === 43 || sign === 45 ? end + 2 : end + 1;
    if (isDigit(text.charCodeAt(digits))) end = endOfDigits(text, digits);
  }
  const digits = text.slice(at, end);
  const wrong = wrongDigits(digits);
  if (text.charCodeAt(end) === 37) return { end: end + 1, wrong };
  if (end < text.length && startsWord(text, end)) return { end: endOfWord(text, end), wrong };
  return { end, wrong };
}

/** Numbers as short as this, without `_`, have nothing that can be wrong. */
const SHORT = 15;

function wrongDigits(digits: string): string | null {
  if (digits.length <= SHORT && !digits.includes("_") && !digits.includes("e") && !digits.includes("E"))
    return null;
  if (digits.includes("_") && /__|_(?!\d)/.test(digits)) return "with single `_` between digits";
  return Number.isFinite(Number(digits.replaceAll("_", ""))) ? null : "smaller than 1.8e308";
}

function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end)) || text.charCodeAt(end) === 95) end++;
  return end;
}

const PLAIN = /^\d+(?:\.\d+)?$/;
const NUMBER = /^(\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?)(.*)$/su;

/** `1_000` is 1000; `80%` is 80 with the unit `%`. */
export function numberLiteral(token: Token): NumberLiteral {
  const span = { start: token.start, end: token.end };
  if (PLAIN.test(token.text)) {
    return { kind: "number", value: Number(token.text), unit: null, text: token.text, span };
  }
  const [, digits = "0", unit = ""] = NUMBER.exec(token.text) ?? [];
  const value = Number(digits.replaceAll("_", ""));
  return { kind: "number", value, unit: unit === "" ? null : unit, text: token.text, span };
}

/**
 * Where the text block that starts at `at` ends. `lineStart`, when given, is where its line begins: the block then
 * ends before the first line that is indented no deeper than that line, if its `"""` has not come by then.
 */
export function endOfTextBlock(
  text: string,
  at: number,
  lineStart: number | null,
): { readonly end: number; readonly closed: boolean } {
  let close = text.indexOf('"""', at + 3);
  while (close > 0 && text[close - 1] === "\\") close = text.indexOf('"""', close + 3);
  // Of four quotes, the last three close: `"""say "hi""""`.
  while (close >= 0 && text[close + 3] === '"') close++;
  const end = close < 0 ? text.length : close + 3;
  if (lineStart === null) return { end, closed: close >= 0 };
  const limit = indentAt(text, lineStart);
  for (let line = nextLine(text, at); line < end; line = nextLine(text, line)) {
    const indent = indentAt(text, line);
    const first = text[line + indent];
    if (first === undefined || first === "\n" || first === "\r" || line + indent === close) continue;
    if (indent <= limit) return { end: endOfLineBefore(text, line), closed: false };
  }
  return { end, closed: close >= 0 };
}

function nextLine(text: string, at: number): number {
  const lineBreak = text.indexOf("\n", at);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

function endOfLineBefore(text: string, line: number): number {
  let end = line;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\r")) end--;
  return end;
}

function indentAt(text: string, line: number): number {
  let at = line;
  while (text[at] === " " || text[at] === "\t") at++;
  return at - line;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\" };

/** A `"text"` or `"""text block"""`; unknown escapes are reported and kept as they are written. */
export function stringLiteral(token: Token, errors: ParseError[]): StringLiteral {
  const block = token.text.startsWith('"""');
  const span = { start: token.start, end: token.end };
  const value = block ? textBlockValue(token.text) : stringValue(token, errors);
  return { kind: "string", value, block, text: token.text, span };
}

function stringValue(token: Token, errors: ParseError[]): string {
  const { text } = token;
  const closed = text.length > 1 && /["'”]$/.test(text) ? -1 : undefined;
  const inner = text.slice(1, closed);
  if (!inner.includes("\\")) return inner;
  return inner.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|([\s\S])|$)/gu, (written, hex, letter, at: number) => {
    const point = typeof hex === "string" ? Number.parseInt(hex, 16) : -1;
    if (point >= 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    const plain = typeof letter === "string" ? ESCAPES[letter] : undefined;
    if (plain !== undefined) return plain;
    const start = token.start + 1 + at;
    if (written.length > 1)
      errors.push(parseError("ML1005", { start, end: start + written.length }, { text: written }));
    return written;
  });
}

/**
 * The lines between the quotes, without the indent that all of them share. A first line and a last line that hold
 * only the quotes are no content. Line breaks are `\n` whatever the file's are; `\"""` stands for three quotes, and no
 * other escape exists.
 */
export function textBlockValue(text: string): string {
  const closed = text.length >= 6 && text.endsWith('"""');
  const lines = text.slice(3, closed ? -3 : undefined).split(/\r\n|\n|\r/);
  const [first = "", ...rest] = lines;
  const last = rest.at(-1);
  const sharing = rest.filter((line, index) => line.trim() !== "" || (closed && index === rest.length - 1));
  const indent = sharedIndent(sharing);
  const content = rest.map((line) => (line.trim() === "" ? "" : line.slice(indent)));
  if (last !== undefined && last.trim() === "") content.pop();
  const all = first.trim() === "" && rest.length > 0 ? content : [first, ...content];
  return all.join("\n").replaceAll('\\"""', '"""');
}

function sharedIndent(lines: readonly string[]): number {
  const [first, ...others] = lines;
  if (first === undefined) return 0;
  let shared = /^[ \t]*/.exec(first)?.[0] ?? "";
  for (const line of others) while (!line.startsWith(shared)) shared = shared.slice(0, -1);
  return shared.length;
}

/** The name that backticks hold; two backticks in a row stand for one. */
export function quotedName(text: string): string {
  return text.slice(1, text.length > 1 && text.endsWith("`") ? -1 : undefined).replaceAll("``", "`");
}
