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
  /** Of a chain of columns that read each other; those of the source alone are 0 steps away. */
  readonly steps: number;
}

/** How many derived columns may read each other in a chain: whoever walks one does so step by step, recursively. */
const LONGEST_CHAIN = 500;

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
  const source = new Map(inherited.columns?.map((column) => [column.name, column]));
  let depth = 0;
  let said = false;
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
    depth += 1;
    const derived = depth > LONGEST_CHAIN ? tooLong(entry) : inferEntry(entry);
    depth -= 1;
    done.set(name, derived ?? "failed");
    return derived;
  };

  const tooLong = (entry: Attribute): null => {
    if (!said) site.report("ML2059", { most: String(LONGEST_CHAIN) }, entry.name.span);
    said = true;
    return null;
  };

  const inferEntry = (entry: Attribute): Derived | null => {
    const inner = site.at(entry.name.text, entry.name.text);
    inner.locate(entry.span);
    const from = new Set<string>();
    let steps = 0;
    const lookup = (name: string): ColumnInScope | "failed" | null => {
      const column = source.get(name);
      const other = column === undefined ? byName.get(name) : undefined;
      if (other !== undefined) {
        const derived = read(other);
        if (derived === null) return "failed";
        for (const each of derived.from) from.add(each);
        steps = Math.max(steps, derived.steps + 1);
        return { name, type: derived.type, source: null };
      }
      if (column !== undefined || inherited.columns === null) from.add(name);
      return column === undefined ? null : { name, type: typeOfColumn(column), source: column };
    };
    const result = infer(entry.value, {
      site: inner,
      scope: element.scope,
      columns: {
        lookup,
        get names() {
          return [...source.keys(), ...byName.keys()];
        },
        known: inherited.columns !== null,
        where: inherited.where,
      },
    });
    if (result === null) return null;
    return steps > LONGEST_CHAIN ? tooLong(entry) : { expression: result.ir, type: result.type, from, steps };
  };

  const value: Record<string, Json> = {};
  for (const entry of entries) {
    const name = entry.name.text;
    if (source.has(name)) {
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
