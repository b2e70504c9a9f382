/** Derived columns in the order in which they can be computed. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { parseSeconds } from "../portable/dates.ts";
import type { TransformStep } from "../portable/form.ts";
import { columnsRead, withParts } from "./expression-parts.ts";
import { expressionSql } from "./expression-sql.ts";
import { type FitContext, fitFailure, pointerTo, typeOf } from "./fit-context.ts";
import { ExpressionError, type SqlExpression } from "./sql-value.ts";
import { entryType } from "./transform-sql.ts";

/**
 * One step for each derived column; a column comes after those that it reads, equals by name. Fills
 * `context.derived`.
 * @throws StepFailure ML4104 for a circle, ML4101 for an unknown column, ML4110 for an expression that has no value.
 */
export function deriveSteps(
  context: FitContext,
  derive: Readonly<Record<string, IrExpression>>,
): TransformStep[] {
  const steps: TransformStep[] = [];
  const open = new Set<string>();
  const isTime = timesOf(context.columns, derive);
  const visit = (name: string) => {
    if (context.derived.has(name)) return;
    if (open.has(name)) {
      const circle = [...open].slice([...open].indexOf(name));
      throw fitFailure(context, "ML4104", pointerTo("derive", name), {
        circle: [...circle, name].join(" → "),
      });
    }
    open.add(name);
    const expression = derive[name]!;
    for (const read of columnsRead(expression).sort()) if (Object.hasOwn(derive, read)) visit(read);
    steps.push(deriveStep(context, name, expression, isTime));
    open.delete(name);
  };
  for (const name of Object.keys(derive).sort()) visit(name);
  return steps;
}

/** Whether a derived column is true or false. */
export function isQuestion(context: FitContext, name: string): boolean {
  const step = context.steps.find((one) => one.op === "derive" && one.output === name);
  if (step?.op !== "derive") return false;
  const scope = (column: string): SqlExpression => {
    const known = typeOf(context, column, pointerTo("derive", name));
    if (known === "boolean" || isQuestion(context, column)) return { sql: "x", type: "boolean" };
    return { sql: "x", type: known === "number" ? known : entryType(known) };
  };
  return expressionSql(step.expression, scope).type === "boolean";
}

function deriveStep(context: FitContext, name: string, written: IrExpression, isTime: Times): TransformStep {
  const pointer = pointerTo("derive", name);
  const expression = asSeconds(written, isTime);
  try {
    const { type } = expressionSql(expression, (column) => {
      const known = typeOf(context, column, pointer);
      return { sql: "x", type: known === "number" ? "number" : entryType(known) };
    });
    const result = type === "string" ? "string" : "number";
    context.derived.set(name, result);
    return { op: "derive", output: name, expression, type: result };
  } catch (error) {
    if (error instanceof ExpressionError)
      throw fitFailure(context, "ML4110", pointer, { column: name, problem: error.message });
    throw error;
  }
}

/** Whether a column holds dates or times: by its schema, or because such a column's values are what it derives. */
type Times = (name: string) => boolean;

function timesOf(columns: readonly ColumnSchema[], derive: Readonly<Record<string, IrExpression>>): Times {
  const isTime: Times = (name) => {
    const column = columns.find((one) => one.name === name);
    if (column !== undefined) return column.type === "date" || column.type === "timestamp";
    return Object.hasOwn(derive, name) && givesTime(derive[name]!, isTime);
  };
  return isTime;
}

/** Columns of times, and what hands such values on. */
function givesTime(expression: IrExpression, isTime: Times): boolean {
  if (expression.is === "column") return isTime(expression.name);
  if (expression.is === "if") return givesTime(expression.then, isTime) || givesTime(expression.else, isTime);
  const hands = expression.is === "call" && ["coalesce", "min", "max"].includes(expression.name);
  return hands && expression.args.some((arg) => givesTime(arg, isTime));
}

/** A date in quotes beside a date or timestamp means that moment, in seconds, as the column itself. */
export function timesAsSeconds(
  expression: IrExpression,
  columns: readonly ColumnSchema[],
  derive: Readonly<Record<string, IrExpression>> = {},
): IrExpression {
  return asSeconds(expression, timesOf(columns, derive));
}

function asSeconds(expression: IrExpression, isTime: Times): IrExpression {
  const isMoment = (side: IrExpression): boolean => givesTime(side, isTime);
  const seconds = (side: IrExpression): IrExpression => {
    if (side.is !== "literal" || typeof side.value !== "string") return side;
    const value = parseSeconds(side.value, "ISO 8601");
    return value === null ? side : { is: "literal", value };
  };
  const timed = withParts(expression, (part) => asSeconds(part, isTime));
  if (timed.is === "call" && timed.name === "coalesce" && isMoment(timed)) return withParts(timed, seconds);
  if (timed.is !== "binary") return timed;
  const { left, right } = timed;
  const beside = right.is === "list" ? withParts(right, seconds) : seconds(right);
  return { ...timed, left: isMoment(right) ? seconds(left) : left, right: isMoment(left) ? beside : right };
}
