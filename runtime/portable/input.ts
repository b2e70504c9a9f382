/** How a caller's value becomes a number or a string, alike wherever a model is used. */
import { formatOf, parseSeconds } from "./dates.ts";
import type { InputColumn } from "./form.ts";

/** A caller's value that the model's signature does not allow. */
export class InputError extends Error {
  readonly column: string;
  readonly value: unknown;
  /** What would have been right: "a number", "a date like 2026-01-31". */
  readonly expected: string;
  constructor(column: string, value: unknown, expected: string) {
    super(`${column} must be ${expected}, not ${JSON.stringify(value)}`);
    this.name = "InputError";
    this.column = column;
    this.value = value;
    this.expected = expected;
  }
}

/** Numbers, booleans, dates and timestamps enter as float64; categories, strings and texts as strings. */
export function isNumeric(column: InputColumn): boolean {
  return column.type !== "category" && column.type !== "string" && column.type !== "text";
}

/** Reads one value as float64: missing is NaN, booleans are 0 and 1, dates are seconds since 1970 UTC. */
export function numberReader(column: InputColumn): (value: unknown) => number {
  const expected = expectation(column);
  const refuse = (value: unknown): never => {
    throw new InputError(column.name, value, expected);
  };
  const dated = column.type === "date" || column.type === "timestamp";
  const format = dated ? formatOf(column) : null;
  return (value) => {
    if (typeof value === "number") {
      if (Math.abs(value) === Number.POSITIVE_INFINITY) return refuse(String(value));
      if (column.type === "int" && !Number.isInteger(value) && !Number.isNaN(value)) return refuse(value);
      return value;
    }
    if (value === null || value === undefined || value === "") return Number.NaN;
    if (typeof value === "boolean") return dated ? refuse(value) : value ? 1 : 0;
    if (typeof value !== "string") return refuse(value);
    if (format !== null) return parseSeconds(value, format) ?? refuse(value);
    if (column.type === "boolean" && value === "true") return 1;
    if (column.type === "boolean" && value === "false") return 0;
    return refuse(value);
  };
}

/** Reads one value as a string: missing and the empty string are null; a NUL character is refused. */
export function stringReader(column: InputColumn): (value: unknown) => string | null {
  const expected = expectation(column);
  return (value) => {
    if (value === null || value === undefined || value === "") return null;
    if (typeof value === "string" && !value.includes("\0")) return value;
    // Categories are often written as numbers ("0", "1"): the same value without its quotes is meant.
    if (column.type === "category" && (typeof value === "number" || typeof value === "boolean"))
      return String(value);
    throw new InputError(column.name, value, expected);
  };
}

/** What a column takes, in words: the second half of "… must be …". */
export function expectation(column: InputColumn): string {
  switch (column.type) {
    case "int":
      return "a whole number";
    case "float":
      return "a number";
    case "boolean":
      return "true or false";
    case "date":
      return `a date written ${formatOf(column)}`;
    case "timestamp":
      return `a time written ${formatOf(column)}`;
    default:
      return "a text without NUL characters";
  }
}
