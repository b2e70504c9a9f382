/** An expression of the IR as a reader would have written it, for reasons and tables. */
import type { IrExpression } from "../../language/ir/expression.ts";

/** Precedence of the language's operators, loosest first. */
const STRENGTH: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  in: 4,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
};
const UNARY_MINUS = 7;

export function expressionText(expression: IrExpression): string {
  return write(expression, 0);
}

function write(expression: IrExpression, around: number): string {
  switch (expression.is) {
    case "literal":
      return JSON.stringify(expression.value);
    case "column":
      return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(expression.name) ? expression.name : `\`${expression.name}\``;
    case "ref":
      return [expression.ref.slice(expression.ref.indexOf(".") + 1), ...expression.path].join(".");
    case "name":
      return [expression.name, ...expression.path].join(".");
    case "call": {
      const named = Object.entries(expression.named).map(([name, value]) => `${name} = ${write(value, 0)}`);
      const args = [...expression.args.map((value) => write(value, 0)), ...named].join(", ");
      return [`${expression.name}(${args})`, ...expression.path].join(".");
    }
    case "unary": {
      const strength = expression.op === "not" ? STRENGTH["not"]! : UNARY_MINUS;
      const space = expression.op === "not" ? " " : "";
      return bracket(`${expression.op}${space}${write(expression.operand, strength)}`, strength, around);
    }
    case "binary": {
      const strength = STRENGTH[expression.op]!;
      const left = write(expression.left, strength);
      // Operators group to the left, so an equally strong right side needs its brackets.
      const right = write(expression.right, strength + 1);
      return bracket(`${left} ${expression.op} ${right}`, strength, around);
    }
    case "if": {
      const { condition, then, else: otherwise } = expression;
      return bracket(
        `if ${write(condition, 0)} then ${write(then, 0)} else ${write(otherwise, 0)}`,
        0,
        around,
      );
    }
    case "list":
      return `[${expression.items.map((item) => write(item, 0)).join(", ")}]`;
  }
}

function bracket(text: string, strength: number, around: number): string {
  return strength < around ? `(${text})` : text;
}
