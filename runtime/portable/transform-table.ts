/** A model's transforms for many rows: each step from whole columns to a whole column. */
import type { NumberColumn, StringColumn, Table, TableColumn } from "../data/table.ts";
import { compileExpression } from "./expression-eval.ts";
import type { TransformStep } from "./form.ts";
import { numberOf, numbers, type Reader, stringOf, strings } from "./reader.ts";
import { compileTfidf, type SparseRow } from "./tfidf.ts";
import { bucketOf, codesOf, oneHotLevels } from "./transform-row.ts";

/** One sparse row for each distinct text; `codes` as in a string column. */
export interface SparseColumn {
  readonly type: "sparse";
  readonly codes: Int32Array;
  readonly rows: readonly SparseRow[];
}

export type WorkingColumn = TableColumn | SparseColumn;

/**
 * Runs the steps over a table of raw columns.
 * @returns every column by name as the steps leave it; codes of categories are numbers, −1 for missing and unknown.
 */
export function transformTable(steps: readonly TransformStep[], table: Table): Map<string, WorkingColumn> {
  const columns = new Map<string, WorkingColumn>();
  for (const [name, given] of table.columns) columns.set(name, emptyIsMissing(given));
  const column = (name: string): WorkingColumn => {
    const found = columns.get(name);
    if (found === undefined) throw new Error(`nothing gives the column ${name}`);
    return found;
  };
  const number = (name: string): NumberColumn => {
    const found = column(name);
    if (found.type !== "number") throw new Error(`${name} is no number`);
    return found;
  };
  const string = (name: string): StringColumn => {
    const found = column(name);
    if (found.type !== "string") throw new Error(`${name} is no text`);
    return found;
  };
  const write = (name: string, values: Float64Array): void => {
    columns.set(name, { type: "number", values });
  };

  for (const step of steps) {
    switch (step.op) {
      case "impute_number":
        write(
          step.column,
          number(step.column).values.map((x) => (!Number.isNaN(x) ? x : step.value)),
        );
        break;
      case "impute_string":
        columns.set(step.column, imputed(string(step.column), step.value));
        break;
      case "derive":
        columns.set(step.output, derived(step, table.rows, column));
        break;
      case "scale": {
        const { offset, factor } = step;
        write(
          step.output,
          number(step.column).values.map((x) => (x - offset) / factor),
        );
        break;
      }
      case "bucket":
        write(
          step.output,
          number(step.column).values.map((x) => bucketOf(step.edges, x)),
        );
        break;
      case "one_hot": {
        const { outputs, find } = oneHotLevels(step);
        const found = byLevel(string(step.column), find);
        outputs.forEach((output, i) => {
          write(
            output,
            found.map((at) => (at === i ? 1 : 0)),
          );
        });
        break;
      }
      case "ordinal":
      case "category":
        write(step.output, byLevel(string(step.column), codesOf(step.levels)));
        break;
      case "target": {
        const code = codesOf(step.levels);
        write(
          step.output,
          byLevel(string(step.column), (value) => step.values[code(value)] ?? step.default),
        );
        break;
      }
      case "tfidf": {
        const { codes, levels } = string(step.column);
        columns.set(step.output, { type: "sparse", codes, rows: levels.map(compileTfidf(step)) });
        break;
      }
    }
  }
  return columns;
}

/** The signature's rule: the empty string is a missing value. */
function emptyIsMissing(column: TableColumn): TableColumn {
  if (column.type === "number") return column;
  const empty = column.levels.indexOf("");
  return empty < 0 ? column : { ...column, codes: column.codes.map((code) => (code === empty ? -1 : code)) };
}

/** Computes a value once for each level, then for the rows by code. */
function byLevel(column: StringColumn, value: (level: string | null) => number): Float64Array {
  const ofLevel = Float64Array.from(column.levels, value);
  const missing = value(null);
  const values = new Float64Array(column.codes.length);
  for (let i = 0; i < values.length; i++) {
    const code = column.codes[i]!;
    values[i] = code < 0 ? missing : ofLevel[code]!;
  }
  return values;
}

function imputed(column: StringColumn, value: string): StringColumn {
  const known = column.levels.indexOf(value);
  const code = known >= 0 ? known : column.levels.length;
  return {
    type: "string",
    codes: column.codes.map((x) => (x < 0 ? code : x)),
    levels: known >= 0 ? column.levels : [...column.levels, value],
  };
}

/** The expression is compiled once, over columns read at a cursor that walks the rows. */
function derived(
  step: Extract<TransformStep, { op: "derive" }>,
  rows: number,
  column: (name: string) => WorkingColumn,
): TableColumn {
  const cursor = { row: 0 };
  const value = compileExpression(step.expression, (name): Reader => {
    const source = column(name);
    if (source.type === "number") {
      const { values } = source;
      return numbers(() => values[cursor.row]!);
    }
    if (source.type === "sparse") throw new Error(`${name} is a sparse block`);
    const { codes, levels } = source;
    return strings(() => levels[codes[cursor.row]!] ?? null);
  });
  if (step.type === "number") {
    const read = numberOf(value);
    const values = new Float64Array(rows);
    for (cursor.row = 0; cursor.row < rows; cursor.row++) values[cursor.row] = read();
    return { type: "number", values };
  }
  const read = stringOf(value);
  const codes = new Int32Array(rows);
  const known = new Map<string, number>();
  for (cursor.row = 0; cursor.row < rows; cursor.row++) {
    const text = read();
    if (text === null) {
      codes[cursor.row] = -1;
      continue;
    }
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    codes[cursor.row] = code;
  }
  // Levels stand in order of appearance here: only their meaning is read by the steps that follow.
  return { type: "string", codes, levels: [...known.keys()] };
}
