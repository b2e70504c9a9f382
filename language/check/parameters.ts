/** `param NAME: TYPE = DEFAULT { limits }`, and the values that templates, environments and `--set` give. */
import type { Block, Expression, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { type Constant, type ConstantSite, describeExpression, evaluateConstant } from "./constants.ts";
import { meantBy } from "./meant.ts";
import { type ParameterType, readParameterType } from "./parameter-types.ts";
import type { Reporter } from "./reporter.ts";
import type { Scope } from "./scope.ts";

export type { ParameterType } from "./parameter-types.ts";

/** What values of a parameter are refused, beyond those of another type. */
export interface Limits {
  readonly min: number | null;
  readonly max: number | null;
  readonly oneOf: readonly Constant[] | null;
}

export interface ParameterSpec {
  readonly name: string;
  readonly nameSpan: Span;
  readonly doc: string | null;
  /** Null when it is none that exists; that has been reported. */
  readonly type: ParameterType | null;
  readonly fallback: Expression | null;
  readonly limits: Limits;
  readonly span: Span;
}

const NO_LIMITS: Limits = { min: null, max: null, oneOf: null };

/** What reading a parameter takes. */
export interface ParameterContext {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
}

/** Reads `param NAME: TYPE = DEFAULT { … }`; `scalarOnly` in a file, where only the command line gives values. */
export function readParameterSpec(
  phrase: Phrase,
  name: Name,
  scalarOnly: boolean,
  scope: Scope,
  context: ParameterContext,
): ParameterSpec {
  const { vocabulary, reporter } = context;
  const at = { name: name.text, span: phrase.span };
  const type = readParameterType(phrase.variant, at, scalarOnly, vocabulary, scope, reporter);
  return {
    name: name.text,
    nameSpan: name.span,
    doc: phrase.doc,
    type,
    fallback: phrase.value,
    limits: phrase.block === null ? NO_LIMITS : readLimits(phrase.block, name.text, type, scope, context),
    span: phrase.span,
  };
}

const LIMITS = ["min", "max", "one_of"] as const;

function readLimits(
  block: Block,
  name: string,
  type: ParameterType | null,
  scope: Scope,
  { vocabulary, reporter }: ParameterContext,
): Limits {
  const found: { min: number | null; max: number | null; oneOf: Constant[] | null } = {
    ...NO_LIMITS,
    oneOf: null,
  };
  const what = `the parameter \`${name}\``;
  const constantOf = (expression: Expression): Constant | null => {
    const value = evaluateConstant(expression, constantSite(scope, vocabulary, reporter));
    if (value === "failed" || value === "unknown" || type === null) return null;
    if (value !== "none" && type.is === "scalar" && type.accepts(value)) return value;
    wrong(expression, name, type.expected, scope, reporter);
    return null;
  };
  for (const item of block.items) {
    if (item.kind !== "attribute" || item.path !== undefined) {
      const text = scope.source.lines.text.slice(item.span.start, item.span.end).split("\n")[0]!.slice(0, 40);
      reporter.say(
        "ML2029",
        { item: `\`${text}\``, where: what, wanted: "write `min = …`" },
        scope,
        item.span,
      );
    } else if (item.name.text === "min" || item.name.text === "max") {
      const value = constantOf(item.value);
      if (value?.is === "number") found[item.name.text] = value.value;
      else if (value !== null) wrong(item.value, name, "a number", scope, reporter);
    } else if (item.name.text === "one_of") {
      if (item.value.kind !== "list") wrong(item.value, "one_of", "a list, `[…]`", scope, reporter);
      else found.oneOf = item.value.items.map(constantOf).filter((value) => value !== null);
    } else {
      const { text, span } = item.name;
      const { values, extras } = meantBy(text, LIMITS, span, scope.source, vocabulary);
      reporter.say("ML2005", { ...values, attribute: text, what }, scope, span, extras);
    }
  }
  return found;
}

function wrong(
  expression: Expression,
  attribute: string,
  expected: string,
  scope: Scope,
  reporter: Reporter,
): void {
  const found = describeExpression(expression, scope.source);
  reporter.say("ML2014", { attribute, expected, found }, scope, expression.span);
}

/** Where a constant is evaluated: names are those of `scope`. */
const constantSite = (scope: Scope, vocabulary: Vocabulary, reporter: Reporter): ConstantSite => ({
  vocabulary,
  scope,
  report: (code, values, span, extras) => void reporter.say(code, values, scope, span, extras),
  in: (other) => constantSite(other, vocabulary, reporter),
});

/** What is wrong with a value under a parameter's limits: "must be at least 1, and is 0"; null when nothing is. */
function beyond(value: Constant, { min, max, oneOf }: Limits): string | null {
  const shown = (constant: Constant) =>
    constant.is === "number" && constant.unit === "ratio"
      ? `${constant.value * 100}%`
      : JSON.stringify(constant.value);
  const bound = (limit: number) => shown({ ...value, value: limit } as Constant); // of the value's own unit
  if (value.is === "number") {
    if (min !== null && value.value < min) return `must be at least ${bound(min)}, and is ${shown(value)}`;
    if (max !== null && value.value > max) return `must be at most ${bound(max)}, and is ${shown(value)}`;
  }
  if (oneOf === null || oneOf.some((each) => each.value === value.value)) return null;
  return `must be ${oneOf.map(shown).join(" or ")}, and is ${shown(value)}`;
}

/** The value of an expression given to a scalar parameter, in the scope where it is written; null, and said, when it does not fit. */
export function readGiven(
  expression: Expression,
  spec: ParameterSpec,
  scope: Scope,
  { vocabulary, reporter }: ParameterContext,
): Constant | "unknown" | null {
  const { type } = spec;
  if (type === null || type.is !== "scalar") return null;
  const value = evaluateConstant(expression, constantSite(scope, vocabulary, reporter));
  if (value === "failed") return null;
  if (value === "unknown") return "unknown";
  if (value === "none" || !type.accepts(value)) {
    wrong(expression, spec.name, type.expected, scope, reporter);
    return null;
  }
  const problem = beyond(value, spec.limits);
  if (problem === null) return value;
  reporter.say("ML2016", { attribute: spec.name, problem }, scope, expression.span);
  return null;
}

/** A value from the command line: text stays as it is typed, the rest is read as a literal with its unit. */
export function readTyped(
  text: string,
  spec: ParameterSpec,
  scope: Scope,
  { vocabulary, reporter }: ParameterContext,
): Constant | null {
  const { type, name } = spec;
  if (type === null || type.is !== "scalar") return null;
  const readings: Constant[] = [{ is: "text", value: text }];
  if (text === "true" || text === "false") readings.push({ is: "boolean", value: text === "true" });
  const number = /^(-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)([A-Za-z%]*)$/i.exec(text);
  const unit = number === null || number[2] === "" ? null : vocabulary.units[number[2]!];
  if (number !== null && unit !== undefined) {
    const digits = Number(number[1]!.replaceAll("_", ""));
    const value =
      unit === null || unit.factor >= 1 ? digits * (unit?.factor ?? 1) : digits / Math.round(1 / unit.factor);
    readings.push({ is: "number", value, unit: unit?.unit ?? "none" });
  }
  const value = readings.find((reading) => type.accepts(reading)) ?? null;
  const problem = value === null ? null : beyond(value, spec.limits);
  if (value !== null && problem === null) return value;
  reporter.say(
    "ML2043",
    { name, value: text, expected: problem === null ? type.expected : `a value that fits: it ${problem}` },
    scope,
    spec.span,
  );
  return null;
}
