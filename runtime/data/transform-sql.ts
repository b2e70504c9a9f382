/** Fitted transform steps as one SQL query over a dataset's rows. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { TransformStep } from "../portable/form.ts";
import { expressionSql } from "./expression-sql.ts";
import { double, identifier, levelCode, text } from "./sql.ts";
import { asNumber } from "./sql-value.ts";
import { ROW_COLUMN } from "./table.ts";
import { readsOf, writesOf } from "./transform.ts";

/** Where a column is found in the query's result, and how: `code` is an INTEGER, −1 for missing. */
export interface Placed {
  readonly alias: string;
  readonly type: "number" | "string" | "code";
}

export interface TransformQuery {
  /** Has `__row` and one column for each alias. */
  readonly sql: string;
  /** The column's place after all steps (or null). */
  place(name: string): Placed | null;
}

/** Types under which a schema's columns enter the steps: everything is a number or a string. */
export function entryType(type: ColumnSchema["type"]): "number" | "string" {
  return type === "category" || type === "string" || type === "text" ? "string" : "number";
}

/** A column of the Parquet file as the steps read it: DOUBLE (seconds for times, 0/1 for booleans) or VARCHAR. */
export function entrySql(column: ColumnSchema): string {
  const name = identifier(column.name);
  switch (column.type) {
    case "category":
    case "string":
    case "text":
      return name;
    case "boolean":
      return `${name}::INTEGER::DOUBLE`;
    case "date":
    case "timestamp":
      return `epoch(${name})`;
    default:
      return `${name}::DOUBLE`;
  }
}

/**
 * @param from SQL of the rows: a query or table with the schema's columns and `__row`.
 * @param columns The columns that the steps and the caller read; others are left out.
 * `tfidf` steps are skipped: their text is read by the caller.
 */
export function transformQuery(
  from: string,
  columns: readonly ColumnSchema[],
  steps: readonly TransformStep[],
): TransformQuery {
  // Names are the user's and SQL ignores their case, so every value lives under an alias of our own.
  const places = new Map<string, Placed>();
  let next = 0;
  const entry = columns.map((column) => {
    const alias = `c${next++}`;
    places.set(column.name, { alias, type: entryType(column.type) });
    return `${entrySql(column)} AS ${alias}`;
  });
  let sql = `SELECT ${[ROW_COLUMN, ...entry].join(", ")} FROM ${from}`;

  let layer: string[] = [];
  let written = new Map<string, Placed>();
  const close = () => {
    if (layer.length === 0) return;
    sql = `SELECT *, ${layer.join(", ")} FROM (${sql})`;
    for (const [name, placed] of written) places.set(name, placed);
    layer = [];
    written = new Map();
  };
  const write = (name: string, value: string, type: Placed["type"]) => {
    const alias = `c${next++}`;
    layer.push(`${value} AS ${alias}`);
    written.set(name, { alias, type });
  };
  const read = (name: string): Placed => {
    const placed = places.get(name);
    if (!placed) throw new Error(`a transform reads ${name}, which nothing writes`);
    return placed;
  };

  for (const step of steps) {
    if (step.op === "tfidf") continue;
    // Steps share a SELECT until one reads or writes again what another of it wrote.
    if ([...readsOf(step), ...writesOf(step)].some((name) => written.has(name))) close();
    writeStep(step, read, write);
  }
  close();
  return { sql, place: (name) => places.get(name) ?? null };
}

function writeStep(
  step: Exclude<TransformStep, { op: "tfidf" }>,
  read: (name: string) => Placed,
  write: (name: string, value: string, type: Placed["type"]) => void,
): void {
  switch (step.op) {
    case "impute_number":
      write(step.column, `coalesce(${read(step.column).alias}, ${double(step.value)})`, "number");
      return;
    case "impute_string":
      write(step.column, `coalesce(${read(step.column).alias}, ${text(step.value)})`, "string");
      return;
    case "derive": {
      const value = expressionSql(step.expression, (name) => {
        const placed = read(name);
        return { sql: placed.alias, type: placed.type === "string" ? "string" : "number" };
      });
      write(step.output, step.type === "string" ? value.sql : asNumber(value), step.type);
      return;
    }
    case "scale":
      write(
        step.output,
        `((${read(step.column).alias} - ${double(step.offset)}) / ${double(step.factor)})`,
        "number",
      );
      return;
    case "bucket": {
      const x = read(step.column).alias;
      const count = balancedSum(step.edges.map((edge) => `(${x} >= ${double(edge)})::INTEGER`));
      write(step.output, `(CASE WHEN ${x} IS NOT NULL THEN (${count})::DOUBLE END)`, "number");
      return;
    }
    case "one_hot": {
      const x = read(step.column).alias;
      step.levels.forEach((level, i) => {
        write(step.outputs[i]!, `coalesce((${x} = ${text(level)})::INTEGER, 0)::DOUBLE`, "number");
      });
      if (step.other) {
        const among = step.other.levels.map(text).join(", ");
        write(
          step.other.output,
          among ? `coalesce((${x} IN (${among}))::INTEGER, 0)::DOUBLE` : "0::DOUBLE",
          "number",
        );
      }
      return;
    }
    case "ordinal":
      write(step.output, `${levelCode(read(step.column).alias, step.levels)}::DOUBLE`, "number");
      return;
    case "category":
      write(step.output, levelCode(read(step.column).alias, step.levels), "code");
      return;
    case "target": {
      const x = read(step.column).alias;
      const values = `[${step.values.map(double).join(", ")}]`;
      const found =
        step.levels.length > 0 ? `${values}[nullif(${levelCode(x, step.levels)}, -1) + 1]` : "NULL";
      write(step.output, `coalesce(${found}, ${double(step.default)})`, "number");
      return;
    }
  }
}

/** A sum whose depth grows with the logarithm of its terms: DuckDB reads a chain of a thousand as a thousand levels. */
function balancedSum(terms: readonly string[]): string {
  if (terms.length < 2) return terms[0] ?? "0";
  const half = terms.length >> 1;
  return `(${balancedSum(terms.slice(0, half))} + ${balancedSum(terms.slice(half))})`;
}
