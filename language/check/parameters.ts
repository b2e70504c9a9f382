/** `param NAME: TYPE = DEFAULT`, and the values that `--set` gives. */

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Expression, Phrase, Span } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { type Constant, describeExpression, evaluateConstant, UNIT_EXAMPLES } from "./constants.ts";
import { diagnose, replaceWith, type Source } from "./source.ts";
import { listed, nearest } from "./suggest.ts";
import { bareName } from "./symbols.ts";

interface ParameterType {
  readonly expected: string;
  accepts(value: Constant): boolean;
}

const numeric = (
  unit: "none" | "ratio" | "duration" | "size",
  expected = UNIT_EXAMPLES[unit],
): ParameterType => ({
  expected,
  accepts: (value) =>
    value.is === "number" &&
    (value.unit === unit || (value.unit === "none" && (unit === "ratio" || value.value === 0))),
});
const textual: ParameterType = { expected: "text in quotes", accepts: (value) => value.is === "text" };

export const PARAMETER_TYPES: Readonly<Record<string, ParameterType>> = {
  int: {
    expected: "a whole number",
    accepts: (value) => value.is === "number" && value.unit === "none" && Number.isSafeInteger(value.value),
  },
  float: numeric("none"),
  ratio: numeric("ratio"),
  duration: numeric("duration"),
  size: numeric("size"),
  string: textual,
  text: textual,
  boolean: { expected: "`true` or `false`", accepts: (value) => value.is === "boolean" },
};

/** A value from the command line: text stays as it is typed, the rest is read as a literal with its unit. */
function fromCommandLine(text: string, type: ParameterType, vocabulary: Vocabulary): Constant | null {
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
  return readings.find((reading) => type.accepts(reading)) ?? null;
}

/** Reads a parameter's value: the one of `--set`, else its default. Null when there is none to use. */
export function readParameter(
  phrase: Phrase,
  name: string,
  set: string | undefined,
  source: Source,
  vocabulary: Vocabulary,
  diagnostics: Diagnostic[],
): Constant | null {
  const report = (code: string, values: Readonly<Record<string, string>>, span: Span, extras = {}) =>
    void diagnostics.push(diagnose(code, values, source, span, extras));
  const word = bareName(phrase.variant);
  const type = word === null ? undefined : PARAMETER_TYPES[word.text];
  if (type === undefined) {
    const near = word === null ? null : nearest(word.text, Object.keys(PARAMETER_TYPES), vocabulary.synonyms);
    const values = {
      name,
      known: listed(Object.keys(PARAMETER_TYPES), "and"),
      near: near === null ? "" : `; did you mean \`${near}\`?`,
    };
    report(
      "ML2041",
      values,
      phrase.variant?.span ?? phrase.span,
      near === null ? {} : { fixes: replaceWith(source, phrase.variant!.span, near) },
    );
    return null;
  }
  const fallback =
    phrase.value === null ? null : defaultOf(phrase.value, name, type, source, vocabulary, report);
  if (set === undefined) {
    if (phrase.value === null) report("ML2042", { name }, phrase.span);
    return fallback;
  }
  const value = fromCommandLine(set, type, vocabulary);
  if (value === null) report("ML2043", { name, value: set, expected: type.expected }, phrase.span);
  return value;
}

function defaultOf(
  expression: Expression,
  name: string,
  type: ParameterType,
  source: Source,
  vocabulary: Vocabulary,
  report: (code: string, values: Readonly<Record<string, string>>, span: Span) => void,
): Constant | null {
  const value = evaluateConstant(expression, { vocabulary, source, parameter: () => undefined, report });
  if (value === "failed") return null;
  if (value !== "none" && type.accepts(value)) return value;
  report(
    "ML2014",
    { attribute: name, expected: type.expected, found: describeExpression(expression, source) },
    expression.span,
  );
  return null;
}
