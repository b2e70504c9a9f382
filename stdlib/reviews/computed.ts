/**
 * Whether an expression over rows can be computed: the types as the runtime has them, where booleans and times count
 * as numbers. The checker's own types let `any` pass; here nothing does.
 */
import { patternProblem } from "../../language/check/pattern.ts";
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { isMoment } from "./moment.ts";

/** `null`: the literal, which fits every type. */
export type Computed = "number" | "boolean" | "time" | "text" | "null";

export interface Computing {
  /** The type of a column; undefined for one that is not known. */
  column(name: string): Computed | undefined;
  /** Facts of the whole table may be read: `rows`, `mean(income)`. */
  readonly table: boolean;
}

/** Thrown inside, caught by `problemOf`. */
class Problem extends Error {}

export const computedType = (type: ColumnSchema["type"]): Computed => {
  if (type === "int" || type === "float") return "number";
  if (type === "boolean") return "boolean";
  return type === "date" || type === "timestamp" ? "time" : "text";
};

/** The type of the expression's values; `{problem}` ends "cannot be computed: …"; null where a column is not known. */
export function computed(
  expression: IrExpression,
  computing: Computing,
): Computed | { readonly problem: string } | null {
  if (columnsOf(expression).some((name) => computing.column(name) === undefined)) return null;
  try {
    return hasFact(expression) && computing.table
      ? tableType(expression, computing)
      : typeOf(expression, computing);
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

export const columnsOf = (expression: IrExpression): string[] =>
  expression.is === "column" ? [expression.name] : partsOf(expression).flatMap(columnsOf);

const OF_ONE_COLUMN = new Set(["nulls", "unique", "distinct", "min", "max", "mean", "median", "sum"]);

/** `min(a, b)` of two values is the row's, `min(a)` of one column the table's. */
function isFact(expression: IrExpression): boolean {
  if (expression.is === "name") return expression.name === "rows";
  if (expression.is !== "call") return false;
  if (expression.name === "share" || expression.name === "matches") return true;
  return (
    OF_ONE_COLUMN.has(expression.name) && expression.args.length === 1 && expression.args[0]!.is === "column"
  );
}

const hasFact = (expression: IrExpression): boolean =>
  isFact(expression) || partsOf(expression).some(hasFact);

/** A condition with a fact of the table: columns stand in facts only. */
function tableType(expression: IrExpression, computing: Computing): Computed {
  return typeOf(expression, computing, (inner) => {
    if (inner.is === "column") {
      throw new Problem(
        `\`${inner.name}\` is a column; say which of its values: \`min(${inner.name})\`, \`mean(${inner.name})\``,
      );
    }
    return isFact(inner) ? factType(inner, computing) : null;
  });
}

function factType(fact: IrExpression, computing: Computing): Computed {
  if (fact.is !== "call") return "number";
  const [first, second] = fact.args;
  if (fact.name === "share" && first !== undefined) {
    condition(typeOf(first, computing));
    return "number";
  }
  if (first?.is !== "column") throw new Problem(`\`${fact.name}\` takes a column`);
  const type = computing.column(first.name)!;
  if (fact.name === "matches") {
    if (second?.is !== "literal" || typeof second.value !== "string")
      throw new Problem("`matches` takes a pattern in quotes");
    const problem = patternProblem(second.value);
    if (problem !== null) throw new Problem(`the pattern \`${second.value}\` ${problem}`);
    return "boolean";
  }
  if (fact.name === "min" || fact.name === "max") return type;
  if (["mean", "median", "sum"].includes(fact.name) && type === "text")
    throw new Problem(`\`${first.name}\` is text, which has no ${fact.name}`);
  return fact.name === "unique" ? "boolean" : "number";
}

const TABLE_ONLY = new Set(["nulls", "unique", "distinct", "mean", "median", "sum", "share", "matches"]);

type Own = (inner: IrExpression) => Computed | null;

function typeOf(expression: IrExpression, computing: Computing, own: Own = () => null): Computed {
  const known = own(expression);
  if (known !== null) return known;
  const of = (inner: IrExpression): Computed => typeOf(inner, computing, own);
  switch (expression.is) {
    case "literal":
      return literal(expression.value);
    case "column":
      return computing.column(expression.name)!;
    case "unary":
      if (expression.op === "not") return condition(of(expression.operand));
      return number(of(expression.operand));
    case "binary":
      return binary(expression, of);
    case "if":
      condition(of(expression.condition));
      return both(expression.then, expression.else, of);
    case "call":
      return call(expression.name, [...expression.args, ...Object.values(expression.named)], of);
    default:
      throw new Problem(
        expression.is === "name" ? `\`${expression.name}\` has no value in a row` : "a list has no value",
      );
  }
}

const literal = (value: string | number | boolean | null): Computed => {
  if (value === null) return "null";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
};

function number(type: Computed): Computed {
  if (type === "text") throw new Problem("text stands where a number belongs");
  return "number";
}

function condition(type: Computed): Computed {
  if (type === "text") throw new Problem("text stands where a condition belongs");
  return "boolean";
}

function text(type: Computed): Computed {
  if (type !== "text" && type !== "null")
    throw new Problem("a number, a date or true or false stands where text belongs");
  return "text";
}

type Of = (inner: IrExpression) => Computed;

/** The one type of two values side by side; a date in quotes beside a date or time is that moment. */
function both(left: IrExpression, right: IrExpression, of: Of): Computed {
  const [a, b] = [of(left), of(right)];
  if (a === b || b === "null") return a;
  if (a === "null") return b;
  for (const [time, other] of [
    [a, right],
    [b, left],
  ] as const) {
    if (time !== "time" || other.is !== "literal" || typeof other.value !== "string") continue;
    if (isMoment(other.value)) return "time";
    throw new Problem(`\`"${other.value}"\` is no date: write it as \`"2024-12-31"\``);
  }
  if (a === "text" || b === "text")
    throw new Problem(`text stands beside ${a === "text" ? SAID[b] : SAID[a]}`);
  return "number";
}

const SAID: Readonly<Record<Computed, string>> = {
  number: "a number",
  boolean: "true or false",
  time: "a date or time",
  text: "text",
  null: "nothing",
};

function binary(expression: Extract<IrExpression, { is: "binary" }>, of: Of): Computed {
  const { op, left, right } = expression;
  if (op === "in") {
    for (const item of right.is === "list" ? right.items : []) both(left, item, of);
    return "boolean";
  }
  if (op === "and" || op === "or") {
    condition(of(left));
    return condition(of(right));
  }
  if (["+", "-", "*", "/"].includes(op)) {
    // Each side is asked once: twice at each of many signs in a row would be asked for ever.
    const type = of(left);
    if (op === "+" && type === "text" && of(right) === "text") return "text";
    number(type);
    return number(of(right));
  }
  both(left, right, of);
  return "boolean";
}

const TEXTUAL: Readonly<Record<string, Computed>> = {
  lower: "text",
  upper: "text",
  trim: "text",
  length: "number",
  contains: "boolean",
  starts_with: "boolean",
  ends_with: "boolean",
};

function call(name: string, args: readonly IrExpression[], of: Of): Computed {
  const [first, ...rest] = args;
  if (name === "coalesce" && first !== undefined) {
    // From the left, as they are tried; `null` gives way to what follows.
    return rest.reduce<Computed>(
      (type, arg) => (type === "null" ? of(arg) : typeBeside(type, arg, of)),
      of(first),
    );
  }
  if (TABLE_ONLY.has(name)) throw new Problem(`\`${name}\` is of all rows, and here one row is looked at`);
  const types = args.map(of);
  if (Object.hasOwn(TEXTUAL, name)) {
    for (const type of types) text(type);
    return TEXTUAL[name]!;
  }
  if (name === "concat" || name === "text") return "text";
  if (name === "is_missing") return "boolean";
  if (name === "number") return "number";
  for (const type of types) number(type);
  return "number";
}

/** `both` where the left side is a type already. */
function typeBeside(type: Computed, arg: IrExpression, of: Of): Computed {
  const placeholder: IrExpression = { is: "name", name: "", path: [] };
  return both(placeholder, arg, (inner) => (inner === placeholder ? type : of(inner)));
}
