/** How alike two declarations of one kind are, from 0 to 1. */
import { canonicalJson, type Json } from "../ir/canonical.ts";
import type { Kinds } from "../ir/meaning.ts";
import type { Declaration } from "../ir/program.ts";
import { fieldsOf } from "../vocabulary/schema.ts";
import { isObject } from "./json.ts";

/** What a declaration reads and of what sort it is says more of it than any one number. */
const WEIGHT = { variant: 2, reference: 2, other: 1 } as const;

/** What a declaration says, each with its weight. */
export type Facts = ReadonlyMap<string, number>;

/** The share of what either side says that both say. */
export function similarity(before: Facts, after: Facts): number {
  let both = 0;
  let all = 0;
  for (const [fact, weight] of before) {
    all += weight;
    if (after.has(fact)) both += weight;
  }
  for (const [fact, weight] of after) if (!before.has(fact)) all += weight;
  return all === 0 ? 1 : both / all;
}

/**
 * References count double. Defaults say nothing: two declarations are not alike for what nobody wrote. `named` gives
 * what an id counts as: of a side after, the id before.
 */
export function factsOf(declaration: Declaration, kinds: Kinds, named: (id: string) => string): Facts {
  const { kind, variant, external, props } = declaration;
  const found = new Map<string, number>();
  if (variant !== null) found.set(`variant ${variant}`, WEIGHT.variant);
  if (external !== null) found.set(`external ${external}`, WEIGHT.reference);
  const schema = kinds[kind]?.variants[variant ?? kind]?.schema;
  const defaults = new Map(
    schema === undefined ? [] : fieldsOf(schema).map((one) => [one.name, one.fallback]),
  );
  const walk = (path: string, value: Json): void => {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) walk(`${path}/*`, item);
    else if (isObject(value) && typeof value["ref"] === "string") {
      found.set(`${path} ${canonicalJson({ ...value, ref: named(value["ref"]) })}`, WEIGHT.reference);
    } else if (isObject(value))
      for (const [name, member] of Object.entries(value)) walk(`${path}/${name}`, member);
    else found.set(`${path} ${canonicalJson(value)}`, WEIGHT.other);
  };
  for (const [name, value] of Object.entries(props)) {
    const fallback = defaults.get(name);
    const isDefault =
      fallback !== undefined && canonicalJson(fallback as Json) === canonicalJson(value as Json);
    if (!isDefault && !(name === "name" && external !== null)) walk(name, value as Json); // zod's JSON is ours
  }
  return found;
}
