/** Random expressions over columns: most are of the type asked for, some are not. */
import type { Choices } from "./choices.ts";
import { type PoolColumn, spelt } from "./columns.ts";

type Kind = "number" | "text" | "boolean" | "time";

const KINDS: Readonly<Record<PoolColumn["type"], Kind>> = {
  int: "number",
  float: "number",
  boolean: "boolean",
  category: "text",
  string: "text",
  text: "text",
  date: "time",
  timestamp: "time",
};

export interface Known {
  readonly name: string;
  readonly kind: Kind;
}

export const knownOf = (columns: readonly PoolColumn[]): Known[] =>
  columns.map(({ name, type }) => ({ name, kind: KINDS[type] }));

const LITERALS: Readonly<Record<Kind, readonly string[]>> = {
  number: ["1", "0", "2.5", "-3", "50%", "1e3"],
  text: ['"north"', '"a"', '"x y"', '""'],
  boolean: ["true", "false"],
  time: ['"2024-02-01"', '"2024-02-01T10:00:00Z"'],
};
const ODD_LITERALS = ['"text"', "3", "null", "true", '"March 7, 2024"'];

export function expression(choose: Choices, columns: readonly Known[], kind: Kind, depth: number): string {
  const wanted = choose.odd<Kind>([kind], ["number", "text", "boolean", "time"]);
  const named = columns.filter((column) => column.kind === wanted).map((column) => spelt(column.name));
  // A date in quotes is one only beside a column of dates.
  const literals = choose.odd(wanted === "time" && named.length > 0 ? named : LITERALS[wanted], ODD_LITERALS);
  const leaf = () => (named.length > 0 && !choose.chance(3) ? choose.pick(named) : literals);
  if (depth === 0 || choose.chance(3)) return leaf();
  const inner = (of: Kind) => expression(choose, columns, of, depth - 1);
  return choose.pick(FORMS[wanted])(inner, choose);
}

type Form = (inner: (of: Kind) => string, choose: Choices) => string;

const compared: Form = (inner, choose) =>
  `(${inner("number")} ${choose.pick([">", "<", ">=", "<=", "==", "!="])} ${inner("number")})`;

const FORMS: Readonly<Record<Kind, readonly Form[]>> = {
  number: [
    (inner, choose) => `(${inner("number")} ${choose.pick(["+", "-", "*", "/"])} ${inner("number")})`,
    (inner) => `-${inner("number")}`,
    (inner, choose) =>
      `${choose.pick(["abs", "floor", "ceil", "sqrt", "ln", "log10", "exp"])}(${inner("number")})`,
    (inner, choose) => `round(${inner("number")}, ${choose.pick(["0", "1", "2"])})`,
    (inner) => `pow(${inner("number")}, 2)`,
    (inner, choose) => `${choose.pick(["min", "max"])}(${inner("number")}, ${inner("number")}, 3)`,
    (inner) => `clip(${inner("number")}, 0, 10)`,
    (inner) => `coalesce(${inner("number")}, 0)`,
    (inner) => `length(${inner("text")})`,
    (inner, choose) => `${choose.pick(["year", "month", "day", "weekday", "hour"])}(${inner("time")})`,
    (inner) => `days_between(${inner("time")}, ${inner("time")})`,
    (inner, choose) => `coalesce(number(${inner(choose.pick(["text", "boolean", "number", "time"]))}), 0)`,
    (inner) => `(if ${inner("boolean")} then ${inner("number")} else ${inner("number")})`,
  ],
  text: [
    (inner, choose) => `${choose.pick(["lower", "upper", "trim"])}(${inner("text")})`,
    (inner, choose) =>
      `concat(${inner("text")}, ${inner(choose.pick(["text", "number", "boolean", "time"]))})`,
    (inner) => `(${inner("text")} + ${inner("text")})`,
    (inner) => `coalesce(${inner("text")}, "none")`,
    (inner, choose) => `text(${inner(choose.pick(["number", "boolean", "time", "text"]))})`,
    (inner) => `(if ${inner("boolean")} then ${inner("text")} else ${inner("text")})`,
  ],
  boolean: [
    compared,
    (inner) => `(lower(${inner("text")}) == ${inner("text")})`,
    (inner, choose) => `(${inner("time")} ${choose.pick([">=", "<", "=="])} ${inner("time")})`,
    (inner, choose) => `(${inner("boolean")} ${choose.pick(["and", "or", "==", "!="])} ${inner("boolean")})`,
    (inner) => `(not ${inner("boolean")})`,
    (inner) => `(${inner("number")} in [1, 2, 3])`,
    (inner) => `(upper(${inner("text")}) in ["a", "north"])`,
    (inner) => `(${inner("number")} in 1..10)`,
    (inner, choose) => `is_missing(${inner(choose.pick(["number", "text", "boolean", "time"]))})`,
    (inner, choose) => `${choose.pick(["contains", "starts_with", "ends_with"])}(${inner("text")}, "no")`,
    (inner, choose) => `(trim(${inner("text")}) in ${choose.odd(['["a"]'], ["[]", "[null]"])})`,
  ],
  time: [
    (inner) => `coalesce(${inner("time")}, ${inner("time")})`,
    (inner) => `(if ${inner("boolean")} then ${inner("time")} else ${inner("time")})`,
  ],
};
