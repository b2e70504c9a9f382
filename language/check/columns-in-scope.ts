/** Which columns a name may mean. */
import type { Json } from "../ir/canonical.ts";
import type { OfferedColumn } from "../vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../vocabulary/types.ts";
import type { Frame, Site } from "./draft.ts";

export interface ColumnScope {
  /** Null: not known before the data is read, or what should tell is broken. */
  readonly columns: readonly OfferedColumn[] | null;
  /** "the dataset `loans`", for messages. */
  readonly where: string;
}

/** A reference lowered to JSON, read back. */
export function asReference(value: Json | undefined): Reference | null {
  const lowered = typeof value === "object" && value !== null && "ref" in value;
  return lowered ? (value as unknown as Reference) : null; // only `readReference` writes objects with `ref` here
}

/** Ids of the declarations of a kind that a value's expressions name. */
export function refsIn(value: Json, kind: string): string[] {
  if (value === null || typeof value !== "object") return [];
  const own =
    "ref" in value && typeof value.ref === "string" && value.ref.startsWith(`${kind}.`) ? [value.ref] : [];
  return [...own, ...Object.values(value).flatMap((inner: Json) => refsIn(inner, kind))];
}

const offeredBy = new WeakMap<readonly ColumnSchema[], readonly OfferedColumn[]>();

function offeredOf(schema: readonly ColumnSchema[]): readonly OfferedColumn[] {
  const known = offeredBy.get(schema);
  if (known !== undefined) return known;
  const offered = schema.map((column) => ({ ...column, from: null }));
  offeredBy.set(schema, offered);
  return offered;
}

function described(site: Site, ids: readonly string[]): string {
  const names = ids.map((id) => {
    const dot = id.indexOf(".");
    // A template read on its own has ids of its own making.
    return `the ${id.slice(0, dot)} \`${id.slice(dot + 1).replace(/^<.*>/, "")}\``;
  });
  return names.length === 0 ? `the ${site.symbol.kindName}` : names.join(" and ");
}

const byKind = (site: Site, frame: Frame, kind: string): ColumnScope => {
  const ids = [...new Set(Object.values(frame.values).flatMap((value) => refsIn(value, kind)))];
  const where = described(site, ids);
  const [first, ...others] = ids.map((id) => site.world.offered(id).columns);
  if (first == null || others.includes(null)) return { columns: null, where };
  const shared = (column: OfferedColumn) =>
    others.every((columns) => columns?.some((other) => other.name === column.name));
  return { columns: first.filter(shared), where };
};

/**
 * The columns that `of` means here: the schema or reference of that name in the objects around, or, when none has
 * that name, the columns of the declarations of that kind which the rule's expressions name.
 */
export function columnsOf(site: Site, of: string, withDerived = false): ColumnScope {
  for (let frame: Frame | null = site.frame; frame !== null; frame = frame.outer) {
    const field = frame.fields.find((candidate) => candidate.name === of);
    if (field === undefined) continue;
    const value = frame.values[of];
    if (field.meaning.is === "columns") {
      if (value === undefined) return { columns: null, where: "the schema" };
      const own = value as unknown as readonly ColumnSchema[]; // what `columns` reads is exactly this
      return { columns: offeredOf(own), where: "the schema" };
    }
    const reference = asReference(value);
    if (reference === null) return { columns: null, where: of };
    const inherited = site.world.offered(reference.ref).columns;
    const added = withDerived ? frame.derived : [];
    const columns = inherited === null || added === null ? null : [...inherited, ...added];
    return { columns, where: described(site, [reference.ref]) };
  }
  return byKind(site, site.frame, of);
}

/** The columns that an expression over rows reads when nothing says which: the declaration's own schema. */
export function ownColumns(site: Site): ColumnScope {
  for (let frame: Frame | null = site.frame; frame !== null; frame = frame.outer) {
    const schema = frame.fields.find((field) => field.meaning.is === "columns");
    if (schema !== undefined) return columnsOf(site.within(frame), schema.name);
  }
  return { columns: null, where: "the rows" };
}
