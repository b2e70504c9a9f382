/** What a declaration means, apart from names, order, layout and documentation. */
import type { Kind } from "../vocabulary/kind.ts";
import { blockOf, elementOf, type Field, fieldsOf, ruleOf, type Typed } from "../vocabulary/schema.ts";
import { canonicalJson, type Json } from "./canonical.ts";
import type { Declaration } from "./program.ts";

export type Kinds = Readonly<Record<string, Kind>>;

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One JSON value that is equal for equal meanings: kind, variant, the name outside of stateful kinds, and props in
 * which each reference is what `replace` makes of its declaration's id, everything without an order is sorted, and
 * documentation is left out.
 */
export function meaningOf(
  declaration: Pick<Declaration, "kind" | "variant" | "external" | "props">,
  kinds: Kinds,
  replace: (id: string) => Json,
): Json {
  const { kind, variant, external } = declaration;
  const schema = kinds[kind]?.variants[variant ?? kind]?.schema;
  if (schema === undefined)
    throw new Error(`stdlib has no kind ${kind}${variant === null ? "" : `: ${variant}`}`);
  const props: Record<string, Json> = {};
  for (const field of fieldsOf(schema)) {
    const value = declaration.props[field.name];
    if (value === undefined || (external !== null && field.name === "name")) continue;
    props[field.name] = normal(field, value as Json, replace); // zod's JSON is ours
  }
  return { kind, variant, external, props };
}

function normalFields(fields: readonly Field[], value: Json, replace: (id: string) => Json): Json {
  if (!isObject(value)) return value;
  const sorted: Record<string, Json> = {};
  for (const field of fields) {
    const member = value[field.name];
    if (member !== undefined) sorted[field.name] = normal(field, member, replace);
  }
  return sorted;
}

function normal(typed: Typed, value: Json, replace: (id: string) => Json): Json {
  const { meaning } = typed;
  switch (meaning.is) {
    case "reference":
    case "dimension":
    case "layers":
    case "expression":
      return replaced(value, replace);
    case "list": {
      if (!Array.isArray(value)) return value;
      const items = value.map((item: Json) => normal(elementOf(typed), item, replace));
      return meaning.ordered ? items : sorted(items);
    }
    case "rules":
      if (!Array.isArray(value)) return value;
      return sorted(value.map((rule: Json) => normalFields(fieldsOf(ruleOf(typed)), rule, replace)));
    case "columns":
      return Array.isArray(value) ? sorted(value.map(withoutDoc)) : value;
    case "map": {
      if (!isObject(value)) return value;
      const members = Object.entries(value).map(([name, member]): [string, Json] => [
        name,
        normal(elementOf(typed), member, replace),
      ]);
      // Objects are written with sorted keys; where the order counts it must be said.
      return meaning.ordered ? members : Object.fromEntries(members);
    }
    case "block":
      return normalFields(fieldsOf(blockOf(typed)), value, replace);
    default:
      return value;
  }
}

/** References anywhere in an expression or attribute, by what they refer to. */
function replaced(value: Json, replace: (id: string) => Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, replace));
  if (!isObject(value)) return value;
  const object: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    object[name] = name === "ref" && typeof member === "string" ? replace(member) : replaced(member, replace);
  }
  return object;
}

function sorted(items: readonly Json[]): Json[] {
  const keyed = items.map((item) => [canonicalJson(item), item] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}

function withoutDoc(column: Json): Json {
  if (!isObject(column)) return column;
  return Object.fromEntries(Object.entries(column).filter(([name]) => name !== "doc"));
}
