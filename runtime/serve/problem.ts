/** What is wrong with a request: each bad field with its value and what was expected, safe to show. */
import type { InputColumn } from "../portable/form.ts";

/** One thing wrong. `value` is absent where there is none to show, and `"[redacted]"` in redacted columns. */
export interface Problem {
  /** Place in the batch from 0; null for a single object. */
  readonly row: number | null;
  readonly field: string | null;
  readonly value?: string | number | boolean | null;
  readonly expected: string;
  readonly message: string;
}

/** Collects problems of one request; beyond the limit they are only counted. */
export class Problems {
  readonly list: Problem[] = [];
  count = 0;

  /** No further problem will be shown: `skip` counts it without its being worded. */
  get full(): boolean {
    return this.list.length >= SHOWN;
  }

  add(problem: Problem): void {
    this.count++;
    if (!this.full) this.list.push(problem);
  }

  skip(): void {
    this.count++;
  }
}

const SHOWN = 100;
const LONGEST = 100;

/** An answer with a 4xx status: thrown while a request is read, written by the route's own error form. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly problems: Problems | null;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    problems: Problems | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "RequestRefused";
    this.status = status;
    this.problems = problems;
    this.headers = headers;
  }
}

/** The body of every refusal on the deployment's own route. */
export interface ErrorBody {
  readonly error: {
    readonly status: number;
    readonly message: string;
    readonly problems?: readonly Problem[];
    /** How many problems there are in all, when not all are listed. */
    readonly total?: number;
  };
}

export function errorBody(status: number, message: string, problems: Problems | null = null): ErrorBody {
  if (problems === null) return { error: { status, message } };
  return {
    error: {
      status,
      message,
      problems: problems.list,
      ...(problems.count > problems.list.length ? { total: problems.count } : {}),
    },
  };
}

/** One line that names the first problem and how many more there are. */
export function headline(problems: Problems): string {
  const first = problems.list[0];
  if (first === undefined) return "The request is wrong.";
  const more = problems.count - 1;
  return more === 0 ? first.message : `${first.message} (and ${more} more)`;
}

/** A value as an error may show it: short, and no whole objects. */
export function shown(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  return Array.isArray(value) ? "an array" : "an object";
}

/** The same as part of a sentence. */
export function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(shown(value)) : String(shown(value));
}

/**
 * What a column accepts, in words: `a whole number from 0 to 120, or null`.
 * @param nul says that a NUL character is what is wrong
 */
export function expectation(column: InputColumn, nul = false): string {
  const or = column.nullable ? ", or null" : "";
  if (column.values !== null) return `one of ${column.values.map((v) => JSON.stringify(v)).join(", ")}${or}`;
  return `${NOUNS[column.type]}${nul ? " without NUL" : ""}${format(column)}${range(column)}${or}`;
}

const NOUNS: Readonly<Record<InputColumn["type"], string>> = {
  int: "a whole number",
  float: "a number",
  boolean: "true or false",
  category: "a string",
  string: "a string",
  text: "a string",
  date: "a date",
  timestamp: "a time",
};

function format(column: InputColumn): string {
  if (column.type !== "date" && column.type !== "timestamp") return "";
  if (column.format !== null) return ` in the form ${column.format}`;
  return column.type === "date" ? " such as 2026-01-31" : " such as 2026-01-31T12:00:00Z";
}

function range({ min, max }: InputColumn): string {
  if (min !== null && max !== null) return ` from ${min} to ${max}`;
  if (min !== null) return `, at least ${min}`;
  return max !== null ? `, at most ${max}` : "";
}
