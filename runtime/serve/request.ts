/** Checks rows of a request against the model's columns: one closure a column, made once. */
import { closest } from "../data/closest.ts";
import { formatOf, parseSeconds } from "../portable/dates.ts";
import type { InputColumn } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import { expectation, type Problem, type Problems, quoted, shown } from "./problem.ts";

/** A checked value: numbers (booleans 0/1, times in seconds), strings, or null for missing. */
export type Cell = number | string | null;
export type Row = Record<string, Cell>;

export interface CheckOptions {
  /** `impute`: an absent nullable field is a missing value. `refuse`: every field must be there. */
  readonly missing: "impute" | "refuse";
  /** Columns whose values are never repeated in an error. */
  readonly redacted: ReadonlySet<string>;
  /** Other columns of the training data: accepted and not read, so that a whole record can be sent. */
  readonly ignored: ReadonlySet<string>;
}

export interface RequestChecker {
  readonly columns: readonly InputColumn[];
  /**
   * Checks one object. Every bad field is added to `problems`; the row returned then has nulls in their places.
   * @param at the row's place in the batch, or null for a single object
   */
  row(value: unknown, at: number | null, problems: Problems): Row;
  /** Checks one value of the column at `index`; `undefined` means that the field is absent. */
  cell(index: number, value: unknown, at: number | null, problems: Problems): Cell;
  /** Reports a name that is no column; nothing when it may be ignored. */
  unknown(name: string, at: number | null, problems: Problems): void;
}

/** A reader of present values: the checked value, or undefined when it is not acceptable. */
type Reader = (value: unknown) => Cell | undefined;

/** @returns the checker for these columns; making it costs more than using it. */
export function compileChecker(columns: readonly InputColumn[], options: CheckOptions): RequestChecker {
  const names = columns.map((column) => column.name);
  const known = new Set(names);
  const readers = columns.map(reader);
  const count = columns.length;

  const refuse = (column: InputColumn, value: unknown, at: number | null): Problem => {
    const secret = options.redacted.has(column.name) && value !== undefined && value !== null;
    const expected = expectation(column, typeof value === "string" && value.includes("\0"));
    const said = value === undefined ? "is missing" : secret ? "has a wrong value" : `is ${quoted(value)}`;
    const meant = secret ? null : suggestion(column, value);
    const where = at === null ? "" : `Row ${at}: `;
    return {
      row: at,
      field: column.name,
      ...(value === undefined ? {} : { value: secret ? "[redacted]" : shown(value) }),
      expected,
      message: `${where}${column.name} ${said}; expected ${expected}.${meant === null ? "" : ` Did you mean ${JSON.stringify(meant)}?`}`,
    };
  };

  const cell = (index: number, value: unknown, at: number | null, problems: Problems): Cell => {
    const column = columns[index]!;
    if (
      value === undefined
        ? options.missing === "impute" && column.nullable
        : value === null && column.nullable
    )
      return null;
    const read = value === undefined || value === null ? undefined : readers[index]!(value);
    if (read === undefined || (read === null && !column.nullable)) {
      if (problems.full) problems.skip();
      else problems.add(refuse(column, value, at));
      return null;
    }
    return read;
  };

  const unknown = (name: string, at: number | null, problems: Problems): void => {
    if (known.has(name) || options.ignored.has(name)) return;
    // Looking for the name that was meant costs more than finding it wrong: not for what is not shown.
    if (problems.full) {
      problems.skip();
      return;
    }
    const meant = guess(name, names);
    const where = at === null ? "" : `Row ${at}: `;
    const hint = meant === null ? `The fields are ${names.join(", ")}.` : `Did you mean ${meant}?`;
    problems.add({
      row: at,
      field: String(shown(name)),
      expected: meant === null ? "no such field" : `the field ${meant}`,
      message: `${where}${String(shown(name))} is no field of this model. ${hint}`,
    });
  };

  const row = (value: unknown, at: number | null, problems: Problems): Row => {
    const out: Row = {};
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const where = at === null ? "The body" : `Row ${at}`;
      const said = typeof value === "object" ? shown(value) : "a bare value";
      problems.add({
        row: at,
        field: null,
        expected: "an object",
        message: `${where} is ${said}; expected an object with a field for each column.`,
      });
      return out;
    }
    const given = value as Readonly<Record<string, unknown>>;
    let present = 0;
    for (let i = 0; i < count; i++) {
      const name = names[i]!;
      // JSON gives own fields only; a column named like a member of every object must not read that member.
      const field = name in Object.prototype && !Object.hasOwn(given, name) ? undefined : given[name];
      if (field !== undefined) present++;
      out[name] = cell(i, field, at, problems);
    }
    let fields = 0;
    for (const _ in given) fields++;
    if (fields !== present) for (const name in given) unknown(name, at, problems);
    return out;
  };

  return { columns, row, cell, unknown };
}

/** Names longer than this are no slips of the hand. */
const LONGEST_SLIP = 100;

function guess(name: string, names: readonly string[]): string | null {
  return name.length > LONGEST_SLIP ? null : closest(name, names);
}

function suggestion(column: InputColumn, value: unknown): string | null {
  if (typeof value === "number" && !isNumeric(column) && column.values === null) return String(value);
  if (typeof value !== "string" || column.values === null) return null;
  return guess(value, column.values.map(String));
}

function reader(column: InputColumn): Reader {
  if (column.type === "boolean") return booleanReader;
  if (column.type === "date" || column.type === "timestamp") return timeReader(column);
  return isNumeric(column) ? numberReader(column) : textReader(column);
}

const booleanReader: Reader = (value) =>
  value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined;

function numberReader({ type, min, max, values }: InputColumn): Reader {
  const whole = type === "int";
  const least = min ?? Number.NEGATIVE_INFINITY;
  const most = max ?? Number.POSITIVE_INFINITY;
  const allowed = values === null ? null : new Set(values.map(Number));
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value) || value < least || value > most)
      return undefined;
    if (whole && !Number.isInteger(value)) return undefined;
    return allowed === null || allowed.has(value) ? value : undefined;
  };
}

/** The empty string is a missing value (the signature's rule); NUL is refused, as no runtime carries it alike. */
function textReader({ values }: InputColumn): Reader {
  const allowed = values === null ? null : new Set(values.map(String));
  return (value) => {
    if (typeof value !== "string") return undefined;
    if (value === "") return null;
    if (allowed !== null) return allowed.has(value) ? value : undefined;
    return value.includes("\0") ? undefined : value;
  };
}

function timeReader(column: InputColumn): Reader {
  const format = formatOf(column);
  const least = column.min ?? Number.NEGATIVE_INFINITY;
  const most = column.max ?? Number.POSITIVE_INFINITY;
  return (value) => {
    if (typeof value !== "string") return undefined;
    if (value === "") return null;
    const read = parseSeconds(value, format);
    return read === null || read < least || read > most ? undefined : read;
  };
}
