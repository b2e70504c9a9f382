/**
 * The expression language as DuckDB SQL. Null follows SQL's three-valued logic; a number that has no value (x / 0,
 * the logarithm of a negative) is null as well.
 */
import type { BinaryOp, IrExpression } from "../../language/ir/expression.ts";
import { double, text } from "./sql.ts";

export type SqlType = "number" | "string" | "boolean";

export interface SqlExpression {
  readonly sql: string;
  readonly type: SqlType;
}

/** What a column name stands for. Throws for a name that is none. */
export type ColumnScope = (name: string) => SqlExpression;

/** Thrown for an expression that cannot be computed on rows; callers turn it into a diagnostic. */
export class ExpressionError extends Error {}

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
      return { sql: `(CASE WHEN ${asBoolean(compile(expression.condition))} THEN ${left} ELSE ${right} END)`, type };
    }
    case "call": {
      const rule = FUNCTIONS[expression.name];
      if (!rule) throw new ExpressionError(`no function ${expression.name} on rows`);
      return rule(expression.args.map(compile));
    }
    default:
      throw new ExpressionError(`${expression.is} has no value in a row`);
  }
}

/** The value as DOUBLE, true and false as 1 and 0. */
export function asNumber(value: SqlExpression): string {
  return value.type === "boolean" ? `(${value.sql})::INTEGER::DOUBLE` : value.sql;
}

/** The value as BOOLEAN, any number but 0 as true. */
export function asBoolean(value: SqlExpression): string {
  return value.type === "number" ? `(${value.sql} <> 0)` : value.sql;
}

function literal(value: number | string | boolean | null): SqlExpression {
  if (value === null) return { sql: "NULL", type: "number" };
  if (typeof value === "number") return { sql: double(value), type: "number" };
  if (typeof value === "boolean") return { sql: value ? "TRUE" : "FALSE", type: "boolean" };
  // The empty string is the missing value, everywhere.
  return { sql: value === "" ? "NULL::VARCHAR" : text(value), type: "string" };
}

const COMPARISON: Partial<Record<BinaryOp, string>> = { "==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=" };

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

/** Two values in one type: booleans become numbers beside numbers; null fits anything. */
function alike(left: SqlExpression, right: SqlExpression): [string, string, SqlType] {
  if (left.type === right.type) return [left.sql, right.sql, left.type];
  if (left.sql === "NULL") return [left.sql, right.sql, right.type];
  if (right.sql === "NULL") return [left.sql, right.sql, left.type];
  if (left.type === "string" || right.type === "string") throw new ExpressionError("text beside a number");
  return [asNumber(left), asNumber(right), "number"];
}

type Rule = (args: readonly SqlExpression[]) => SqlExpression;

const numeric =
  (sql: (...args: string[]) => string): Rule =>
  (args) => ({ sql: sql(...args.map(asNumber)), type: "number" });
/** Row functions by name; `runtime/portable/functions.ts` says the same of single rows. */
const FUNCTIONS: Readonly<Record<string, Rule>> = {
  abs: numeric((x) => `abs(${x})`),
  floor: numeric((x) => `floor(${x})`),
  ceil: numeric((x) => `ceil(${x})`),
  sqrt: numeric((x) => `(CASE WHEN ${x} >= 0 THEN sqrt(${x}) END)`),
  exp: numeric((x) => `exp(${x})`),
  log: numeric((x) => `(CASE WHEN ${x} > 0 THEN ln(${x}) END)`),
  min: numeric((...all) => nullIfAny("least", all)),
  max: numeric((...all) => nullIfAny("greatest", all)),
};

/** LEAST and GREATEST skip nulls; here a null argument gives null, as everywhere else. */
function nullIfAny(name: string, all: readonly string[]): string {
  return `(CASE WHEN ${all.map((x) => `${x} IS NOT NULL`).join(" AND ")} THEN ${name}(${all.join(", ")}) END)`;
}
