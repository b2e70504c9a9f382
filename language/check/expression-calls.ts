/** Calls of functions in expressions. */
import type { IrExpression } from "../ir/expression.ts";
import type { Argument, Call, Expression } from "../syntax/tree.ts";
import type { FunctionSpec, ValueType } from "../vocabulary/kind.ts";
import { evaluateConstant } from "./constants.ts";
import { renamed } from "./deprecated.ts";
import { functionsIn } from "./expression-names.ts";
import { type ExpressionScope, type Inferred, inferAs } from "./expression-types.ts";
import { reportUnknown } from "./messages.ts";
import { listed } from "./suggest.ts";
import { bareName } from "./symbols.ts";

type Parameter = FunctionSpec["parameters"][number];

/** The parameter for the argument at `index`; a variadic function repeats its last. */
function parameterAt(spec: FunctionSpec, index: number): Parameter | undefined {
  return spec.parameters[index] ?? (spec.variadic === true ? spec.parameters.at(-1) : undefined);
}

function fits(spec: FunctionSpec, count: number): boolean {
  const required = spec.parameters.filter((parameter) => parameter.optional !== true).length;
  return count >= required && (spec.variadic === true || count <= spec.parameters.length);
}

function arity(spec: FunctionSpec): string {
  const required = spec.parameters.filter((parameter) => parameter.optional !== true).length;
  const most = spec.parameters.length;
  const plural = (count: number) => `${count} argument${count === 1 ? "" : "s"}`;
  if (spec.variadic === true) return `takes ${plural(required)} at least`;
  return required === most
    ? `takes ${most === 0 ? "no arguments" : plural(most)}`
    : `takes ${required} to ${plural(most)}`;
}

export function inferCall(call: Call, scope: ExpressionScope): Inferred | null {
  const { site } = scope;
  const name = bareName(call.callee);
  if (name === null) {
    site.report(
      "ML2036",
      { of: "a call", wanted: "begins with a function's name", found: "" },
      call.callee.span,
    );
    return null;
  }
  const functions = functionsIn(site.vocabulary, scope.scope);
  const known = functions.map((spec) => spec.name);
  const called = renamed(name, "function", known, site);
  const named = functions.filter((spec) => spec.name === called);
  const spec = named.find((candidate) => fits(candidate, call.arguments.length)) ?? named[0];
  if (spec === undefined) {
    const elsewhere = Object.values(site.vocabulary.functions).find((other) => other.name === name.text);
    const where = { row: "rows", table: "`expect` rules", metrics: "gates" } as const;
    if (elsewhere === undefined) reportUnknown(site, "ML2038", name, known, { function: name.text });
    else site.report("ML2039", { function: name.text, where: where[elsewhere.scope] }, name.span);
    return null;
  }
  if (!fits(spec, call.arguments.length)) {
    site.report("ML2021", { of: spec.name, problem: arity(spec) }, call.span, {
      help: `Such as \`${spec.example}\`.`,
    });
    return null;
  }
  if (spec.members === "metrics") {
    site.report("ML2032", { name: site.source.lines.text.slice(call.span.start, call.span.end) }, call.span);
    return null;
  }
  return inferArguments(call, spec, [], scope);
}

/** Reads the arguments of a call whose function is known; `path` is what follows its result's dot. */
export function inferArguments(
  call: Call,
  spec: FunctionSpec,
  path: readonly string[],
  scope: ExpressionScope,
): Inferred | null {
  const args: IrExpression[] = [];
  const types: ValueType[] = [];
  for (const [index, argument] of call.arguments.entries()) {
    const parameter = parameterOf(argument, index, spec, scope);
    if (parameter === null || argument.value === null) return null;
    const place = spec.parameters.indexOf(parameter);
    const read = inferArgument(argument, parameter, spec, scope);
    if (read === null) return null;
    // Named arguments go to their places, so that both spellings mean the same.
    args[argument.name === null ? index : place] = read.ir;
    types.push(read.type);
  }
  if (spec.parameters.length === 0) return { ir: { is: "name", name: spec.name, path }, type: spec.result };
  // A function of any value gives what it is given: `coalesce(a, b)`, `min(a, b)`.
  const type = spec.result === "any" ? (types.find((given) => given !== "any") ?? "any") : spec.result;
  return { ir: { is: "call", name: spec.name, args: Array.from(args), named: {}, path }, type };
}

function parameterOf(
  argument: Argument,
  index: number,
  spec: FunctionSpec,
  scope: ExpressionScope,
): Parameter | null {
  if (argument.name === null) return parameterAt(spec, index) ?? null;
  const found = spec.parameters.find((parameter) => parameter.name === argument.name?.text);
  if (found !== undefined) return found;
  const known = spec.parameters.map((parameter) => parameter.name);
  reportUnknown(scope.site, "ML2023", argument.name, known, { of: spec.name, argument: argument.name.text });
  return null;
}

/** `ngram(5)`; undefined when it is no such word, null when its number is wrong, which has been said. */
function countedWord(
  value: Expression,
  parameter: Parameter,
  { site }: ExpressionScope,
): Inferred | null | undefined {
  const name = value.kind === "call" ? bareName(value.callee) : null;
  if (value.kind !== "call" || name === null || parameter.counted === undefined) return undefined;
  const spec = Object.hasOwn(parameter.counted, name.text) ? parameter.counted[name.text] : undefined;
  if (spec === undefined) return undefined;
  const [argument, ...more] = value.arguments;
  const constant =
    argument?.value == null || argument.name !== null || more.length > 0
      ? "none"
      : evaluateConstant(argument.value, site);
  if (constant === "failed" || constant === "unknown") return null;
  if (constant !== "none" && constant.is === "number" && Number.isInteger(constant.value)) {
    if (constant.value >= spec.min && constant.value <= spec.max)
      return { ir: { is: "name", name: `${name.text}(${constant.value})`, path: [] }, type: "any" };
  }
  const problem = `takes one whole number, ${spec.min} to ${spec.max}`;
  site.report("ML2021", { of: name.text, problem }, value.span);
  return null;
}

function inferArgument(
  argument: Argument,
  parameter: Parameter,
  spec: FunctionSpec,
  scope: ExpressionScope,
): Inferred | null {
  const { site } = scope;
  const value = argument.value!;
  if (value.kind === "missing") return null;
  if (parameter.words !== undefined) {
    const word = bareName(value);
    if (word !== null && Object.hasOwn(parameter.words, word.text)) {
      return { ir: { is: "name", name: word.text, path: [] }, type: "any" };
    }
    const counted = countedWord(value, parameter, scope);
    if (counted !== undefined) return counted;
    const known = [
      ...Object.keys(parameter.words),
      ...Object.keys(parameter.counted ?? {}).map((name) => `${name}(n)`),
    ];
    if (word !== null) reportUnknown(site, "ML2018", word, known, { attribute: spec.name, word: word.text });
    else site.report("ML2021", { of: spec.name, problem: `takes ${listed(known)}` }, value.span);
    return null;
  }
  if (parameter.type !== "column") return inferAs(value, parameter.type, `\`${spec.name}\``, scope);
  const read = inferAs(value, "any", `\`${spec.name}\``, scope);
  if (read === null) return null;
  if (read.ir.is !== "column") {
    site.report("ML2021", { of: spec.name, problem: "takes a column's name" }, value.span);
    return null;
  }
  return read;
}
