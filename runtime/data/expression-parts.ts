/** Walking expressions. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";

/** The expression with every part directly within it replaced. */
export function withParts(
  expression: IrExpression,
  replace: (part: IrExpression) => IrExpression,
): IrExpression {
  switch (expression.is) {
    case "call": {
      const named = Object.entries(expression.named).map(([name, part]) => [name, replace(part)]);
      return { ...expression, args: expression.args.map(replace), named: Object.fromEntries(named) };
    }
    case "unary":
      return { ...expression, operand: replace(expression.operand) };
    case "binary":
      return { ...expression, left: replace(expression.left), right: replace(expression.right) };
    case "if": {
      const [condition, whenTrue, whenFalse] = partsOf(expression).map(replace) as [
        IrExpression,
        IrExpression,
        IrExpression,
      ];
      // biome-ignore lint/suspicious/noThenProperty: the IR's own word; expressions are never awaited
      return { is: "if", condition, then: whenTrue, else: whenFalse };
    }
    case "list":
      return { ...expression, items: expression.items.map(replace) };
    default:
      return expression;
  }
}

/** Names of the columns that an expression reads, each once, in order. */
export function columnsRead(expression: IrExpression): string[] {
  if (expression.is === "column") return [expression.name];
  return [...new Set(partsOf(expression).flatMap(columnsRead))];
}
