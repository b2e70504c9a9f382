/** Typed pieces of SQL, and how one type is read as another. */

export type SqlType = "number" | "string" | "boolean";

export interface SqlExpression {
  readonly sql: string;
  readonly type: SqlType;
}

/** Thrown for an expression that cannot be computed; callers turn it into a diagnostic. */
export class ExpressionError extends Error {}

/** The value as DOUBLE, true and false as 1 and 0. */
export function asNumber(value: SqlExpression): string {
  if (value.type === "string") throw new ExpressionError("text where a number belongs");
  return value.type === "boolean" ? `(${value.sql})::INTEGER::DOUBLE` : value.sql;
}

/** The value as BOOLEAN, any number but 0 as true. */
export function asBoolean(value: SqlExpression): string {
  if (value.type === "string") throw new ExpressionError("text where a condition belongs");
  return value.type === "number" ? `(${value.sql} <> 0)` : value.sql;
}

/** The value as VARCHAR: whole numbers without a point, true and false as words. */
export function asText(value: SqlExpression): string {
  if (value.type === "string") return value.sql;
  if (value.type === "boolean") return `(${value.sql})::VARCHAR`;
  const x = value.sql;
  return `(CASE WHEN ${x} = trunc(${x}) AND abs(${x}) < 1e15 THEN ${x}::BIGINT::VARCHAR ELSE ${x}::VARCHAR END)`;
}

/** Two values in one type: booleans become numbers beside numbers; null fits anything. */
export function alike(left: SqlExpression, right: SqlExpression): [string, string, SqlType] {
  if (left.type === right.type) return [left.sql, right.sql, left.type];
  if (left.sql === "NULL") return [left.sql, right.sql, right.type];
  if (right.sql === "NULL") return [left.sql, right.sql, left.type];
  if (left.type === "string" || right.type === "string") throw new ExpressionError("text beside a number");
  return [asNumber(left), asNumber(right), "number"];
}
