/** Walks a checked declaration's props together with what stdlib says of each value. */
import type { Json } from "../ir/canonical.ts";
import { blockOf, elementOf, type Field, fieldsOf, ruleOf, type Typed } from "../vocabulary/schema.ts";
import type { Meaning, MetricUse, Reference } from "../vocabulary/types.ts";
import type { Draft } from "./draft.ts";

export interface Visited {
  readonly meaning: Meaning;
  readonly value: Json;
  readonly pointer: string;
  /** The attribute's name. */
  readonly label: string;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function* fieldValues(fields: readonly Field[], value: Json, pointer: string): Generator<Visited> {
  if (!isObject(value)) return;
  for (const field of fields) {
    const member = value[field.name];
    if (member !== undefined) yield* typedValues(field, member, `${pointer}/${field.name}`, field.name);
  }
}

function* typedValues(typed: Typed, value: Json, pointer: string, label: string): Generator<Visited> {
  yield { meaning: typed.meaning, value, pointer, label };
  if (typed.meaning.is === "list" && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* typedValues(elementOf(typed), item, `${pointer}/${index}`, label);
  } else if (typed.meaning.is === "rules" && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* fieldValues(fieldsOf(ruleOf(typed)), item, `${pointer}/${index}`);
  } else if (typed.meaning.is === "block") yield* fieldValues(fieldsOf(blockOf(typed)), value, pointer);
  else if (typed.meaning.is === "map" && isObject(value)) {
    for (const [name, member] of Object.entries(value))
      yield* typedValues(elementOf(typed), member, `${pointer}/${name}`, name);
  }
}

/** Every value of a declaration, outer before inner. */
export const valuesOf = (draft: Draft): Generator<Visited> =>
  fieldValues(fieldsOf(draft.symbol.variant.schema), draft.props, "");

export interface ReferenceAt extends Visited {
  readonly meaning: Extract<Meaning, { is: "reference" }>;
  readonly reference: Reference;
}

/** The references of a declaration's attributes. */
export function* referencesOf(draft: Draft): Generator<ReferenceAt> {
  for (const visited of valuesOf(draft)) {
    if (visited.meaning.is !== "reference" || typeof visited.value === "string") continue; // a path
    // The value of a reference meaning is what `readReference` lowered.
    yield { ...visited, meaning: visited.meaning, reference: visited.value as unknown as Reference };
  }
}

/** The metrics of a declaration's attributes. */
export function* metricsOf(draft: Draft): Generator<Visited & { readonly metric: MetricUse }> {
  for (const visited of valuesOf(draft)) {
    // The value of a metric meaning is what `readMetric` lowered.
    if (visited.meaning.is === "metric") yield { ...visited, metric: visited.value as unknown as MetricUse };
  }
}
