/** The signs of the language, and those of others that are understood and reported. */
import type { CodeKind } from "./tokens.ts";
import type { Token } from "./tree.ts";

/** Operators and brackets of one character. */
export const SINGLE: ReadonlyMap<string, CodeKind> = new Map([
  ["(", "leftParenthesis"],
  [")", "rightParenthesis"],
  ["[", "leftBracket"],
  ["]", "rightBracket"],
  ["{", "leftBrace"],
  ["}", "rightBrace"],
  ["=", "equals"],
  [":", "colon"],
  [",", "comma"],
  [".", "dot"],
  ["-", "minus"],
  ["+", "operator"],
  ["*", "operator"],
  ["/", "operator"],
  ["<", "operator"],
  [">", "operator"],
]);

export const DOUBLE: ReadonlyMap<string, CodeKind> = new Map([
  ["->", "arrow"],
  ["..", "operator"],
  ["==", "operator"],
  ["!=", "operator"],
  ["<=", "operator"],
  [">=", "operator"],
]);

/** What other languages write, read as what is meant and reported. */
export const FOREIGN: ReadonlyMap<string, { readonly instead: string; readonly kind: CodeKind }> = new Map([
  ["===", { instead: "==", kind: "operator" }],
  ["!==", { instead: "!=", kind: "operator" }],
  ["&&", { instead: "and", kind: "operator" }],
  ["||", { instead: "or", kind: "operator" }],
  ["<>", { instead: "!=", kind: "operator" }],
  ["=>", { instead: "->", kind: "arrow" }],
  [":=", { instead: "=", kind: "equals" }],
  ["!", { instead: "not", kind: "not" }],
  [";", { instead: ",", kind: "comma" }],
  ["→", { instead: "->", kind: "arrow" }],
  ["≤", { instead: "<=", kind: "operator" }],
  ["≥", { instead: ">=", kind: "operator" }],
  ["≠", { instead: "!=", kind: "operator" }],
  ["−", { instead: "-", kind: "minus" }],
]);

/** The language's spelling of an operator token, the foreign ones included. */
export function operatorOf(token: Token): string {
  return FOREIGN.get(token.text)?.instead ?? token.text;
}
