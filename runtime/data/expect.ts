/** `expect` rules over the typed rows: facts of the whole table, and conditions that every row must keep. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";
import { expressionText } from "../../language/ir/expression-text.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Json, RuntimeDiagnostic } from "../execute/step.ts";
import { TYPED } from "./check-rows.ts";
import { timesAsSeconds } from "./derive.ts";
import { columnsRead, withParts } from "./expression-parts.ts";
import { expressionSql } from "./expression-sql.ts";
import { dataFailure, diagnosticOf, type RawRows, type ReadContext, SHOWN } from "./raw.ts";
import type { Cell } from "./session.ts";
import { identifier } from "./sql.ts";
import { asBoolean, ExpressionError, type SqlExpression } from "./sql-value.ts";
import { ROW_COLUMN } from "./table.ts";
import { aggregateSql, isAggregate } from "./table-functions-sql.ts";
import { entrySql, entryType } from "./transform-sql.ts";

export interface Expectation {
  readonly condition: IrExpression;
  readonly message?: string;
}

export interface ExpectationResult {
  readonly text: string;
  readonly passed: boolean;
  /** What was measured: `nulls(income)` → 0.07. */
  readonly measured: Readonly<Record<string, Json>>;
  /** Rows that break a condition on rows. */
  readonly offending: number;
}

export interface Tested {
  readonly results: readonly ExpectationResult[];
  readonly failed: boolean;
  readonly notes: readonly string[];
  readonly diagnostics: readonly RuntimeDiagnostic[];
}

/** Tests every rule; one that fails is a diagnostic ML4008 with what was measured. */
export async function testExpectations(
  context: ReadContext,
  raw: RawRows,
  columns: readonly ColumnSchema[],
  expectations: readonly Expectation[],
): Promise<Tested> {
  const results: ExpectationResult[] = [];
  const notes: string[] = [];
  const diagnostics: RuntimeDiagnostic[] = [];
  for (const [i, { condition, message }] of expectations.entries()) {
    context.signal.throwIfAborted();
    const said = expressionText(condition);
    const pointer = `/expect/${i}`;
    try {
      const timed = timesAsSeconds(condition, columns);
      const found = hasAggregate(timed)
        ? await testTable(context, columns, timed, said)
        : await testRows(context, raw, columns, timed, said);
      results.push(found.result);
      if (found.result.passed) continue;
      const because = message ? `${message}: ${found.because}` : found.because;
      notes.push(`expect ${said}: ${because}`, ...found.details);
      diagnostics.push(
        diagnosticOf(context, "ML4008", { rule: said, because }, { pointer, details: found.details }),
      );
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw dataFailure(context, "ML4110", { column: `expect ${said}`, problem: error.message }, { pointer });
    }
  }
  return { results, failed: diagnostics.length > 0, notes, diagnostics };
}

interface Found {
  readonly result: ExpectationResult;
  readonly because: string;
  readonly details: readonly string[];
}

function rowScope(columns: readonly ColumnSchema[]): (name: string) => SqlExpression {
  return (name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (!column) throw new ExpressionError(`no column ${name}`);
    return { sql: `(${entrySql(column)})`, type: entryType(column.type) };
  };
}

/** Whether a condition is about the whole table; the others must hold on every row. */
export function hasAggregate(expression: IrExpression): boolean {
  return isAggregate(expression) || partsOf(expression).some(hasAggregate);
}

/** Every aggregate is measured on its own, so that a failure can say by how much. */
async function testTable(
  context: ReadContext,
  columns: readonly ColumnSchema[],
  condition: IrExpression,
  said: string,
): Promise<Found> {
  const row = rowScope(columns);
  const aggregates: { readonly text: string; readonly value: SqlExpression }[] = [];
  const named = nameAggregates(condition, (aggregate) => {
    aggregates.push({ text: expressionText(aggregate), value: aggregateSql(aggregate, columns, row) });
    return `a${aggregates.length - 1}`;
  });
  const holds = asBoolean(
    expressionSql(named, (name) => {
      const index = /^a(\d+)$/.exec(name)?.[1];
      const aggregate = index === undefined ? undefined : aggregates[Number(index)];
      if (!aggregate)
        throw new ExpressionError(
          `${name} is a column; say which of its values: min(${name}), mean(${name})`,
        );
      return { sql: name, type: aggregate.value.type };
    }),
  );
  const measured = `SELECT ${aggregates.map(({ value }, i) => `${value.sql} AS a${i}`).join(", ")} FROM ${TYPED}`;
  // One thread: a sum's last bit depends on who adds what.
  const found = await context.session.alone(() =>
    context.session.row(`SELECT *, ${holds} AS holds FROM (${measured})`),
  );
  const values: Record<string, Json> = {};
  aggregates.forEach(({ text }, i) => {
    values[text] = found[`a${i}`] ?? null;
  });
  return {
    result: { text: said, passed: found["holds"] === true, measured: values, offending: 0 },
    because: Object.entries(values)
      .map(([text, value]) => `${text} is ${sayNumber(value as Cell)}`)
      .join(", "),
    details: [],
  };
}

/** The expression with each aggregate replaced by a name. */
function nameAggregates(expression: IrExpression, name: (aggregate: IrExpression) => string): IrExpression {
  if (isAggregate(expression)) return { is: "column", name: name(expression) };
  return withParts(expression, (part) => nameAggregates(part, name));
}

/** A row for which the condition is unknown, because a value is missing, does not break it, as in an SQL CHECK. */
async function testRows(
  context: ReadContext,
  raw: RawRows,
  columns: readonly ColumnSchema[],
  condition: IrExpression,
  said: string,
): Promise<Found> {
  const holds = asBoolean(expressionSql(condition, rowScope(columns)));
  const { n } = await context.session.row(`SELECT count(*) AS n FROM ${TYPED} WHERE NOT ${holds}`);
  const offending = Number(n);
  const result = { text: said, passed: offending === 0, measured: {}, offending };
  if (offending === 0) return { result, because: "", details: [] };
  const names = columnsRead(condition);
  const rows = await context.session.rows(
    `SELECT ${ROW_COLUMN} AS row, ${names.map((name, i) => `${identifier(name)}::VARCHAR AS v${i}`).join(", ")}
     FROM ${TYPED} WHERE NOT ${holds} ORDER BY ${ROW_COLUMN} LIMIT ${SHOWN}`,
  );
  const places = await raw.locate(rows.map((row) => ({ row: Number(row["row"]), column: names[0]! })));
  const details = rows.map((row, i) => {
    const values = names.map((name, j) => {
      const redacted = columns.find((column) => column.name === name)?.redacted;
      return `${name} ${redacted ? "(redacted)" : String(row[`v${j}`] ?? "(empty)")}`;
    });
    return `${places[i]}: ${values.join(", ")}`;
  });
  return { result, because: `${offending} row${offending === 1 ? " does" : "s do"} not`, details };
}

function sayNumber(value: Cell): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "missing");
}
