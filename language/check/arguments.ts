/** Binds the parameters of a template, or of a declaration with parameters, to what one use gives them. */
import type { Argument, Expression } from "../syntax/tree.ts";
import { describeExpression } from "./constants.ts";
import type { GivenArguments } from "./given.ts";
import { meantBy } from "./meant.ts";
import { type ParameterType, readParameterType } from "./parameter-types.ts";
import { type ParameterContext, type ParameterSpec, readGiven } from "./parameters.ts";
import { resolvePath } from "./paths.ts";
import { reportReserved } from "./reserved.ts";
import type { Scope } from "./scope.ts";
import { sizedBy } from "./sizes.ts";
import { related } from "./source.ts";
import {
  type AnySymbol,
  type Bound,
  bareName,
  describeSymbol,
  type GenericSymbol,
  type TemplateSymbol,
} from "./symbols.ts";

/** `(judged: evaluation, min: ratio = 80%)` */
export function readArgumentSpecs(
  args: readonly Argument[],
  scope: Scope,
  { vocabulary, reporter }: ParameterContext,
): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  for (const argument of args) {
    const name = argument.name ?? bareName(argument.value);
    if (name === null) {
      const text = scope.source.lines.text.slice(argument.span.start, argument.span.end);
      if (argument.value?.kind !== "missing")
        reporter.say("ML2052", { parameter: text }, scope, argument.span);
      continue;
    }
    reportReserved(name, scope, vocabulary, reporter);
    const first = specs.find((other) => other.name === name.text);
    if (first !== undefined) {
      reporter.say("ML2013", { name: name.text, other: `the parameter \`${name.text}\`` }, scope, name.span, {
        related: [related(scope.source, first.nameSpan, "first declared here")],
      });
      continue;
    }
    const at = { name: name.text, span: argument.span };
    if (argument.type === null) reporter.say("ML2052", { parameter: name.text }, scope, argument.span);
    specs.push({
      name: name.text,
      nameSpan: name.span,
      doc: null,
      type: argument.type && readParameterType(argument.type, at, false, vocabulary, scope, reporter),
      fallback: argument.name === null ? null : argument.value,
      limits: { min: null, max: null, oneOf: null },
      span: argument.span,
    });
  }
  return specs;
}

/** Declares every parameter in the scope of one use; `given` null: the template is read on its own. */
export function bindParameters(
  symbol: TemplateSymbol | GenericSymbol,
  given: GivenArguments | null,
  caller: Scope,
  inside: Scope,
  context: ParameterContext,
): void {
  for (const spec of symbol.parameters) {
    const { name, nameSpan, type, fallback } = spec;
    const expression = given?.get(name);
    // A default may name the parameters before it.
    const written = expression === undefined ? fallback : expression;
    const scope = expression === undefined ? inside : caller;
    let bound: Bound;
    if (given === null) {
      bound = { is: "unknown", type };
      if (fallback !== null) bindOne(fallback, spec, inside, context);
    } else if (type === null || written === null) bound = { is: "failed" };
    else bound = bindOne(written, spec, scope, context);
    inside.own.set(name, {
      is: "argument",
      name,
      nameSpan,
      phrase: symbol.phrase,
      source: symbol.source,
      bound,
    });
  }
}

function bindOne(
  expression: Expression,
  spec: ParameterSpec,
  scope: Scope,
  context: ParameterContext,
): Bound {
  if (spec.type === null) return { is: "failed" };
  // A size is a whole number too, and known only when its tokenizer has run.
  if (spec.type.name === "int" && sizedBy(expression, scope) !== null)
    return { is: "expression", expression, scope };
  if (spec.type.is === "scalar") {
    const value = readGiven(expression, spec, scope, context);
    if (value === null) return { is: "failed" };
    return value === "unknown" ? { is: "unknown", type: spec.type } : { is: "expression", expression, scope };
  }
  return accepts(expression, spec.type, spec.name, scope, context)
    ? { is: "expression", expression, scope }
    : { is: "failed" };
}

/** Whether an expression is what a parameter takes; says so when it is not. */
function accepts(
  expression: Expression,
  type: ParameterType,
  name: string,
  scope: Scope,
  context: ParameterContext,
): boolean {
  const { reporter, vocabulary } = context;
  const refuse = (found: string) => {
    reporter.say("ML2014", { attribute: name, expected: type.expected, found }, scope, expression.span);
    return false;
  };
  if (expression.kind === "missing") return false;
  if (type.is === "list") {
    if (expression.kind === "list")
      return expression.items.map((item) => accepts(item, type.of, name, scope, context)).every(Boolean);
    return (
      throughName(expression, scope, (inner, at) => accepts(inner, type, name, at, context), type) ??
      refuse(describeExpression(expression, scope.source))
    );
  }
  if (type.is === "scalar") {
    const limits = { min: null, max: null, oneOf: null };
    const spec = {
      name,
      nameSpan: expression.span,
      doc: null,
      type,
      fallback: null,
      limits,
      span: expression.span,
    };
    return readGiven(expression, spec, scope, context) !== null;
  }
  if (type.is === "column") {
    const taken = throughName(
      expression,
      scope,
      (inner, at) => accepts(inner, type, name, at, context),
      type,
    );
    return taken ?? (bareName(expression) !== null || refuse(describeExpression(expression, scope.source)));
  }
  const call = expression.kind === "call" ? bareName(expression.callee) : null;
  const callee = call === null ? undefined : scope.lookup(call.text);
  if (callee?.is === "generic" && type.is === "kind")
    return callee.kindName === type.name || refuse(describeSymbol(callee));
  const path = resolvePath(expression, scope);
  if (path === null) return refuse(describeExpression(expression, scope.source));
  if (path.is === "failed") return false;
  if (path.is === "open") {
    const bound = path.symbol.bound;
    return bound.is !== "unknown" || bound.type?.name === type.name || refuse(describeSymbol(path.symbol));
  }
  if (path.is === "unknown") {
    const wanted = type.is === "kind" ? type.name : "secret";
    const fits = (other: AnySymbol) =>
      other.is === "declaration" ? other.kindName === wanted : other.is === wanted;
    const { name, scope: at } = path.at;
    const known =
      path.within === null
        ? path.scope.names(fits)
        : [...path.scope.own].filter(([, other]) => fits(other)).map(([member]) => member);
    const { values, extras } = meantBy(name.text, known, name.span, at.source, vocabulary);
    const what = path.within === null ? "" : describeSymbol(path.within);
    const code = path.within === null ? "ML2008" : "ML2062";
    reporter.say(code, { ...values, name: name.text, wanted, what }, at, name.span, extras);
    return false;
  }
  const { symbol } = path;
  const right =
    symbol.is === "declaration" ? type.is === "kind" && symbol.kindName === type.name : symbol.is === type.is;
  if (right || (symbol.is === "declaration" && !Object.hasOwn(vocabulary.kinds, symbol.kindName)))
    return true;
  reporter.say(
    "ML2009",
    { attribute: name, wanted: type.name, found: describeSymbol(symbol) },
    scope,
    expression.span,
    {
      related: [related(symbol.source, symbol.nameSpan, `\`${symbol.name}\` is declared here`)],
    },
  );
  return false;
}

/** Looks through a constant or an argument; null when the expression names neither. */
function throughName(
  expression: Expression,
  scope: Scope,
  inner: (expression: Expression, scope: Scope) => boolean,
  type: ParameterType,
): boolean | null {
  const name = bareName(expression);
  const symbol = name === null || name.quoted ? undefined : scope.lookup(name.text);
  if (symbol?.is !== "constant" && symbol?.is !== "argument") return null;
  const { bound } = symbol;
  if (bound.is === "failed") return false;
  if (bound.is === "unknown") return bound.type?.name === type.name ? true : null;
  return inner(bound.expression, bound.scope);
}
