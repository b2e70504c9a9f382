/** Reads a block, a rule or a declaration against its object schema. */
import type * as z from "zod";
import type { Json } from "../ir/canonical.ts";
import type { Attribute, Block, Clause, Column, Expression, Item, Phrase, Span } from "../syntax/tree.ts";
import { blockOf, type Field, fieldsOf, ruleOf } from "../vocabulary/schema.ts";
import type { Position } from "../vocabulary/types.ts";
import { readArguments } from "./calls.ts";
import { renamed } from "./deprecated.ts";
import type { Frame, Site } from "./draft.ts";
import { readLayers } from "./layers.ts";
import { readMap } from "./maps.ts";
import { expected, reportUnknown } from "./messages.ts";
import { readColumns } from "./schema-block.ts";
import { type Shape, shapeOf, wordOf } from "./shape.ts";
import { edit, related } from "./source.ts";

/** What was written for one field of the body. */
type Slot = Attribute | Phrase[];
type Slots = ReadonlyMap<string, Slot>;
const NO_SLOTS: Slots = new Map();
const NO_NAMES: ReadonlySet<string> = new Set();

const PHRASED: readonly string[] = ["columns", "map", "block", "rules"];
const isPhrased = (field: Field): boolean => PHRASED.includes(field.meaning.is);

function item(site: Site, span: Span): string {
  return site.source.lines.text.slice(span.start, span.end).split("\n")[0]!.slice(0, 40);
}

/** Sorts a block's items by the field that each is for; reports those that are for none, and notes what they meant. */
function gather(items: readonly Item[], shape: Shape, site: Site, what: string, meant: string[]): Slots {
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
    const field = shape.body.get(name.text) ?? shape.body.get(renamed(name, "attribute", shape.names, site));
    if (field === undefined) {
      const near = reportUnknown(site, "ML2005", name, shape.names, { attribute: name.text, what });
      if (near !== null) meant.push(near);
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
    if (slot === undefined || !Array.isArray(slot)) slots.set(field.name, [node]);
    else if (field.meaning.is === "rules") slot.push(node);
    else duplicate(field.name, node.head.span, slot[0]!.head.span, site);
  } else if (node.kind === "attribute") {
    if (slot === undefined || Array.isArray(slot)) slots.set(field.name, node);
    else duplicate(field.name, node.name.span, slot.name.span, site);
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
  const shape = shapeOf(fieldsOf(schema));
  const { fields } = shape;
  const frame: Frame = { fields, values: {}, derived: [], outer: site.frame };
  const meant: string[] = [];
  const items = block === null || shape.entries !== undefined ? null : block.items;
  const slots =
    items === null || items.length === 0 ? NO_SLOTS : gather(items, shape, site.within(frame), what, meant);
  const parts = phrase === null ? null : partsOf(phrase, shape, site, what, frame);
  /** Fields that are written and whose value was not accepted. */
  let refused: Set<string> | null = null;

  for (const field of shape.order) {
    const { name } = field;
    const value =
      field.position === null
        ? readSlot(slots.get(name), field, site, frame)
        : readPart(field, field.position, shape, block, parts, site, frame);
    if (value === NOT_WRITTEN) {
      if (field.required && !meant.includes(name)) missing(field, site, what, headSpan);
    } else if (value !== undefined) frame.values[name] = value;
    else {
      refused ??= new Set();
      refused.add(name);
      if (field.required) site.fail(); // said where it is written, by the parser or a reader
    }
  }
  frame.values = complete(fields, frame.values, refused ?? NO_NAMES);
  return frame;
}

/** Nothing stands there for the field. */
const NOT_WRITTEN = Symbol("not written");
type Read = Json | undefined | typeof NOT_WRITTEN;

/** The values in the schema's order, with the defaults of what is not written. */
function complete(
  fields: readonly Field[],
  values: Readonly<Record<string, Json>>,
  refused: ReadonlySet<string>,
): Record<string, Json> {
  const whole: Record<string, Json> = {};
  for (const { name, fallback } of fields) {
    const value = values[name];
    if (value !== undefined) whole[name] = value;
    else if (fallback !== undefined && !refused.has(name)) whole[name] = fallback as Json; // defaults of stdlib are JSON
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

/** What a phrase has beside its block. */
interface Parts {
  readonly phrase: Phrase;
  /** Null when it has no arguments; `refused` when they were not accepted. */
  readonly args: Readonly<Record<string, Json>> | "refused" | null;
  readonly clauses: ReadonlyMap<string, Clause> | null;
}

/** Reads a phrase's arguments, and refuses what its schema has no field for. */
function partsOf(phrase: Phrase, shape: Shape, site: Site, what: string, frame: Frame): Parts {
  const refuse = (span: Span, wanted: string) =>
    site.report("ML2029", { item: `\`${item(site, span)}\``, where: what, wanted }, span);
  const { operand, variant, value, message } = phrase;
  if (operand !== null && shape.operand === undefined) refuse(operand.span, "take it out");
  if (variant !== null) refuse(variant.span, "take it out");
  if (value !== null && shape.assigned === undefined) refuse(value.span, "take it out");
  const { text, span } = phrase.head;
  const args =
    phrase.arguments === null
      ? null
      : (readArguments(phrase.arguments, shape.arguments, text, span, site.within(frame)) ?? "refused");
  const clauses = phrase.clauses.length === 0 ? null : clausesOf(phrase, shape, site, what);
  if (message !== null && shape.message === undefined) refuse(message.span, "take it out");
  return { phrase, args, clauses };
}

function clausesOf(phrase: Phrase, shape: Shape, site: Site, what: string): ReadonlyMap<string, Clause> {
  const found = new Map<string, Clause>();
  for (const clause of phrase.clauses) {
    const field = shape.clauses.find((candidate) => wordOf(candidate) === clause.word);
    if (field === undefined) {
      const known = shape.clauses.map((candidate) => `\`${wordOf(candidate)}\``).join(", ");
      const wanted = shape.clauses.length === 0 ? "take it out" : `${known} may follow`;
      site.report("ML2029", { item: `\`${clause.word}\``, where: what, wanted }, clause.wordSpan);
    } else if (found.has(field.name)) site.report("ML2006", { attribute: clause.word }, clause.wordSpan);
    else found.set(field.name, clause);
  }
  return found;
}

/** Reads a field that has a position of its own in the phrase, or takes the whole block. */
function readPart(
  field: Field,
  { at }: Position,
  shape: Shape,
  block: Block | null,
  parts: Parts | null,
  site: Site,
  frame: Frame,
): Read {
  if (at === "entries") {
    if (block === null || field !== shape.entries) return NOT_WRITTEN;
    const inner = site.at(field.name, labelOf(field, parts?.phrase ?? null), frame);
    return field.meaning.is === "layers" ? readLayers(block, inner) : readMap(block, field, inner);
  }
  if (parts === null) return NOT_WRITTEN;
  const { phrase, args, clauses } = parts;
  switch (at) {
    case "operand":
      return field === shape.operand
        ? readAt(phrase.operand, phrase.operand, field, phrase, site, frame)
        : NOT_WRITTEN;
    case "assigned":
      return field === shape.assigned
        ? readAt(phrase.value, phrase.value, field, phrase, site, frame)
        : NOT_WRITTEN;
    case "argument":
      if (args === null) return NOT_WRITTEN;
      return args === "refused" ? undefined : args[field.name];
    case "clause": {
      const clause = clauses?.get(field.name);
      return clause === undefined ? NOT_WRITTEN : readAt(clause.value, clause, field, phrase, site, frame);
    }
    case "message": {
      if (phrase.message === null || field !== shape.message) return NOT_WRITTEN;
      site.at(field.name, field.name, frame).locate(phrase.message.span);
      return phrase.message.value;
    }
  }
}

function readAt(
  value: Expression | null,
  around: { readonly span: Span } | null,
  field: Field,
  phrase: Phrase,
  site: Site,
  frame: Frame,
): Read {
  if (value === null || around === null) return NOT_WRITTEN;
  const inner = site.at(field.name, labelOf(field, phrase), frame);
  const read = inner.read(value, field);
  if (read !== undefined) inner.locate(around.span);
  return read;
}

function readSlot(slot: Slot | undefined, field: Field, around: Site, frame: Frame): Read {
  if (slot === undefined) return NOT_WRITTEN;
  const site = around.at(field.name, field.name, frame);
  if (!Array.isArray(slot)) {
    const value = site.read(slot.value, field);
    if (value !== undefined) site.locate(slot.span);
    return value;
  }
  const first = slot[0]!;
  site.locate(first.span);
  const before = site.errors;
  const value = readPhrases(slot, first, field, site);
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
