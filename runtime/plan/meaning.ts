/** What a declaration means, apart from names, order and layout: the part of a step's key that the spec decides. */
import type * as z from "zod";
import { canonicalJson, type Json } from "../../language/ir/canonical.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { Kind } from "../../language/vocabulary/kind.ts";
import { blockOf, elementOf, fieldsOf, ruleOf, type Typed } from "../../language/vocabulary/schema.ts";
import { isObject, isReference } from "./json.ts";
import type { Template } from "./template.ts";

export type Kinds = Readonly<Record<string, Kind>>;

/** Around the hash and the id of a reference, until the text is cut there. */
const MARK = "\u0001";
const WRITTEN_MARK = /\\u0001[0-9a-f]* ([^\\"]+)\\u0001/;

/** The schema of a declaration's props; null for a kind that stdlib does not know. */
export function schemaOf(kinds: Kinds, declaration: Declaration): z.ZodObject | null {
  const kind = kinds[declaration.kind];
  return kind?.variants[declaration.variant ?? declaration.kind]?.schema ?? null;
}

/**
 * The declaration's meaning as a template: kind, variant, the name outside of stateful kinds, and props in which
 * everything without an order is sorted, documentation is left out, and every reference is a gap. `hashOf` gives the
 * hash of a declaration's own meaning: it decides between items that differ only in what they refer to.
 */
export function templateOf(
  declaration: Declaration,
  schema: z.ZodObject | null,
  hashOf: (id: string) => string,
): Template {
  const refs = new Set(declaration.refs);
  const marked = replaceReferences(declaration.props, refs, (id) => `${MARK}${hashOf(id)} ${id}${MARK}`);
  const props = schema === null ? marked : sortFields(schema, marked, pairs);
  const { kind, variant, external } = declaration;
  const text = canonicalJson({ kind, variant, external, props });
  // Text and ids in turn; the hash has done its work.
  return text.split(WRITTEN_MARK);
}

/** Props with everything that has no order sorted, to be read by people. */
export function sortedProps(
  declaration: Declaration,
  schema: z.ZodObject | null,
): Readonly<Record<string, Json>> {
  const sorted =
    schema === null ? declaration.props : sortFields(schema, declaration.props, Object.fromEntries);
  return isObject(sorted) ? sorted : {};
}

/** How a map whose order counts is written: objects lose it, as their keys are sorted. */
type OrderedMap = (entries: (readonly [string, Json])[]) => Json;
const pairs: OrderedMap = (entries) => entries.map(([name, member]) => [name, member]);

function replaceReferences(value: Json, refs: ReadonlySet<string>, replace: (id: string) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, refs, replace));
  if (!isObject(value)) return value;
  const object: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) object[name] = replaceReferences(member, refs, replace);
  if (isReference(value, refs)) object["ref"] = replace(value.ref);
  return object;
}

function sortFields(schema: z.ZodType, value: Json, map: OrderedMap): Json {
  if (!isObject(value)) return value;
  const sorted: Record<string, Json> = { ...value };
  for (const field of fieldsOf(schema)) {
    const member = value[field.name];
    if (member !== undefined && member !== null) sorted[field.name] = sortValue(field, member, map);
  }
  return sorted;
}

function sortValue(typed: Typed, value: Json, map: OrderedMap): Json {
  const { meaning } = typed;
  switch (meaning.is) {
    case "list": {
      if (!Array.isArray(value)) return value;
      const items = value.map((item) => sortValue(elementOf(typed), item, map));
      return meaning.ordered ? items : sortItems(items);
    }
    case "rules":
      return Array.isArray(value)
        ? sortItems(value.map((rule) => sortFields(ruleOf(typed), rule, map)))
        : value;
    case "columns":
      return Array.isArray(value) ? sortItems(value.map(withoutDoc)) : value;
    case "map": {
      if (!isObject(value)) return value;
      const entries = Object.entries(value).map(
        ([name, member]) => [name, sortValue(elementOf(typed), member, map)] as const,
      );
      // Objects are written with sorted keys; where the order counts, it must be said.
      return meaning.ordered ? map(entries) : Object.fromEntries(entries);
    }
    case "block":
      return sortFields(blockOf(typed), value, map);
    default:
      return value;
  }
}

function sortItems(items: readonly Json[]): readonly Json[] {
  if (items.length < 2) return items;
  return items
    .map((item) => [canonicalJson(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);
}

function withoutDoc(column: Json): Json {
  if (!isObject(column)) return column;
  const { doc: _, ...rest } = column;
  return rest;
}
