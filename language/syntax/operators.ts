/** Which operator binds what: `a or b and not c < d..e + f * -g`. */

import type { Report } from "./errors.ts";
import { operatorOf } from "./signs.ts";
import type { CodeToken } from "./tokens.ts";
import type { BinaryOperator, Expression, Span } from "./tree.ts";

/** A higher number binds tighter. */
export const STRENGTH: Readonly<Record<BinaryOperator | "..", number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  in: 4,
  "..": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
};
export const NOT_STRENGTH = 3;
export const MINUS_STRENGTH = 8;
const COMPARISON = STRENGTH["=="];
const RANGE = STRENGTH[".."];

/** An operand with the extent that its parentheses give it, or a sign before or between operands. */
export type Part =
  | { readonly node: Expression; readonly start: number; readonly end: number }
  | { readonly sign: CodeToken; readonly prefix: boolean };

type Operand = Extract<Part, { node: Expression }>;

/**
 * Makes the tree of a flat row of operands and signs (precedence climbing; Richards 1979).
 * Comparisons and ranges do not chain: `a < b < c` is reported, and read from the left.
 */
export function climb(parts: readonly Part[], report: Report): Operand {
  let at = 0;
  return binary(0);

  function binary(weakest: number): Operand {
    let left = prefixed();
    let last = 0;
    for (;;) {
      const part = parts[at];
      if (part === undefined || !("sign" in part)) return left;
      // `x not in y` is `not (x in y)`.
      const negated = part.sign.type === "not";
      const operator = (negated ? "in" : operatorOf(part.sign)) as BinaryOperator | ".."; // The lexer makes no other.
      const strength = STRENGTH[operator];
      if (strength <= weakest) return left;
      if (strength === last && (strength === COMPARISON || strength === RANGE)) {
        report("ML1108", part.sign, { text: part.sign.text });
      }
      last = strength;
      at++;
      const right = binary(strength);
      const span = { start: left.start, end: right.end };
      const node = joined(operator, left.node, right.node, span);
      left = { node: negated ? { kind: "unary", operator: "not", operand: node, span } : node, ...span };
    }
  }

  function prefixed(): Operand {
    const part = parts[at++] as Part; // The grammar ends every row with an operand.
    if ("node" in part) return part;
    const minus = part.sign.type === "minus";
    const operand = minus ? binary(MINUS_STRENGTH) : binary(NOT_STRENGTH);
    const span = { start: part.sign.start, end: operand.end };
    return { node: { kind: "unary", operator: minus ? "-" : "not", operand: operand.node, span }, ...span };
  }
}

function joined(
  operator: BinaryOperator | "..",
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  if (operator === "..") return { kind: "range", from: left, to: right, span };
  return { kind: "binary", operator, left, right, span };
}
