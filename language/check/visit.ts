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

type Visit = (visited: Visited) => void;

function visitFields(fields: readonly Field[], value: Json, pointer: string, visit: Visit): void {
  if (!isObject(value)) return;
  for (const field of fields) {
    const member = value[field.name];
    if (member !== undefined) visitValue(field, member, `${pointer}/${field.name}`, field.name, visit);
  }
}

function visitValue(typed: Typed, value: Json, pointer: string, label: string, visit: Visit): void {
  const { meaning } = typed;
  visit({ meaning, value, pointer, label });
  if (meaning.is === "list" && Array.isArray(value)) {
    const element = elementOf(typed);
    for (let index = 0; index < value.length; index += 1)
      visitValue(element, value[index], `${pointer}/${index}`, label, visit);
  } else if (meaning.is === "rules" && Array.isArray(value)) {
    const fields = fieldsOf(ruleOf(typed));
    for (let index = 0; index < value.length; index += 1)
      visitFields(fields, value[index], `${pointer}/${index}`, visit);
  } else if (meaning.is === "block") visitFields(fieldsOf(blockOf(typed)), value, pointer, visit);
  else if (meaning.is === "map" && isObject(value)) {
    const element = elementOf(typed);
    for (const [name, member] of Object.entries(value))
      visitValue(element, member, `${pointer}/${name}`, name, visit);
  }
}

/** Every value of a declaration, outer before inner. */
export function valuesOf(draft: Draft): readonly Visited[] {
  const found: Visited[] = [];
  visitFields(fieldsOf(draft.symbol.variant.schema), draft.props, "", (visited) => void found.push(visited));
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
  visitFields(fieldsOf(draft.symbol.variant.schema), draft.props, "", (visited) => {
    const { meaning, value } = visited;
    // The value of a metric meaning is what `readMetric` lowered, that of a reference meaning what `readReference` did;
    // a path stays a text.
    if (meaning.is === "metric") metrics.push({ ...visited, metric: value as unknown as MetricUse });
    else if (meaning.is === "reference" && typeof value !== "string")
      references.push({ ...visited, meaning, reference: value as unknown as Reference });
    else if (meaning.is === "expression") expressions.push(visited);
    else if (meaning.is === "rules") rules.push(visited);
  });
  const found = { references, metrics, expressions, rules };
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
