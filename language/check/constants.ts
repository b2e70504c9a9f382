/** Values known while checking: literals with their units, parameters, and arithmetic on them. */
import type { Expression, NumberLiteral, Span } from "../syntax/tree.ts";
import type { UnitSpec, Vocabulary } from "../vocabulary/kind.ts";
import type { Unit } from "../vocabulary/types.ts";
import type { Scope } from "./scope.ts";
import { type Extras, replaceWith, type Source } from "./source.ts";
import { listed, nearest } from "./suggest.ts";

export type Constant =
  | { readonly is: "number"; readonly value: number; readonly unit: Unit }
  | { readonly is: "text"; readonly value: string }
  | { readonly is: "boolean"; readonly value: boolean }
  | { readonly is: "null"; readonly value: null };

export interface ConstantSite {
  readonly vocabulary: Vocabulary;
  /** Where names are looked up. */
  readonly scope: Scope;
  report(code: string, values: Readonly<Record<string, string>>, span: Span, extras?: Extras): void;
  /** The same place, with names looked up elsewhere: where a constant or an argument is written. */
  in(scope: Scope): ConstantSite;
}

/**
 * `failed`: reported; `none`: not a constant at all (the caller says what it expected); `unknown`: it depends on a
 * parameter of a template that is read on its own.
 */
export type Evaluated = Constant | "failed" | "none" | "unknown";

export const UNIT_EXAMPLES: Readonly<Record<Unit, string>> = {
  none: "a number",
  ratio: "a ratio such as `80%`",
  duration: "a duration such as `30s`, `5m` or `7d`",
  size: "a size such as `64KB` or `10MB`",
  money: "an amount such as `25USD`",
};

function unitOf(literal: NumberLiteral, site: ConstantSite): UnitSpec | null | "failed" {
  if (literal.unit === null) return null;
  const spec = site.vocabulary.units[literal.unit];
  if (spec !== undefined) return spec;
  const near = nearest(literal.unit, Object.keys(site.vocabulary.units), site.vocabulary.synonyms);
  const span = { start: literal.span.end - literal.unit.length, end: literal.span.end };
  site.report(
    "ML2015",
    {
      unit: literal.unit,
      known: listed(Object.keys(site.vocabulary.units), "and", 20),
      near: near === null ? "" : `; did you mean \`${near}\`?`,
    },
    span,
    near === null ? {} : { fixes: replaceWith(site.scope.source, span, near) },
  );
  return "failed";
}

/** A decimal factor applied without a binary rounding of its own: `15%` is 0.15, not 0.15000000000000002. */
const scaled = (value: number, factor: number): number =>
  factor >= 1 ? value * factor : value / Math.round(1 / factor);

/** Evaluates literals, parameters and arithmetic on them. */
export function evaluateConstant(expression: Expression, site: ConstantSite): Evaluated {
  switch (expression.kind) {
    case "missing":
      return "failed";
    case "number": {
      const unit = unitOf(expression, site);
      if (unit === "failed") return "failed";
      if (unit === null) return { is: "number", value: expression.value, unit: "none" };
      return { is: "number", value: scaled(expression.value, unit.factor), unit: unit.unit };
    }
    case "string":
      return { is: "text", value: expression.value };
    case "boolean":
      return { is: "boolean", value: expression.value };
    case "null":
      return { is: "null", value: null };
    case "reference":
      return expression.name.quoted ? "none" : constantNamed(expression.name.text, site);
    case "unary": {
      const operand = evaluateConstant(expression.operand, site);
      if (typeof operand === "string") return operand;
      if (expression.operator === "-" && operand.is === "number")
        return { ...operand, value: 0 - operand.value };
      if (expression.operator === "not" && operand.is === "boolean")
        return { is: "boolean", value: !operand.value };
      return "none";
    }
    case "binary": {
      const left = evaluateConstant(expression.left, site);
      if (typeof left === "string") return left;
      const right = evaluateConstant(expression.right, site);
      if (typeof right === "string") return right;
      return combine(expression.operator, left, right);
    }
    default:
      return "none";
  }
}

/** The value that a name stands for: a parameter's, a constant's or an argument's. */
function constantNamed(name: string, site: ConstantSite): Evaluated {
  const symbol = site.scope.lookup(name);
  if (symbol?.is === "parameter") return symbol.value ?? "failed";
  if (symbol?.is !== "constant" && symbol?.is !== "argument") return "none";
  const { bound } = symbol;
  if (bound.is !== "expression") return bound.is;
  const known = values.get(bound);
  if (known !== undefined) return known;
  // What is wrong with it is said where it is written.
  const value = evaluateConstant(bound.expression, site.in(bound.scope));
  // Each place that uses what is wrong is told.
  if (value !== "failed") values.set(bound, value);
  return value;
}

/** Constants that each name another twice would be read a number of times that doubles with each of them. */
const values = new WeakMap<object, Evaluated>();

function combine(operator: string, left: Constant, right: Constant): Constant | "none" {
  if (left.is === "text" && right.is === "text" && operator === "+") {
    return { is: "text", value: left.value + right.value };
  }
  if (left.is !== "number" || right.is !== "number") return "none";
  const unit = left.unit === "none" ? right.unit : left.unit;
  const alike = left.unit === right.unit;
  switch (operator) {
    case "+":
      return alike ? { is: "number", value: left.value + right.value, unit } : "none";
    case "-":
      return alike ? { is: "number", value: left.value - right.value, unit } : "none";
    case "*":
      return alike && unit !== "none" && unit !== "ratio"
        ? "none"
        : { is: "number", value: left.value * right.value, unit };
    case "/":
      if (right.value === 0) return "none";
      if (alike) return { is: "number", value: left.value / right.value, unit: "none" };
      return right.unit === "none" ? { is: "number", value: left.value / right.value, unit } : "none";
    default:
      return "none";
  }
}

/** "the number 4.5", "the text \"abc\"", "`loans.train`": what stands in the spec, for messages. */
export function describeExpression(expression: Expression, source: Source): string {
  const text = source.lines.text.slice(expression.span.start, expression.span.end);
  const short = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  switch (expression.kind) {
    case "string":
      return `the text ${short}`;
    case "number":
      return `the number ${short}`;
    case "list":
      return "a list";
    default:
      return `\`${short}\``;
  }
}
