/** The table functions of `stdlib/functions` as SQL aggregates. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { type ColumnScope, expressionSql } from "./expression-sql.ts";
import { identifier, text } from "./sql.ts";
import { asBoolean, ExpressionError, type SqlExpression } from "./sql-value.ts";

type Aggregate = (column: string, value: SqlExpression) => SqlExpression;

const numeric =
  (sql: (value: string, column: string) => string): Aggregate =>
  (column, value) => ({ sql: `(${sql(value.sql, column)})::DOUBLE`, type: "number" });

/** Of one column: its SQL as stored, and as a number or text. */
const OF_COLUMN: Readonly<Record<string, Aggregate>> = {
  nulls: numeric((_, column) => `count_if(${column} IS NULL) / count(*)`),
  unique: (column) => ({ sql: `(count(${column}) = count(DISTINCT ${column}))`, type: "boolean" }),
  distinct: numeric((_, column) => `count(DISTINCT ${column})`),
  min: (_, value) => ({ sql: `min(${value.sql})`, type: value.type }),
  max: (_, value) => ({ sql: `max(${value.sql})`, type: value.type }),
  mean: numeric((value) => `avg(${value})`),
  median: numeric((value) => `median(${value})`),
  sum: numeric((value) => `coalesce(sum(${value}), 0)`),
};

/** Whether an expression is one fact of the whole table. `min(a, b)` of two values is the row's. */
export function isAggregate(expression: IrExpression): boolean {
  if (expression.is === "name") return expression.name === "rows";
  if (expression.is !== "call") return false;
  if (expression.name === "rows" || expression.name === "share" || expression.name === "matches") return true;
  return (
    Object.hasOwn(OF_COLUMN, expression.name) &&
    expression.args.length === 1 &&
    expression.args[0]!.is === "column"
  );
}

/** @throws ExpressionError for arguments that the function does not take */
export function aggregateSql(
  expression: IrExpression,
  columns: readonly ColumnSchema[],
  row: ColumnScope,
): SqlExpression {
  if (expression.is !== "call" || expression.name === "rows")
    return { sql: "count(*)::DOUBLE", type: "number" };
  const [first, second] = expression.args;
  if (expression.name === "share" && first) {
    // Where the condition is unknown it does not hold.
    return { sql: `(count_if(${asBoolean(expressionSql(first, row))}) / count(*))::DOUBLE`, type: "number" };
  }
  if (first?.is !== "column") throw new ExpressionError(`${expression.name} takes a column`);
  const column = columns.find((candidate) => candidate.name === first.name);
  if (!column) throw new ExpressionError(`no column ${first.name}`);
  const stored = identifier(column.name);
  if (expression.name === "matches") {
    if (second?.is !== "literal" || typeof second.value !== "string")
      throw new ExpressionError("matches takes a pattern");
    return {
      sql: `(count_if(NOT regexp_full_match(${stored}::VARCHAR, ${text(second.value)})) = 0)`,
      type: "boolean",
    };
  }
  return OF_COLUMN[expression.name]!(stored, row(column.name));
}
