/**
 * The expression language as DuckDB SQL. Null follows SQL's three-valued logic; a number that has no value (x / 0,
 * the logarithm of a negative) is null as well.
 */
import type { BinaryOp, IrExpression } from "../../language/ir/expression.ts";
import { FUNCTIONS } from "./functions-sql.ts";
import { double, text } from "./sql.ts";
import { alike, asBoolean, asNumber, ExpressionError, type SqlExpression } from "./sql-value.ts";

/** What a column name stands for. Throws for a name that is none. */
export type ColumnScope = (name: string) => SqlExpression;

/** Compiles a row expression. */
export function expressionSql(expression: IrExpression, column: ColumnScope): SqlExpression {
  const compile = (inner: IrExpression): SqlExpression => expressionSql(inner, column);
  switch (expression.is) {
    case "literal":
      return literal(expression.value);
    case "column":
      return column(expression.name);
    case "unary": {
      const operand = compile(expression.operand);
      return expression.op === "-"
        ? { sql: `(-${asNumber(operand)})`, type: "number" }
        : { sql: `(NOT ${asBoolean(operand)})`, type: "boolean" };
    }
    case "binary":
      return binary(expression.op, expression.left, expression.right, compile);
    case "if": {
      const then = compile(expression.then);
      const other = compile(expression.else);
      const [left, right, type] = alike(then, other);
      return {
        sql: `(CASE WHEN ${asBoolean(compile(expression.condition))} THEN ${left} ELSE ${right} END)`,
        type,
      };
    }
    case "call": {
      const rule = FUNCTIONS[expression.name];
      if (!rule) throw new ExpressionError(`no function ${expression.name} on rows`);
      return rule(argumentsOf(expression.name, expression.args, expression.named).map(compile));
    }
    default:
      throw new ExpressionError(`${expression.is} has no value in a row`);
  }
}

function literal(value: number | string | boolean | null): SqlExpression {
  if (value === null) return { sql: "NULL", type: "number" };
  if (typeof value === "number") return { sql: double(value), type: "number" };
  if (typeof value === "boolean") return { sql: value ? "TRUE" : "FALSE", type: "boolean" };
  // The empty string is the missing value, everywhere.
  return { sql: value === "" ? "NULL::VARCHAR" : text(value), type: "string" };
}

const COMPARISON: Partial<Record<BinaryOp, string>> = {
  "==": "=",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

function binary(
  op: BinaryOp,
  leftExpression: IrExpression,
  rightExpression: IrExpression,
  compile: (inner: IrExpression) => SqlExpression,
): SqlExpression {
  const left = compile(leftExpression);
  if (op === "in") {
    if (rightExpression.is !== "list") throw new ExpressionError("`in` takes a list");
    if (rightExpression.items.length === 0) return { sql: "FALSE", type: "boolean" };
    const items = rightExpression.items.map((item) => alike(left, compile(item)));
    return { sql: `(${items[0]![0]} IN (${items.map(([, item]) => item).join(", ")}))`, type: "boolean" };
  }
  const right = compile(rightExpression);
  if (op === "and" || op === "or") {
    return { sql: `(${asBoolean(left)} ${op.toUpperCase()} ${asBoolean(right)})`, type: "boolean" };
  }
  const comparison = COMPARISON[op];
  if (comparison) {
    const [a, b] = alike(left, right);
    return { sql: `(${a} ${comparison} ${b})`, type: "boolean" };
  }
  if (op === "+" && left.type === "string" && right.type === "string") {
    return { sql: `(${left.sql} || ${right.sql})`, type: "string" };
  }
  if (op === "/") return { sql: `(${asNumber(left)} / nullif(${asNumber(right)}, 0))`, type: "number" };
  return { sql: `(${asNumber(left)} ${op} ${asNumber(right)})`, type: "number" };
}

/** Arguments in the function's order; `round(x, digits = 1)` and `round(x, 1)` are the same. */
function argumentsOf(
  name: string,
  args: readonly IrExpression[],
  named: Readonly<Record<string, IrExpression>>,
): IrExpression[] {
  const given = Object.values(named);
  // Row functions have at most one argument that is worth naming, and it is the last.
  if (given.length > 1) throw new ExpressionError(`${name} takes its arguments in order`);
  return [...args, ...given];
}
