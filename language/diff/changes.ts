/** What differs between two declarations that are one, attribute by attribute and member by member. */
import type { Json } from "../ir/canonical.ts";
import type { Declaration } from "../ir/program.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { blockOf, elementOf, type Field, fieldsOf, type Typed } from "../vocabulary/schema.ts";
import { columnChanges } from "./columns.ts";
import { type Compared, type Comparison, change, NOTHING } from "./comparison.ts";
import { isObject, keyOf } from "./json.ts";
import { lineDiff } from "./lines.ts";
import type { Change } from "./model.ts";
import { ruleChanges } from "./rules.ts";
import { Writer } from "./text.ts";

export function changesOf(
  before: Declaration,
  after: Declaration,
  vocabulary: Vocabulary,
  named: (id: string) => string,
): Change[] {
  const writer = new Writer(vocabulary);
  const comparison: Comparison = {
    vocabulary,
    before,
    after,
    writeBefore: writer,
    writeAfter: writer,
    named,
  };
  const changes: Change[] = [];
  if (before.variant !== after.variant)
    changes.push(change(comparison, "variant", "", before.variant, after.variant));
  if (before.external !== after.external) {
    const quoted = (name: string | null) => (name === null ? null : JSON.stringify(name));
    changes.push(change(comparison, "name", "/name", quoted(before.external), quoted(after.external)));
  }
  for (const field of allFields(comparison)) {
    if (field.name === "name" && after.external !== null) continue;
    const place = { path: field.name, pointer: `/${field.name}` };
    changes.push(...compareField(comparison, field, { ...place, ...sides(comparison, field.name) }));
  }
  return changes;
}

/** Everything that is written in a declaration, as changes of one that is there on one side only. */
export function contentsOf(
  declaration: Declaration,
  side: "before" | "after",
  vocabulary: Vocabulary,
): Change[] {
  const writer = new Writer(vocabulary);
  return schemaFields(declaration, vocabulary).flatMap((field) => {
    const value = declaration.props[field.name] as Json | undefined; // zod's JSON is ours
    if (value === undefined || value === null || isDefault(field, value)) return [];
    return [
      {
        ...NOTHING,
        path: field.name,
        [side]: writer.text(field, value),
        place: declaration.locations[`/${field.name}`] ?? null,
      },
    ];
  });
}

const schemaFields = ({ kind, variant }: Declaration, vocabulary: Vocabulary): readonly Field[] => {
  const schema = vocabulary.kinds[kind]?.variants[variant ?? kind]?.schema;
  return schema === undefined ? [] : fieldsOf(schema);
};

/** Fields of both variants, those of the later one first. */
function allFields({ before, after, vocabulary }: Comparison): readonly Field[] {
  const now = schemaFields(after, vocabulary);
  const gone = schemaFields(before, vocabulary).filter((one) => !now.some(({ name }) => name === one.name));
  return [...now, ...gone];
}

const sides = ({ before, after }: Comparison, name: string) => ({
  before: present(before.props[name] as Json | undefined), // zod's JSON is ours
  after: present(after.props[name] as Json | undefined),
});
const present = (value: Json | undefined): Json | undefined => (value === null ? undefined : value);

function isDefault(field: Field, value: Json): boolean {
  return field.fallback !== undefined && JSON.stringify(field.fallback) === JSON.stringify(value);
}

/** Differences of one field, with those of what it holds. */
function compareField(comparison: Comparison, field: Field, at: Compared): Change[] {
  const { before, after } = at;
  const { meaning } = field;
  if (before === undefined && after === undefined) return [];
  if (meaning.is === "rules") return ruleChanges(comparison, field, at);
  if (meaning.is === "columns") return columnChanges(comparison, at);
  const both = before !== undefined && after !== undefined;
  if (both && meaning.is === "block" && isObject(before) && isObject(after)) {
    return fieldsOf(blockOf(field)).flatMap((inner) => {
      // A block's own names are its members: `split.train`, not `split.parts.train`.
      const path = inner.position?.at === "entries" ? at.path : `${at.path}.${inner.name}`;
      const pointer = `${at.pointer}/${inner.name}`;
      const values = { before: present(before[inner.name]), after: present(after[inner.name]) };
      return compareField(comparison, inner, { path, pointer, ...values });
    });
  }
  if (meaning.is === "layers") return layerChanges(comparison, at);
  if (meaning.is === "map") return mapChanges(comparison, field, meaning.ordered, at);
  if (both && meaning.is === "list" && !meaning.ordered) return listChanges(comparison, field, at);
  return valueChanges(comparison, field, at);
}

/** Layers as a text of lines: what is put in and taken out. */
function layerChanges({ writeBefore, writeAfter, ...comparison }: Comparison, at: Compared): Change[] {
  const old = writeBefore.layers(at.before ?? []);
  const now = writeAfter.layers(at.after ?? []);
  if (old.join("\n") === now.join("\n")) return [];
  const count = (value: Json | undefined) => (Array.isArray(value) ? `${value.length} layers` : null);
  const whole = { ...comparison, writeBefore, writeAfter };
  return [
    {
      ...change(whole, at.path, at.pointer, count(at.before), count(at.after)),
      lines: lineDiff(old.join("\n"), now.join("\n")),
    },
  ];
}

function mapChanges(comparison: Comparison, field: Typed, ordered: boolean, at: Compared): Change[] {
  const before = isObject(at.before) ? at.before : {};
  const after = isObject(at.after) ? at.after : {};
  const element = elementOf(field);
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  const found = [...names].flatMap((name) =>
    valueChanges(comparison, element, {
      path: `${at.path}.${name}`,
      pointer: `${at.pointer}/${name}`,
      before: present(before[name]),
      after: present(after[name]),
    }),
  );
  const kept = (one: object, other: object) => Object.keys(one).filter((name) => name in other);
  const [old, now] = [kept(before, after), kept(after, before)];
  if (ordered && old.join("\n") !== now.join("\n")) {
    found.push(change(comparison, `${at.path} order`, at.pointer, old.join(", "), now.join(", ")));
  }
  return found;
}

function listChanges(comparison: Comparison, field: Typed, at: Compared): Change[] {
  const { named, writeBefore, writeAfter } = comparison;
  const element = elementOf(field);
  const before = new Map(items(at.before).map((item) => [keyOf(item, (id) => id), item]));
  const after = new Map(items(at.after).map((item) => [keyOf(item, named), item]));
  const removed = [...before]
    .filter(([key]) => !after.has(key))
    .map(([, item]) => writeBefore.text(element, item));
  const added = [...after]
    .filter(([key]) => !before.has(key))
    .map(([, item]) => writeAfter.text(element, item));
  if (removed.length === 0 && added.length === 0) return [];
  const [old, now] = [writeBefore.text(field, at.before ?? []), writeAfter.text(field, at.after ?? [])];
  return [{ ...change(comparison, at.path, at.pointer, old, now), added, removed }];
}

const items = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function valueChanges(comparison: Comparison, typed: Typed & Partial<Field>, at: Compared): Change[] {
  const { before, after, named } = { ...at, named: comparison.named };
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined && keyOf(before, (id) => id) === keyOf(after, named))
    return [];
  const old = before === undefined ? null : comparison.writeBefore.text(typed, before);
  const now = after === undefined ? null : comparison.writeAfter.text(typed, after);
  return [
    {
      ...change(comparison, at.path, at.pointer, old, now),
      defaulted: defaulted(comparison, typed, at),
      lines: manyLines(before) || manyLines(after) ? lineDiff(before, after) : [],
    },
  ];
}

const manyLines = (value: Json | undefined): boolean => typeof value === "string" && value.includes("\n");

/** The side on which the value is only stdlib's default. */
function defaulted(
  { before, after }: Comparison,
  typed: Partial<Field>,
  at: Compared,
): "before" | "after" | null {
  const { fallback } = typed;
  const given = (declaration: Declaration, value: Json | undefined) =>
    fallback === undefined ||
    JSON.stringify(value) !== JSON.stringify(fallback) ||
    declaration.locations[at.pointer] !== undefined;
  return !given(before, at.before) ? "before" : !given(after, at.after) ? "after" : null;
}
