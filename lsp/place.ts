/** What the vocabulary says may stand at a cursor. */
import type * as z from "zod";
import type { Attribute, Item, Phrase } from "../language/syntax/tree.ts";
import type { Kind, Variant, Vocabulary } from "../language/vocabulary/kind.ts";
import type { LayerSpec } from "../language/vocabulary/layer.ts";
import {
  blockOf,
  elementOf,
  type Field,
  fieldsOf,
  ruleOf,
  type Typed,
} from "../language/vocabulary/schema.ts";
import type { Cursor } from "./cursor.ts";

/** What a block is for. */
export type Inside =
  /** Between the declarations of a file, or of a template. */
  | { readonly is: "declarations"; readonly template: Phrase | null }
  /** Attributes, blocks and rules with these names. */
  | { readonly is: "fields"; readonly fields: readonly Field[]; readonly owner: Owner }
  /** `name: type constraint…` */
  | { readonly is: "columns"; readonly field: Field; readonly owner: Owner }
  /** `name = value` with names of the user's own, or of columns. */
  | { readonly is: "entries"; readonly field: Field; readonly owner: Owner }
  | { readonly is: "layers"; readonly owner: Owner }
  /** A kind, a variant or a block that nobody knows. */
  | { readonly is: "unknown" };

/** The declaration that everything here belongs to. */
export interface Owner {
  readonly phrase: Phrase;
  readonly kind: Kind;
  readonly variant: Variant | null;
}

/** The phrase's kind and variant; the kind's only one, or its first where none is written yet. */
export function ownerOf(phrase: Phrase, vocabulary: Vocabulary): Owner | null {
  const { kinds } = vocabulary;
  const kind = Object.hasOwn(kinds, phrase.head.text) ? kinds[phrase.head.text] : undefined;
  if (kind === undefined) return null;
  const word = phrase.variant?.kind === "reference" ? phrase.variant.name.text : null;
  const name = kind.variantRequired ? word : kind.name;
  const variant = name !== null && Object.hasOwn(kind.variants, name) ? kind.variants[name]! : null;
  return { phrase, kind, variant };
}

/** Attributes that all variants share, where the variant is not known. */
export function fieldsOfOwner({ kind, variant }: Owner, vocabulary: Vocabulary): readonly Field[] {
  const common = fieldsOf(vocabulary.common);
  if (variant !== null) return [...fieldsOf(variant.schema), ...common];
  const [first, ...others] = Object.values(kind.variants).map((each) => fieldsOf(each.schema));
  const shared = (first ?? []).filter((field) =>
    others.every((fields) => fields.some((other) => other.name === field.name)),
  );
  return [...shared, ...common];
}

const UNKNOWN: Inside = { is: "unknown" };

/** What the innermost block around the cursor is for. */
export function insideOf(blocks: readonly Phrase[], vocabulary: Vocabulary): Inside {
  const [first, ...rest] = blocks;
  if (first === undefined) return { is: "declarations", template: null };
  if (first.head.text === "template") {
    const inner = insideOf(rest, vocabulary);
    return inner.is === "declarations" && inner.template === null
      ? { is: "declarations", template: first }
      : inner;
  }
  const owner = ownerOf(first, vocabulary);
  if (owner === null) return UNKNOWN;
  const fields = fieldsOfOwner(owner, vocabulary);
  const entries = fields.find((field) => field.position?.at === "entries");
  let at: Inside =
    entries?.meaning.is === "layers" ? { is: "layers", owner } : { is: "fields", fields, owner };
  for (const phrase of rest) at = within(at, phrase, owner, vocabulary);
  return at;
}

function within(at: Inside, phrase: Phrase, owner: Owner, vocabulary: Vocabulary): Inside {
  if (at.is === "layers") return layerOf(phrase, vocabulary)?.body === "layers" ? at : UNKNOWN;
  if (at.is !== "fields") return UNKNOWN;
  const field = at.fields.find((other) => other.name === phrase.head.text);
  if (field === undefined) return UNKNOWN;
  switch (field.meaning.is) {
    case "columns":
      return { is: "columns", field, owner };
    case "map":
      return { is: "entries", field, owner };
    case "block":
      return ofObject(blockOf(field), owner);
    case "rules":
      return ofObject(ruleOf(field), owner);
    default:
      return UNKNOWN;
  }
}

function ofObject(schema: z.ZodObject, owner: Owner): Inside {
  const fields = fieldsOf(schema);
  const entries = fields.find((field) => field.position?.at === "entries");
  return entries === undefined ? { is: "fields", fields, owner } : { is: "entries", field: entries, owner };
}

export const layerOf = (phrase: Phrase, vocabulary: Vocabulary): LayerSpec | null =>
  Object.hasOwn(vocabulary.layers, phrase.head.text) ? vocabulary.layers[phrase.head.text]! : null;

/** The field that an item of a block is for. */
export function fieldOfItem(item: Item, inside: Inside): Field | null {
  if (inside.is !== "fields" || item.kind === "import") return null;
  const name = item.kind === "phrase" ? item.head.text : item.name.text;
  return inside.fields.find((field) => field.name === name) ?? null;
}

/** The fields in the parentheses, behind the head and in the clauses of a phrase. */
export function phraseFields(phrase: Phrase, inside: Inside): readonly Field[] {
  const field = fieldOfItem(phrase, inside);
  if (field?.meaning.is === "rules") return fieldsOf(ruleOf(field));
  return field?.meaning.is === "block" ? fieldsOf(blockOf(field)) : [];
}

/** What the vocabulary asks of the value at the cursor, arguments of calls and items of lists included; null: nothing is known. */
export function expectedAt(cursor: Cursor, vocabulary: Vocabulary): Typed | null {
  const { item, blocks } = cursor;
  if (item === null) return null;
  const inside = insideOf(blocks, vocabulary);
  const typed = ofItem(cursor, item, inside, vocabulary);
  return typed === null ? null : narrowed(typed, cursor);
}

function ofItem(cursor: Cursor, item: Item, inside: Inside, vocabulary: Vocabulary): Typed | null {
  if (item.kind === "attribute") return ofAttribute(item, inside);
  if (item.kind !== "phrase") return null;
  if (inside.is === "layers") {
    const layer = layerOf(item, vocabulary);
    return layer === null ? null : ofArgument(cursor, fieldsOf(layer.args));
  }
  const fields = phraseFields(item, inside);
  if (cursor.clause !== null) {
    const { word } = cursor.clause;
    return fields.find(({ position }) => position?.at === "clause" && position.word === word) ?? null;
  }
  const [outermost] = cursor.inside;
  if (outermost?.kind === "argument")
    return ofArgument(
      cursor,
      fields.filter(({ position }) => position?.at === "argument"),
    );
  if (outermost === undefined ? startsOperand(cursor, item) : outermost === item.operand)
    return fields.find(({ position }) => position?.at === "operand") ?? null;
  if (outermost !== undefined && outermost === item.value)
    return fields.find(({ position }) => position?.at === "assigned") ?? null;
  return null;
}

/** Behind the head, where nothing is written yet: `require ‸`. */
const startsOperand = ({ offset }: Cursor, { head, operand, arguments: given, block }: Phrase): boolean =>
  operand === null && given === null && block === null && offset > head.span.end;

function ofAttribute(attribute: Attribute, inside: Inside): Typed | null {
  if (inside.is === "entries") {
    const { meaning } = inside.field;
    return meaning.is === "map" ? elementOf(inside.field) : null;
  }
  return fieldOfItem(attribute, inside);
}

/** The field of the first argument around the cursor. */
function ofArgument({ inside, item }: Cursor, fields: readonly Field[]): Typed | null {
  const argument = inside.find((node) => node.kind === "argument");
  if (argument?.kind !== "argument" || item?.kind !== "phrase") return null;
  if (argument.name !== null) return fields.find((field) => field.name === argument.name?.text) ?? null;
  return fields[item.arguments?.indexOf(argument) ?? -1] ?? null;
}

/** From the whole value's meaning to that of the list's item or the call's argument at the cursor. */
function narrowed(outer: Typed, cursor: Cursor): Typed | null {
  let typed: Typed | null = outer;
  const { inside } = cursor;
  const start = cursor.item?.kind === "phrase" && inside[0]?.kind === "argument" ? 1 : 0;
  for (let index = start; index < inside.length && typed !== null; index += 1) {
    const node = inside[index]!;
    const next = inside[index + 1];
    const within = cursor.offset > node.span.start && cursor.offset < node.span.end;
    if (node.kind === "list" && (next !== undefined || within))
      typed = typed.meaning.is === "list" ? elementOf(typed) : null;
    else if (node.kind === "call" && (next?.kind === "argument" || (within && next === undefined)))
      typed = ofCall(node, next?.kind === "argument" ? next : null, typed);
  }
  return typed?.meaning.is === "list" && typed.meaning.single === true ? elementOf(typed) : typed;
}

type Node = Cursor["inside"][number];
type CallNode = Extract<Node, { kind: "call" }>;

/** What an argument of a call is asked for, one that is not begun yet included; a function's arguments are expressions. */
function ofCall(
  call: CallNode,
  argument: Extract<Node, { kind: "argument" }> | null,
  typed: Typed,
): Typed | null {
  const fields = argumentsOf(call, typed);
  if (fields === null) return typed.meaning.is === "expression" ? typed : null;
  const name = argument?.name ?? null;
  if (name !== null) return fields.find((field) => field.name === name.text) ?? null;
  return fields[argument === null ? call.arguments.length : call.arguments.indexOf(argument)] ?? null;
}

/** The arguments of a word that the vocabulary knows here: `lora(rank = 8)`. */
function argumentsOf(call: CallNode, { meaning }: Typed): readonly Field[] | null {
  const name = call.callee.kind === "reference" ? call.callee.name.text : null;
  if (meaning.is !== "call" || name === null) return null;
  const form = Object.hasOwn(meaning.forms, name) ? meaning.forms[name] : undefined;
  return form === undefined ? null : fieldsOf(form.args);
}
