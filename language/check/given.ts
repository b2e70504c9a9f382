/** What one use of a template, or of a declaration with parameters, gives to each of them. */
import type { Argument, Attribute, Expression, Item, Span } from "../syntax/tree.ts";
import { meantBy } from "./meant.ts";
import type { ParameterContext } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import { type Extras, related } from "./source.ts";
import { describeSymbol, type GenericSymbol, type InstanceSymbol, type TemplateSymbol } from "./symbols.ts";

/** What one use gives: expressions by parameter. */
export type GivenArguments = ReadonlyMap<string, Expression>;

/** Sorts the arguments of `at_least(scored, min = 90%)` by parameter; null when one is for none, which has been said. */
export function argumentsOfCall(
  generic: GenericSymbol,
  args: readonly Argument[],
  span: Span,
  scope: Scope,
  { reporter, vocabulary }: ParameterContext,
): GivenArguments | null {
  const given = new Map<string, Expression>();
  const of = generic.name;
  let failed = false;
  const wrong = (code: string, values: Record<string, string>, at: Span, extras: Extras = {}) => {
    reporter.say(code, { of, ...values }, scope, at, extras);
    failed = true;
  };
  args.forEach((argument, index) => {
    if (argument.value === null || argument.value.kind === "missing") {
      failed = true;
      if (argument.value === null && argument.name !== null)
        wrong("ML2021", { problem: `gives no value to \`${argument.name.text}\`` }, argument.span);
      return;
    }
    const names = generic.parameters.map((spec) => spec.name);
    const name = argument.name === null ? names[index] : argument.name.text;
    if (name === undefined) {
      wrong("ML2021", { problem: `takes ${names.length} arguments at most` }, argument.span);
    } else if (!names.includes(name)) {
      const at = argument.name?.span ?? argument.span;
      const { values, extras } = meantBy(name, names, at, scope.source, vocabulary);
      wrong("ML2023", { ...values, argument: name }, at, extras);
    } else if (given.has(name)) wrong("ML2021", { problem: `gives \`${name}\` twice` }, argument.span);
    else given.set(name, argument.value);
  });
  for (const { name, fallback, type } of generic.parameters) {
    if (failed || given.has(name) || fallback !== null) continue;
    wrong("ML2021", { problem: `needs \`${name}\`, ${type?.expected ?? "a value"}` }, span);
  }
  return failed ? null : given;
}

/** The attributes of a template's use: its parameters. */
export function argumentsOfBlock(
  symbol: InstanceSymbol,
  template: TemplateSymbol,
  scope: Scope,
  { reporter, vocabulary }: ParameterContext,
): GivenArguments {
  const { phrase } = symbol;
  const what = describeSymbol(symbol);
  const say = (code: string, values: Record<string, string>, span: Span, extras = {}) =>
    void reporter.say(code, { what, ...values }, scope, span, extras);
  for (const extra of [phrase.variant, phrase.value, ...phrase.clauses]) {
    if (extra === null) continue;
    const item = `\`${firstLine(scope, extra.span)}\``;
    say("ML2029", { item, where: what, wanted: "write `name = value` in its block" }, extra.span);
  }
  const names = template.parameters.map((spec) => spec.name);
  const given = new Map<string, Expression>();
  const meant = new Set<string>();
  for (const item of phrase.block?.items ?? []) {
    const attribute = asAttribute(item);
    if (attribute === null) {
      say(
        "ML2029",
        { item: `\`${firstLine(scope, item.span)}\``, where: what, wanted: "write `name = value`" },
        item.span,
      );
    } else if (!names.includes(attribute.name.text)) {
      const { text, span } = attribute.name;
      const { near, values, extras } = meantBy(text, names, span, scope.source, vocabulary);
      if (near !== null) meant.add(near);
      say("ML2005", { ...values, attribute: text }, span, extras);
    } else if (given.has(attribute.name.text))
      say("ML2006", { attribute: attribute.name.text }, attribute.name.span);
    else given.set(attribute.name.text, attribute.value);
  }
  for (const { name, fallback, type } of template.parameters) {
    if (given.has(name) || meant.has(name) || fallback !== null) continue;
    const expected = type?.expected ?? "a value";
    say("ML2007", { attribute: `\`${name}\``, expected }, symbol.nameSpan, {
      related: [related(template.source, template.nameSpan, `\`${name}\` is a parameter of this template`)],
    });
  }
  return given;
}

/** `name = value`; also `name: value`, which the checker of attributes refuses with a fix, is none here. */
function asAttribute(item: Item): Attribute | null {
  return item.kind === "attribute" && item.path === undefined ? item : null;
}

export function firstLine(scope: Scope, { start, end }: Span): string {
  return scope.source.lines.text.slice(start, end).split("\n")[0]!.slice(0, 40);
}
