/** Words with arguments: `median`, `one_hot(min_count = 5)`, `recall(top = 10%)`. */
import type * as z from "zod";
import type { Json } from "../ir/canonical.ts";
import type { Argument, Expression, Name, Span } from "../syntax/tree.ts";
import { type Field, fieldsOf } from "../vocabulary/schema.ts";
import type { CallForm, Meaning, MetricUse } from "../vocabulary/types.ts";
import { evaluateConstant } from "./constants.ts";
import { renamed } from "./deprecated.ts";
import type { Frame, Site } from "./draft.ts";
import { expected, reportUnknown, wrongType } from "./messages.ts";
import { bareName } from "./symbols.ts";

/** `name` or `name(arguments)`. */
export function asCall(expression: Expression): { name: Name; args: readonly Argument[] } | null {
  if (expression.kind === "reference") return { name: expression.name, args: [] };
  if (expression.kind !== "call") return null;
  const name = bareName(expression.callee);
  return name === null ? null : { name, args: expression.arguments };
}

/** Reads arguments against fields, by name or by place; with defaults filled in. */
export function readArguments(
  args: readonly Argument[],
  fields: readonly Field[],
  of: string,
  span: Span,
  site: Site,
): Record<string, Json> | undefined {
  const frame: Frame = { fields, values: {}, derived: [], outer: site.frame };
  const before = site.errors;
  const given = new Set<string>();
  let unread = false;
  args.forEach((argument, index) => {
    if (argument.value?.kind === "missing") {
      unread = true; // the parser has said what is wrong here
      return;
    }
    const known = fields.map((other) => other.name);
    const name = argument.name === null ? null : renamed(argument.name, "attribute", known, site);
    const field = name === null ? fields[index] : fields.find((other) => other.name === name);
    if (field === undefined) {
      if (argument.name === null) {
        const most =
          fields.length === 0
            ? "no arguments"
            : `${fields.length} argument${fields.length === 1 ? "" : "s"} at most`;
        site.report("ML2021", { of, problem: `takes ${most}` }, argument.span);
      } else {
        reportUnknown(site, "ML2023", argument.name, known, { of, argument: argument.name.text });
      }
      return;
    }
    if (given.has(field.name)) {
      site.report("ML2021", { of, problem: `gives \`${field.name}\` twice` }, argument.span);
      return;
    }
    given.add(field.name);
    if (argument.value === null) {
      site.report("ML2021", { of, problem: `gives no value to \`${field.name}\`` }, argument.span);
      return;
    }
    const inner = site.at(field.name, field.name, frame);
    const value = inner.read(argument.value, field);
    if (value === undefined) return;
    frame.values[field.name] = value;
    inner.locate(argument.span);
  });
  for (const field of fields) {
    if (given.has(field.name)) continue;
    if (field.required && !unread)
      site.report("ML2021", { of, problem: `needs \`${field.name}\`, ${expected(field.meaning)}` }, span);
    else if (field.fallback !== undefined) frame.values[field.name] = field.fallback as Json; // defaults of stdlib are JSON
  }
  return site.errors === before && !unread ? frame.values : undefined;
}

const fields = (schema: z.ZodObject): readonly Field[] => fieldsOf(schema);

/** Reads a `call` meaning; lowers to `{call, args}`. */
export function readCall(
  expression: Expression,
  meaning: Extract<Meaning, { is: "call" }>,
  site: Site,
): Json | undefined {
  const written = asCall(expression);
  const word = written === null ? "" : renamed(written.name, "word", Object.keys(meaning.forms), site);
  const form = meaning.forms[word];
  if (written !== null && form !== undefined) {
    const args = readArguments(written.args, fields(form.args), word, expression.span, site.at("args"));
    return args === undefined ? undefined : { call: word, args };
  }
  if (meaning.literal) {
    const constant = evaluateConstant(expression, site);
    if (constant === "failed" || constant === "unknown") return undefined;
    if (constant !== "none" && constant.is !== "null")
      return { call: "value", args: { value: constant.value } };
  }
  if (written === null) return wrongType(site, expression, expected(meaning));
  if (site.lookup(written.name.text) !== undefined) return wrongType(site, expression, expected(meaning));
  reportUnknown(site, "ML2018", written.name, Object.keys(meaning.forms), {
    attribute: site.label,
    word: written.name.text,
  });
  return undefined;
}

/** The form of a `call` meaning that a lowered value uses; undefined for a literal. */
export function formOf(value: Json, meaning: Extract<Meaning, { is: "call" }>): CallForm | undefined {
  if (value === null || typeof value !== "object" || !("call" in value)) return undefined;
  return typeof value.call === "string" ? meaning.forms[value.call] : undefined;
}

/** Reads a metric; lowers to `{name, args}` with only the arguments written. */
export function readMetric(expression: Expression, site: Site): MetricUse | undefined {
  const written = asCall(expression);
  if (written === null) return wrongType(site, expression, "a metric such as `accuracy`");
  return readMetricCall(written.name, written.args, expression.span, site);
}

export function readMetricCall(
  name: Name,
  args: readonly Argument[],
  span: Span,
  site: Site,
): MetricUse | undefined {
  const known = Object.keys(site.vocabulary.metrics);
  const metric = renamed(name, "metric", known, site);
  const spec = site.vocabulary.metrics[metric];
  if (spec === undefined) {
    reportUnknown(site, "ML2022", name, known, { metric: name.text });
    return undefined;
  }
  const read = readArguments(args, fields(spec.args), metric, span, site.at("args"));
  // zod's JSON type has writable arrays; nothing here writes.
  return read === undefined ? undefined : { name: metric, args: read as MetricUse["args"] };
}
