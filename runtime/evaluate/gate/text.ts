/** Conditions and numbers as people read them. */
import type { BinaryOp, IrExpression } from "../../../language/ir/expression.ts";

const LEVEL: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
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

/** The condition as the language writes it: `scored.f1 >= 0.8`. */
export function expressionText(node: IrExpression, around = 0): string {
  switch (node.is) {
    case "literal":
      return typeof node.value === "string" ? JSON.stringify(node.value) : String(node.value);
    case "column":
      return node.name;
    case "ref":
      return [node.ref.slice(node.ref.indexOf(".") + 1), ...node.path].join(".");
    case "name":
      return [node.name, ...node.path].join(".");
    case "call": {
      const args = [
        ...node.args.map((arg) => expressionText(arg)),
        ...Object.entries(node.named).map(([name, arg]) => `${name} = ${expressionText(arg)}`),
      ];
      const call =
        node.name === "champion" && args.length === 0 ? node.name : `${node.name}(${args.join(", ")})`;
      return [call, ...node.path].join(".");
    }
    case "unary":
      return node.op === "not"
        ? `not ${expressionText(node.operand, 3)}`
        : `-${expressionText(node.operand, 7)}`;
    case "binary": {
      const level = LEVEL[node.op];
      const text = `${expressionText(node.left, level)} ${node.op} ${expressionText(node.right, level + 1)}`;
      return level < around ? `(${text})` : text;
    }
    case "if":
      return `if ${expressionText(node.condition)} then ${expressionText(node.then)} else ${expressionText(node.else)}`;
    case "list":
      return `[${node.items.map((item) => expressionText(item)).join(", ")}]`;
  }
}

/** Four decimals, or as many significant digits for small numbers. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 0.01 ? value.toFixed(4) : Number(value.toPrecision(3)).toString();
}

/** Two numbers with as many digits as it takes to tell them apart; `0.7999999` is not shown as `0.8000`. */
export function pairText(a: number, b: number): readonly [string, string] {
  const short = [numberText(a), numberText(b)] as const;
  return a !== b && Number(short[0]) === Number(short[1]) ? [String(a), String(b)] : short;
}
