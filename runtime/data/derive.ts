/** Derived columns in the order in which they can be computed. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { parseSeconds } from "../portable/dates.ts";
import type { TransformStep } from "../portable/form.ts";
import { columnsRead, withParts } from "./expression-parts.ts";
import { expressionSql } from "./expression-sql.ts";
import { type FitContext, fitFailure, pointerTo, typeOf } from "./fit-context.ts";
import { ExpressionError } from "./sql-value.ts";
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
    steps.push(deriveStep(context, name, expression));
    open.delete(name);
  };
  for (const name of Object.keys(derive).sort()) visit(name);
  return steps;
}

function deriveStep(context: FitContext, name: string, written: IrExpression): TransformStep {
  const pointer = pointerTo("derive", name);
  const expression = timesAsSeconds(written, context.columns);
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

/** A date in quotes beside a date or timestamp column means that moment, in seconds, as the column itself. */
export function timesAsSeconds(expression: IrExpression, columns: readonly ColumnSchema[]): IrExpression {
  const isTime = (side: IrExpression): boolean =>
    side.is === "column" &&
    columns.some(({ name, type }) => name === side.name && (type === "date" || type === "timestamp"));
  const seconds = (side: IrExpression): IrExpression => {
    if (side.is !== "literal" || typeof side.value !== "string") return side;
    const value = parseSeconds(side.value, "ISO 8601");
    return value === null ? side : { is: "literal", value };
  };
  const timed = withParts(expression, (part) => timesAsSeconds(part, columns));
  if (timed.is !== "binary") return timed;
  const { left, right } = timed;
  const beside = right.is === "list" ? withParts(right, seconds) : seconds(right);
  return { ...timed, left: isTime(right) ? seconds(left) : left, right: isTime(left) ? beside : right };
}
