/** The signs of the language, and those of others that are understood and reported. */
import { T } from "./tokens.ts";

/** Operators and brackets of one character. */
export const SINGLE: ReadonlyMap<string, number> = new Map([
  ["(", T.leftParenthesis],
  [")", T.rightParenthesis],
  ["[", T.leftBracket],
  ["]", T.rightBracket],
  ["{", T.leftBrace],
  ["}", T.rightBrace],
  ["=", T.equals],
  [":", T.colon],
  [",", T.comma],
  [".", T.dot],
  ["-", T.minus],
  ["+", T.operator],
  ["*", T.operator],
  ["/", T.operator],
  ["<", T.operator],
  [">", T.operator],
]);

export const DOUBLE: ReadonlyMap<string, number> = new Map([
  ["->", T.arrow],
  ["..", T.operator],
  ["==", T.operator],
  ["!=", T.operator],
  ["<=", T.operator],
  [">=", T.operator],
]);

/** What other languages write, read as what is meant and reported. */
export const FOREIGN: ReadonlyMap<string, { readonly instead: string; readonly kind: number }> = new Map([
  ["===", { instead: "==", kind: T.operator }],
  ["!==", { instead: "!=", kind: T.operator }],
  ["&&", { instead: "and", kind: T.operator }],
  ["||", { instead: "or", kind: T.operator }],
  ["<>", { instead: "!=", kind: T.operator }],
  ["=>", { instead: "->", kind: T.arrow }],
  [":=", { instead: "=", kind: T.equals }],
  ["!", { instead: "not", kind: T.not }],
  [";", { instead: ",", kind: T.comma }],
  ["→", { instead: "->", kind: T.arrow }],
  ["≤", { instead: "<=", kind: T.operator }],
  ["≥", { instead: ">=", kind: T.operator }],
  ["≠", { instead: "!=", kind: T.operator }],
  ["−", { instead: "-", kind: T.minus }],
]);

/** The language's spelling of an operator, the foreign ones included. */
export function operatorOf(text: string): string {
  return FOREIGN.get(text)?.instead ?? text;
}
