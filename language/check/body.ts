/** Reads a block, a rule or a declaration against its object schema. */
import type * as z from "zod";
import type { Json } from "../ir/canonical.ts";
import type { Attribute, Block, Clause, Column, Item, Phrase, Span } from "../syntax/tree.ts";
import { blockOf, type Field, fieldsOf, ruleOf } from "../vocabulary/schema.ts";
import { readArguments } from "./calls.ts";
import { renamed } from "./deprecated.ts";
import type { Frame, Site } from "./draft.ts";
import { readLayers } from "./layers.ts";
import { readMap } from "./maps.ts";
import { expected, reportUnknown } from "./messages.ts";
import { readColumns } from "./schema-block.ts";
import { edit, related } from "./source.ts";

/** What was written for one field. */
type Slot =
  | { readonly is: "attribute"; readonly node: Attribute }
  | { readonly is: "phrases"; readonly nodes: Phrase[] };

/** Fields that others look at are read first. */
const rank = (field: Field): number => {
  switch (field.meaning.is) {
    case "reference":
    case "columns":
      return 0;
    case "expression":
      return 1;
    case "map":
      return field.meaning.keys === "new-column" ? 1 : 2;
    default:
      return 2;
  }
};

const isPhrased = (field: Field): boolean => ["columns", "map", "block", "rules"].includes(field.meaning.is);

function item(site: Site, span: Span): string {
  return site.source.lines.text.slice(span.start, span.end).split("\n")[0]!.slice(0, 40);
}

/** Sorts a block's items by the field that each is for; reports those that are for none, and notes what they meant. */
function gather(
  items: readonly Item[],
  fields: readonly Field[],
  site: Site,
  what: string,
  meant: Set<string>,
): Map<string, Slot> {
  const body = fields.filter((field) => field.position === null);
  const slots = new Map<string, Slot>();
  for (const node of items) {
    if (node.kind === "import") {
      site.report(
        "ML2029",
        { item: "an import", where: what, wanted: "write it at the top of the file" },
        node.span,
      );
      continue;
    }
    const name = node.kind === "phrase" ? node.head : node.name;
    const known = body.map((candidate) => candidate.name);
    const called = renamed(name, "attribute", known, site);
    const field = body.find((candidate) => candidate.name === called);
    if (field === undefined) {
      const near = reportUnknown(site, "ML2005", name, known, { attribute: name.text, what });
      if (near !== null) meant.add(near);
      continue;
    }
    if (!misplaced(node, field, site)) place(node, field, slots, site);
  }
  return slots;
}

/** Reports an item written in another form than its field has. */
function misplaced(node: Attribute | Column | Phrase, field: Field, site: Site): boolean {
  const phrased = isPhrased(field);
  if (node.kind === (phrased ? "phrase" : "attribute")) return false;
  const at = site.at(field.name, field.name);
  if (phrased) {
    if (node.kind === "attribute") {
      at.report(
        "ML2014",
        { attribute: field.name, expected: expected(field.meaning), found: `\`${item(site, node.span)}\`` },
        node.span,
      );
      return true;
    }
    at.report(
      "ML2029",
      {
        item: `\`${item(site, node.span)}\``,
        where: `\`${field.name}\``,
        wanted: `write \`${field.name} { … }\``,
      },
      node.span,
    );
    return true;
  }
  const value = node.kind === "column" ? node.type : node.kind === "phrase" ? node.operand : null;
  const name = node.kind === "phrase" ? node.head : node.name;
  if (value === null) {
    at.report("ML2030", { attribute: field.name, expected: expected(field.meaning) }, node.span);
    return true;
  }
  const text = site.source.lines.text.slice(value.span.start, value.span.end);
  at.report("ML2031", { attribute: field.name, value: text }, node.span, {
    fixes: [
      {
        title: `write \`${field.name} = …\``,
        edits: [edit(site.source, { start: name.span.end, end: value.span.start }, " = ")],
      },
    ],
  });
  return true;
}

function place(node: Attribute | Column | Phrase, field: Field, slots: Map<string, Slot>, site: Site): void {
  const slot = slots.get(field.name);
  if (node.kind === "phrase") {
    if (slot?.is === "phrases") {
      if (field.meaning.is === "rules") slot.nodes.push(node);
      else duplicate(field.name, node.head.span, slot.nodes[0]!.head.span, site);
    } else slots.set(field.name, { is: "phrases", nodes: [node] });
  } else if (node.kind === "attribute") {
    if (slot?.is === "attribute") duplicate(field.name, node.name.span, slot.node.name.span, site);
    else slots.set(field.name, { is: "attribute", node });
  }
}

function duplicate(name: string, span: Span, first: Span, site: Site): void {
  site.report("ML2006", { attribute: name }, span, {
    related: [related(site.source, first, "first given here")],
  });
}

/** How messages name a field: as it is written, so the operand of `expect …` is `expect`. */
function labelOf(field: Field, phrase: Phrase | null): string {
  if (field.position?.at === "clause") return field.position.word;
  return field.position?.at === "operand" && phrase !== null ? phrase.head.text : field.name;
}

/** Reads the fields of an object: those of its block, and of the phrase that carries it. */
export function readObject(
  schema: z.ZodObject,
  block: Block | null,
  phrase: Phrase | null,
  site: Site,
  what: string,
  headSpan: Span,
): Frame {
  const fields = fieldsOf(schema);
  const frame: Frame = { fields, values: {}, derived: [], outer: site.frame };
  const own = new Map<string, () => Json | undefined>();
  const entries = fields.find((field) => field.position?.at === "entries");
  const meant = new Set<string>();
  const slots =
    entries === undefined
      ? gather(block?.items ?? [], fields, site.within(frame), what, meant)
      : new Map<string, Slot>();
  const at = (field: Field) => site.at(field.name, labelOf(field, phrase), frame);

  if (phrase !== null) phraseFields(phrase, fields, at, own, site, what, frame);
  if (entries !== undefined && block !== null) {
    const isLayers = entries.meaning.is === "layers";
    own.set(entries.name, () =>
      isLayers ? readLayers(block, at(entries)) : readMap(block, entries, at(entries)),
    );
  }
  for (const field of fields) {
    const slot = slots.get(field.name);
    if (slot !== undefined) own.set(field.name, () => readSlot(slot, field, at(field)));
  }

  for (const field of inReadingOrder(fields)) {
    const read = own.get(field.name);
    if (read !== undefined) {
      const value = read();
      if (value !== undefined) frame.values[field.name] = value;
      else if (field.required) site.fail(); // said where it is written, by the parser or a reader
    } else if (field.required && !meant.has(field.name)) missing(field, site, what, headSpan);
  }
  frame.values = complete(fields, frame.values, own);
  return frame;
}

const readingOrders = new WeakMap<readonly Field[], readonly Field[]>();

function inReadingOrder(fields: readonly Field[]): readonly Field[] {
  const known = readingOrders.get(fields);
  if (known !== undefined) return known;
  const order = [...fields].sort((a, b) => rank(a) - rank(b));
  readingOrders.set(fields, order);
  return order;
}

/** The values in the schema's order, with the defaults of what is not written. */
function complete(
  fields: readonly Field[],
  values: Readonly<Record<string, Json>>,
  written: ReadonlyMap<string, unknown>,
): Record<string, Json> {
  const whole: Record<string, Json> = {};
  for (const { name, fallback } of fields) {
    const value = values[name];
    if (value !== undefined) whole[name] = value;
    else if (fallback !== undefined && !written.has(name)) whole[name] = fallback as Json; // defaults of stdlib are JSON
  }
  return whole;
}

function missing(field: Field, site: Site, what: string, span: Span): void {
  if (field.meaning.is === "rules") site.report("ML3001", { what, rule: field.name }, span);
  else if (field.position?.at === "entries")
    site.report(
      "ML2007",
      { what, attribute: "entries in its block", expected: expected(field.meaning) },
      span,
    );
  else
    site.report("ML2007", { what, attribute: `\`${field.name}\``, expected: expected(field.meaning) }, span);
}

/** The operand, arguments, clauses and message of a phrase. */
function phraseFields(
  phrase: Phrase,
  fields: readonly Field[],
  at: (field: Field) => Site,
  own: Map<string, () => Json | undefined>,
  site: Site,
  what: string,
  frame: Frame,
): void {
  const byPosition = (where: string) => fields.filter((field) => field.position?.at === where);
  const take = (field: Field, span: Span, read: (inner: Site) => Json | undefined) => {
    const inner = at(field);
    own.set(field.name, () => {
      const value = read(inner);
      if (value !== undefined) inner.locate(span);
      return value;
    });
  };
  const refuse = (span: Span, wanted: string) =>
    site.report("ML2029", { item: `\`${item(site, span)}\``, where: what, wanted }, span);

  const [operand] = byPosition("operand");
  const { operand: written } = phrase;
  if (written !== null) {
    if (operand !== undefined) take(operand, written.span, (inner) => inner.read(written, operand));
    else refuse(written.span, "take it out");
  }
  if (phrase.variant !== null) refuse(phrase.variant.span, "take it out");
  const [assigned] = byPosition("assigned");
  const { value: given } = phrase;
  if (given !== null && assigned !== undefined)
    take(assigned, given.span, (inner) => inner.read(given, assigned));
  else if (given !== null) refuse(given.span, "take it out");

  const args = byPosition("argument");
  if (phrase.arguments !== null) {
    const read = readArguments(
      phrase.arguments,
      args,
      phrase.head.text,
      phrase.head.span,
      site.within(frame),
    );
    for (const [name, value] of Object.entries(read ?? {})) own.set(name, () => value);
    for (const field of args) if (!own.has(field.name)) own.set(field.name, () => undefined);
  }

  for (const clause of phrase.clauses) readClause(clause, fields, take, own, site, what);
  const [text] = byPosition("message");
  const { message } = phrase;
  if (message !== null) {
    if (text !== undefined) take(text, message.span, () => message.value);
    else refuse(message.span, "take it out");
  }
}

function readClause(
  clause: Clause,
  fields: readonly Field[],
  take: (field: Field, span: Span, read: (inner: Site) => Json | undefined) => void,
  own: ReadonlyMap<string, unknown>,
  site: Site,
  what: string,
): void {
  const clauses = fields.filter((field) => field.position?.at === "clause");
  const wordOf = (field: Field) => (field.position?.at === "clause" ? field.position.word : "");
  const field = clauses.find((candidate) => wordOf(candidate) === clause.word);
  if (field === undefined) {
    const known = clauses.map((candidate) => `\`${wordOf(candidate)}\``).join(", ");
    const wanted = clauses.length === 0 ? "take it out" : `${known} may follow`;
    site.report("ML2029", { item: `\`${clause.word}\``, where: what, wanted }, clause.wordSpan);
  } else if (own.has(field.name)) {
    site.report("ML2006", { attribute: clause.word }, clause.wordSpan);
  } else take(field, clause.span, (inner) => inner.read(clause.value, field));
}

function readSlot(slot: Slot, field: Field, site: Site): Json | undefined {
  if (slot.is === "attribute") {
    const value = site.read(slot.node.value, field);
    if (value !== undefined) site.locate(slot.node.span);
    return value;
  }
  const first = slot.nodes[0]!;
  site.locate(first.span);
  const before = site.errors;
  const value = readPhrases(slot.nodes, first, field, site);
  return site.errors === before ? value : undefined;
}

function readPhrases(nodes: readonly Phrase[], first: Phrase, field: Field, site: Site): Json | undefined {
  const needsBlock = field.meaning.is === "columns" || field.meaning.is === "map";
  if (needsBlock && (first.block === null || first.operand !== null)) {
    site.report(
      "ML2014",
      { attribute: field.name, expected: expected(field.meaning), found: `\`${item(site, first.span)}\`` },
      first.span,
    );
    return undefined;
  }
  switch (field.meaning.is) {
    case "columns":
      return readColumns(first.block!, site);
    case "map":
      return readMap(first.block!, field, site);
    case "block":
      return readObject(blockOf(field), first.block, first, site, `\`${field.name}\``, first.head.span)
        .values;
    case "rules":
      return nodes.map((node, index) => {
        const rule = site.at(index);
        rule.locate(node.span);
        return readObject(ruleOf(field), node.block, node, rule, `\`${field.name}\``, node.head.span).values;
      });
    default:
      return undefined;
  }
}
