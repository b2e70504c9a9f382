/** New columns computed from others: their types, and what each is computed from. */
import type { Json } from "../ir/canonical.ts";
import type { IrExpression } from "../ir/expression.ts";
import type { Attribute } from "../syntax/tree.ts";
import type { OfferedColumn, ValueType } from "../vocabulary/kind.ts";
import { elementOf, type Field } from "../vocabulary/schema.ts";
import type { ColumnType, Meaning } from "../vocabulary/types.ts";
import { columnsOf } from "./columns-in-scope.ts";
import type { Site } from "./draft.ts";
import { type ColumnInScope, typeOfColumn } from "./expression-types.ts";
import { infer } from "./expressions.ts";

/** The column type under which a derived value is offered to others. */
const TYPES: Readonly<Record<ValueType, ColumnType>> = {
  number: "float",
  any: "float",
  text: "category",
  boolean: "boolean",
  time: "timestamp",
};

const derivedColumn = (name: string, type: ValueType, from: readonly string[]): OfferedColumn => ({
  name,
  type: TYPES[type],
  nullable: true,
  role: null,
  positive: null,
  min: null,
  max: null,
  values: null,
  unique: false,
  pattern: null,
  format: null,
  redacted: false,
  doc: null,
  from,
});

interface Derived {
  readonly expression: IrExpression;
  readonly type: ValueType;
  /** Source columns read, directly or through other derived columns. */
  readonly from: ReadonlySet<string>;
}

/**
 * Reads a block of new columns, which may read each other in any order but not in a circle; adds them to the frame.
 */
export function deriveColumns(
  entries: readonly Attribute[],
  field: Field,
  meaning: Extract<Meaning, { is: "map" }>,
  site: Site,
): Record<string, Json> {
  const element = elementOf(field).meaning;
  if (element.is !== "expression") throw new Error("new columns are declared by expressions");
  const inherited = meaning.of === null ? { columns: null, where: "the rows" } : columnsOf(site, meaning.of);
  const byName = new Map(entries.map((entry) => [entry.name.text, entry]));
  const done = new Map<string, Derived | "reading" | "failed">();

  const read = (entry: Attribute): Derived | null => {
    const name = entry.name.text;
    const known = done.get(name);
    if (known === "reading") {
      site.report("ML2024", { cycle: `\`${name}\` is computed from itself` }, entry.span);
      return null;
    }
    if (known !== undefined) return known === "failed" ? null : known;
    done.set(name, "reading");
    const derived = inferEntry(entry);
    done.set(name, derived ?? "failed");
    return derived;
  };

  const inferEntry = (entry: Attribute): Derived | null => {
    const inner = site.at(entry.name.text, entry.name.text);
    inner.locate(entry.span);
    const from = new Set<string>();
    const lookup = (name: string): ColumnInScope | "failed" | null => {
      const other = byName.get(name);
      if (other !== undefined && !inherited.columns?.some((column) => column.name === name)) {
        const derived = read(other);
        if (derived === null) return "failed";
        for (const column of derived.from) from.add(column);
        return { name, type: derived.type, source: null };
      }
      const column = inherited.columns?.find((candidate) => candidate.name === name);
      if (column !== undefined || inherited.columns === null) from.add(name);
      return column === undefined ? null : { name, type: typeOfColumn(column), source: column };
    };
    const names = [...(inherited.columns?.map((column) => column.name) ?? []), ...byName.keys()];
    const result = infer(entry.value, {
      site: inner,
      scope: element.scope,
      columns: { lookup, names, known: inherited.columns !== null, where: inherited.where },
    });
    return result === null ? null : { expression: result.ir, type: result.type, from };
  };

  const value: Record<string, Json> = {};
  for (const entry of entries) {
    const name = entry.name.text;
    const existing = inherited.columns?.find((column) => column.name === name);
    if (existing !== undefined) {
      site.report("ML2028", { what: `the column \`${name}\``, where: inherited.where }, entry.name.span, {
        help: "Give the new column a name of its own.",
      });
      site.frame.derived = null;
      continue;
    }
    const derived = read(entry);
    if (derived === null) {
      site.frame.derived = null;
      continue;
    }
    value[name] = derived.expression as unknown as Json; // an IR expression is JSON
    reportLabel(entry, derived, inherited.columns, site);
    site.frame.derived?.push(derivedColumn(name, derived.type, [...derived.from]));
  }
  return value;
}

/** A feature computed from the label knows the answer. */
function reportLabel(
  entry: Attribute,
  derived: Derived,
  columns: readonly OfferedColumn[] | null,
  site: Site,
): void {
  const label = columns?.find((column) => column.role === "label" && derived.from.has(column.name));
  if (label === undefined) return;
  site.at(entry.name.text).report("ML3003", { column: entry.name.text, label: label.name }, entry.span);
}
