/** An expression of the IR as a reader would have written it: the one printer, for reasons, rules, tables and diffs. */
import type { BinaryOp, IrExpression } from "./expression.ts";
import { nameOf } from "./order.ts";

/** Precedence of the language's operators, loosest first. */
const STRENGTH: Readonly<Record<BinaryOp | "not", number>> = {
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

/** The expression with the names of its declarations; `name` gives them, their own when not given. */
export function expressionText(expression: IrExpression, name: (id: string) => string = nameOf): string {
  return write(expression, 0, name);
}

/** A column's name as the language takes it: in backticks where it is no plain name. */
export function columnName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``;
}

function write(node: IrExpression, around: number, name: (id: string) => string): string {
  const inside = (child: IrExpression, strength = 0) => write(child, strength, name);
  switch (node.is) {
    case "literal":
      return JSON.stringify(node.value);
    case "column":
      return columnName(node.name);
    case "ref":
      return [name(node.ref), ...node.path].join(".");
    case "name":
      return [node.name, ...node.path].join(".");
    case "call": {
      const named = Object.entries(node.named).map(([key, value]) => `${key} = ${inside(value)}`);
      const args = [...node.args.map((value) => inside(value)), ...named].join(", ");
      // What is called without arguments for a member of it is written without brackets: `champion.auc`.
      const call = args === "" && node.path.length > 0 ? node.name : `${node.name}(${args})`;
      return [call, ...node.path].join(".");
    }
    case "unary": {
      const strength = node.op === "not" ? STRENGTH.not : UNARY_MINUS;
      const space = node.op === "not" ? " " : "";
      return bracket(`${node.op}${space}${inside(node.operand, strength)}`, strength, around);
    }
    case "binary": {
      const strength = STRENGTH[node.op];
      const left = inside(node.left, strength);
      // Operators group to the left, so an equally strong right side needs its brackets.
      const right = inside(node.right, strength + 1);
      return bracket(`${left} ${node.op} ${right}`, strength, around);
    }
    case "if": {
      const { condition, then, else: otherwise } = node;
      // An `if` reaches as far right as it can: inside of anything it needs brackets.
      return bracket(`if ${inside(condition)} then ${inside(then)} else ${inside(otherwise)}`, 0, around);
    }
    case "list":
      return `[${node.items.map((item) => inside(item)).join(", ")}]`;
  }
}

function bracket(text: string, strength: number, around: number): string {
  return strength < around ? `(${text})` : text;
}
