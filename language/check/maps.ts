/** Blocks of the user's own names: `impute { LoanAmount = median }`, `{ train = 70%, test = 30% }`. */
import type { Json } from "../ir/canonical.ts";
import type { Attribute, Block } from "../syntax/tree.ts";
import type { OfferedColumn } from "../vocabulary/kind.ts";
import { elementOf, type Field } from "../vocabulary/schema.ts";
import type { ColumnType, Meaning } from "../vocabulary/types.ts";
import { formOf } from "./calls.ts";
import { columnsOf } from "./columns-in-scope.ts";
import { deriveColumns } from "./derive.ts";
import type { Site } from "./draft.ts";
import { readSettings, readVariations } from "./environments.ts";
import { reportUnknown } from "./messages.ts";
import { edit, related } from "./source.ts";
import { listed } from "./suggest.ts";

type MapMeaning = Extract<Meaning, { is: "map" }>;

/** The entries of a block, each name once; what is no entry is reported. */
function entriesOf(block: Block, site: Site): Attribute[] {
  const entries = new Map<string, Attribute>();
  for (const node of block.items) {
    if (node.kind === "import" || node.kind === "phrase") {
      const item = site.source.lines.text.slice(node.span.start, node.span.end).split("\n")[0]!.slice(0, 40);
      site.report(
        "ML2029",
        { item: `\`${item}\``, where: `\`${site.label}\``, wanted: "write `name = value`" },
        node.span,
      );
      continue;
    }
    if (node.kind === "column") {
      const text = site.source.lines.text.slice(node.type.span.start, node.type.span.end);
      const gap = { start: node.name.span.end, end: node.type.span.start };
      site.report("ML2031", { attribute: node.name.text, value: text }, node.span, {
        fixes: [{ title: `write \`${node.name.text} = …\``, edits: [edit(site.source, gap, " = ")] }],
      });
      continue;
    }
    const first = entries.get(node.name.text);
    if (first === undefined) entries.set(node.name.text, node);
    else {
      site.report("ML2006", { attribute: node.name.text }, node.name.span, {
        related: [related(site.source, first.name.span, "first given here")],
      });
    }
  }
  return [...entries.values()];
}

/** Reads a block of user names; lowers to an object in the order written. */
export function readMap(block: Block, field: Field, site: Site): Json | undefined {
  const meaning = field.meaning as MapMeaning; // callers come here for this meaning only
  const before = site.errors;
  const entries = entriesOf(block, site);
  const value = readKeyed(entries, field, meaning, site);
  if (site.errors === before && meaning.total !== null)
    checkTotal(entries, value, meaning.total, site, block);
  return site.errors === before ? value : undefined;
}

function readKeyed(
  entries: readonly Attribute[],
  field: Field,
  meaning: MapMeaning,
  site: Site,
): Record<string, Json> {
  switch (meaning.keys) {
    case "new-column":
      return deriveColumns(entries, field, meaning, site);
    case "parameter":
      return readSettings(entries, site);
    case "attribute":
      return readVariations(entries, site);
    default:
      return readEntries(entries, field, meaning, site);
  }
}

function readEntries(
  entries: readonly Attribute[],
  field: Field,
  meaning: MapMeaning,
  site: Site,
): Record<string, Json> {
  const element = elementOf(field);
  const scope = meaning.keys === "column" && meaning.of !== null ? columnsOf(site, meaning.of, true) : null;
  const value: Record<string, Json> = {};
  for (const entry of entries) {
    const inner = site.at(entry.name.text, entry.name.text);
    const column = scope?.columns?.find((candidate) => candidate.name === entry.name.text);
    if (scope?.columns != null && column === undefined) {
      const names = scope.columns.map((candidate) => candidate.name);
      reportUnknown(site, "ML2020", entry.name, names, { column: entry.name.text, where: scope.where });
      continue;
    }
    const read = inner.read(entry.value, element);
    if (read === undefined) continue;
    inner.locate(entry.span);
    if (column !== undefined) checkFit(column, read, element.meaning, entry, inner, site.label);
    value[entry.name.text] = read;
  }
  return value;
}

/** A statistic or encoding that is for other types of column is an error, as is one of the label. */
function checkFit(
  column: OfferedColumn,
  value: Json,
  meaning: Meaning,
  entry: Attribute,
  site: Site,
  block: string,
): void {
  if (meaning.is === "cell") return; // a row has its label, and its kind reviews what stands in it
  if (column.role === "label") {
    site.report("ML3004", { attribute: block, column: column.name, role: "label" }, entry.span);
    return;
  }
  if (meaning.is !== "call") return;
  const fits: readonly ColumnType[] | undefined = formOf(value, meaning)?.columns;
  if (fits === undefined || fits.includes(column.type)) return;
  const others = Object.entries(meaning.forms).filter(
    ([, form]) => form.columns?.includes(column.type) ?? true,
  );
  const form = typeof value === "object" && value !== null && "call" in value ? String(value.call) : "";
  site.report(
    "ML2037",
    {
      form,
      column: column.name,
      type: column.type,
      fits: listed(fits),
      others: others.length === 0 ? "" : ` It may be ${listed(others.map(([name]) => name))}.`,
    },
    entry.value.span,
  );
}

function checkTotal(
  entries: readonly Attribute[],
  value: Record<string, Json>,
  total: number,
  site: Site,
  block: Block,
): void {
  const sum = Object.values(value).reduce<number>(
    (all, share) => all + (typeof share === "number" ? share : 0),
    0,
  );
  // Shares are written in decimal; their binary sum may miss by a few units in the last place.
  if (Math.abs(sum - total) < 1e-9) return;
  const show = (share: number) => `${Number((share * 100).toFixed(6))}%`;
  const last = entries.at(-1);
  const rest = last === undefined ? 0 : total - (sum - Number(value[last.name.text]));
  site.report(
    "ML3005",
    { total: show(total), sum: show(sum) },
    { start: entries[0]?.span.start ?? block.span.start, end: last?.span.end ?? block.span.end },
    last !== undefined && rest > 0
      ? {
          fixes: [
            {
              title: `write \`${last.name.text} = ${show(rest)}\``,
              edits: [edit(site.source, last.value.span, show(rest))],
            },
          ],
        }
      : {},
  );
}
