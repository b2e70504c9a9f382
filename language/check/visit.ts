/** Walks a checked declaration's props together with what stdlib says of each value. */
import type { Json } from "../ir/canonical.ts";
import { trimmed } from "../syntax/reader.ts";
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

type Visit = (meaning: Meaning, value: Json, pointer: string, label: string) => void;
/** Whether there is something to visit in what a field holds. */
type Wanted = (typed: Typed) => boolean;

function visitFields(
  fields: readonly Field[],
  value: Json,
  pointer: string,
  visit: Visit,
  wanted: Wanted,
): void {
  if (!isObject(value)) return;
  for (const field of fields) {
    const member = value[field.name];
    if (member !== undefined && wanted(field))
      visitValue(field, member, `${pointer}/${field.name}`, field.name, visit, wanted);
  }
}

function visitValue(
  typed: Typed,
  value: Json,
  pointer: string,
  label: string,
  visit: Visit,
  wanted: Wanted,
): void {
  const { meaning } = typed;
  visit(meaning, value, pointer, label);
  if (meaning.is === "list" && Array.isArray(value)) {
    const element = elementOf(typed);
    for (let index = 0; index < value.length; index += 1)
      visitValue(element, value[index], `${pointer}/${index}`, label, visit, wanted);
  } else if (meaning.is === "rules" && Array.isArray(value)) {
    const fields = fieldsOf(ruleOf(typed));
    for (let index = 0; index < value.length; index += 1)
      visitFields(fields, value[index], `${pointer}/${index}`, visit, wanted);
  } else if (meaning.is === "block") visitFields(fieldsOf(blockOf(typed)), value, pointer, visit, wanted);
  else if (meaning.is === "map" && isObject(value)) {
    const element = elementOf(typed);
    for (const name in value) visitValue(element, value[name]!, `${pointer}/${name}`, name, visit, wanted);
  }
}

/** Meanings that rules ask for. */
const ASKED: readonly Meaning["is"][] = ["reference", "metric", "expression", "rules"];
const holding = new WeakMap<object, boolean>();

/** Whether a value may be, or hold, one of them: most attributes are numbers and words. */
function holdsAsked(typed: Typed): boolean {
  const { inner, meaning } = typed;
  if (ASKED.includes(meaning.is)) return true;
  if (meaning.is !== "list" && meaning.is !== "map" && meaning.is !== "block") return false;
  const known = holding.get(inner);
  if (known !== undefined) return known;
  const holds =
    meaning.is === "block" ? fieldsOf(blockOf(typed)).some(holdsAsked) : holdsAsked(elementOf(typed));
  holding.set(inner, holds);
  return holds;
}
const anything = (): boolean => true;

/** Every value of a declaration, outer before inner. */
export function valuesOf(draft: Draft): readonly Visited[] {
  const found: Visited[] = [];
  const visit: Visit = (meaning, value, pointer, label) =>
    void found.push({ meaning, value, pointer, label });
  visitFields(fieldsOf(draft.symbol.variant.schema), draft.props, "", visit, anything);
  return found;
}

export interface ReferenceAt extends Visited {
  readonly meaning: Extract<Meaning, { is: "reference" }>;
  readonly reference: Reference;
}

export interface MetricAt extends Visited {
  readonly metric: MetricUse;
}

interface Sorted {
  readonly references: readonly ReferenceAt[];
  readonly metrics: readonly MetricAt[];
  readonly expressions: readonly Visited[];
  readonly rules: readonly Visited[];
}

/** A dozen rules ask for the same; a draft is never changed. */
const sortedOf = new WeakMap<Draft, Sorted>();

function sorted(draft: Draft): Sorted {
  const known = sortedOf.get(draft);
  if (known !== undefined) return known;
  const references: ReferenceAt[] = [];
  const metrics: MetricAt[] = [];
  const expressions: Visited[] = [];
  const rules: Visited[] = [];
  const visit: Visit = (meaning, value, pointer, label) => {
    // The value of a metric meaning is what `readMetric` lowered, that of a reference meaning what `readReference` did;
    // a path stays a text.
    if (meaning.is === "metric")
      metrics.push({ meaning, value, pointer, label, metric: value as unknown as MetricUse });
    else if (meaning.is === "reference" && typeof value !== "string")
      references.push({ meaning, value, pointer, label, reference: value as unknown as Reference });
    else if (meaning.is === "expression") expressions.push({ meaning, value, pointer, label });
    else if (meaning.is === "rules") rules.push({ meaning, value, pointer, label });
  };
  visitFields(fieldsOf(draft.symbol.variant.schema), draft.props, "", visit, holdsAsked);
  const found = {
    references: trimmed(references),
    metrics: trimmed(metrics),
    expressions: trimmed(expressions),
    rules: trimmed(rules),
  };
  sortedOf.set(draft, found);
  return found;
}

/** The references of a declaration's attributes. */
export const referencesOf = (draft: Draft): readonly ReferenceAt[] => sorted(draft).references;

/** The metrics of a declaration's attributes. */
export const metricsOf = (draft: Draft): readonly MetricAt[] => sorted(draft).metrics;

/** The expressions of a declaration's attributes and rules. */
export const expressionsIn = (draft: Draft): readonly Visited[] => sorted(draft).expressions;

/** The lists of rules of a declaration. */
export const rulesIn = (draft: Draft): readonly Visited[] => sorted(draft).rules;
