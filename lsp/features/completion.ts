/** `textDocument/completion`: what may be written here, with its documentation, what is missing first. */
import type { CompletionItem } from "vscode-languageserver-types";
import type { Phrase } from "../../language/syntax/tree.ts";
import { fieldsOf } from "../../language/vocabulary/schema.ts";
import {
  constraintOffers,
  declarationOffers,
  entryOffers,
  fieldOffers,
  layerOffers,
  typeOffers,
} from "../completion/blocks.ts";
import { ItemKind, itemOf, type Offer } from "../completion/item.ts";
import {
  importOffers,
  isPath,
  isTemplate,
  pathOffers,
  placeholderOffers,
  typedInString,
} from "../completion/strings.ts";
import { memberOffers, valueOffers } from "../completion/values.ts";
import { type Cursor, cursorAt } from "../cursor.ts";
import type { Feature } from "../feature.ts";
import { Known } from "../known.ts";
import { offsetOf, pathOf } from "../locations.ts";
import { expectedAt, insideOf, layerOf, phraseFields } from "../place.ts";
import type { Workspace } from "../workspace.ts";

/** Everything that may be written at an offset of a file. */
export function completionsAt(workspace: Workspace, path: string, offset: number): Offer[] {
  const parsed = workspace.files.parsed(path);
  if (parsed === null) return [];
  const cursor = cursorAt(parsed, offset);
  if (inComment(cursor)) return [];
  // Names are those of the last analysis: typing does not wait for a check.
  const known = new Known(workspace.lastAnalysis(path) ?? workspace.analysis(path));
  const { vocabulary, files } = workspace;
  const context = { cursor, known, vocabulary };
  const typed = expectedAt(cursor, vocabulary);
  const quoted = typedInString(cursor);
  if (quoted !== null) {
    if (cursor.item?.kind === "import") return importOffers(quoted, path, files.disk);
    if (typed !== null && isTemplate(typed)) return placeholderOffers(quoted, cursor);
    return typed !== null && isPath(typed) ? pathOffers(quoted, path, files.disk) : [];
  }
  const member = cursor.inside.findLast((node) => node.kind === "member");
  if (member?.kind === "member" && offset > member.object.span.end)
    return memberOffers(member.object, typed, context);
  const inside = insideOf(cursor.blocks, vocabulary);
  const { item } = cursor;
  if (item === null || startsHere(cursor)) {
    const before = ruleBefore(cursor);
    if (before !== null) return clauseOffers({ ...cursor, item: before }, workspace);
    const items = cursor.blocks.at(-1)?.block?.items ?? [];
    switch (inside.is) {
      case "declarations":
        return declarationOffers(known, vocabulary);
      case "fields":
        return fieldOffers(inside.fields, items, item);
      case "layers":
        return layerOffers(vocabulary);
      case "entries":
        return entryOffers(inside, cursor, known);
      default:
        return [];
    }
  }
  if (item.kind === "column") {
    // `name: ` and `name: type `
    const behindType = offset > item.type.span.end && item.type.kind !== "missing";
    return inside.is === "columns" ? (behindType ? constraintOffers(cursor) : typeOffers()) : [];
  }
  if (item.kind === "import") return importedNames(cursor, workspace, path);
  if (item.kind === "phrase" && inside.is === "declarations" && item.head.text !== "param") {
    const kind = Object.hasOwn(vocabulary.kinds, item.head.text)
      ? vocabulary.kinds[item.head.text]
      : undefined;
    const behindColon = item.variant !== null && offset >= item.variant.span.start;
    if (kind?.variantRequired === true && behindColon)
      return Object.values(kind.variants).map(({ name, doc }) => ({
        label: name,
        doc,
        kind: ItemKind.EnumMember,
        rank: "wanted",
      }));
    return [];
  }
  if (item.kind === "phrase" && inside.is === "declarations") return typeWords();
  const whole = cursor.clause === null && cursor.inside.at(-1)?.kind !== "missing";
  if (item.kind === "phrase" && item.operand !== null && whole && offset > item.span.end)
    return clauseOffers(cursor, workspace);
  const words = argumentOffers(cursor, workspace);
  return typed === null
    ? [...words, ...clauseOffers(cursor, workspace)]
    : [...words, ...valueOffers(typed, context)];
}

const typeWords = (): Offer[] =>
  ["int", "float", "ratio", "duration", "size", "string", "boolean"].map((label) => ({
    label,
    kind: ItemKind.TypeParameter,
  }));

/** The cursor is in the first word of an item, which may still become anything. */
function startsHere({ item, offset }: Cursor): boolean {
  if (item === null || item.kind === "import") return false;
  const first =
    item.kind === "phrase"
      ? item.head
      : item.kind === "attribute"
        ? (item.path?.[0] ?? item.name)
        : item.name;
  return offset >= first.span.start && offset <= first.span.end;
}

/** The rule on whose line a new word begins: `require scored.f1 >= 80% b‸`. */
function ruleBefore({ item, blocks, parsed }: Cursor): Phrase | null {
  const items = blocks.at(-1)?.block?.items ?? [];
  const before = item === null ? undefined : items[items.indexOf(item) - 1];
  if (item === null || before?.kind !== "phrase" || before.block !== null) return null;
  return /^[ \t]+$/.test(parsed.text.slice(before.span.end, item.span.start)) ? before : null;
}

/** The cursor stands between the parentheses of a phrase: `split(‸`. */
function inParentheses({ parsed, offset }: Cursor, { head, arguments: given, span }: Phrase): boolean {
  if (given === null || offset <= head.span.end || offset > span.end) return false;
  let depth = 0;
  for (const character of parsed.text.slice(head.span.end, offset)) {
    if (character === "(") depth += 1;
    if (character === ")" || character === "{") depth -= 1;
  }
  return depth > 0;
}

/** Names of arguments that are not given yet: `lora(` → `rank = `. */
function argumentOffers(cursor: Cursor, workspace: Workspace): Offer[] {
  const { item } = cursor;
  const argument = cursor.inside.findLast((node) => node.kind === "argument");
  if (argument?.kind === "argument" && argument.name !== null && cursor.offset > argument.name.span.end)
    return [];
  const given = new Set<string>();
  const inside = insideOf(cursor.blocks, workspace.vocabulary);
  const call = cursor.inside.findLast((node) => node.kind === "call");
  let fields: ReturnType<typeof fieldsOf> = [];
  if (call?.kind === "call") {
    for (const { name } of call.arguments) if (name !== null) given.add(name.text);
    // What the call itself stands for, as seen from its first letter.
    const inside = cursor.inside.slice(0, cursor.inside.indexOf(call) + 1);
    const before = { ...cursor, inside, offset: call.span.start };
    const meaning = expectedAt(before, workspace.vocabulary)?.meaning;
    const word = call.callee.kind === "reference" ? call.callee.name.text : "";
    if (meaning?.is === "call" && Object.hasOwn(meaning.forms, word))
      fields = fieldsOf(meaning.forms[word]!.args);
  } else if (item?.kind === "phrase" && inParentheses(cursor, item)) {
    for (const { name } of item.arguments ?? []) if (name !== null) given.add(name.text);
    const layer = inside.is === "layers" ? layerOf(item, workspace.vocabulary) : null;
    fields =
      layer !== null
        ? fieldsOf(layer.args)
        : phraseFields(item, inside).filter(({ position }) => position?.at === "argument");
  }
  return fields
    .filter(({ name }) => !given.has(name))
    .map((field) => ({
      label: `${field.name} =`,
      kind: ItemKind.Property,
      doc: field.meaning.doc,
      text: `${field.name} = `,
      rank: field.required ? "wanted" : "other",
      more: true,
    }));
}

/** Words that may go on a rule: `by`, `with`, `as`. */
function clauseOffers({ item, blocks }: Cursor, workspace: Workspace): Offer[] {
  if (item?.kind !== "phrase") return [];
  const fields = phraseFields(item, insideOf(blocks, workspace.vocabulary));
  const given = new Set<string>(item.clauses.map(({ word }) => word));
  return fields.flatMap((field): Offer[] =>
    field.position?.at === "clause" && !given.has(field.position.word)
      ? [
          {
            label: field.position.word,
            kind: ItemKind.Keyword,
            doc: field.meaning.doc,
            rank: "word",
            more: true,
          },
        ]
      : [],
  );
}

/** Names of the imported file that are not taken yet. */
function importedNames({ item }: Cursor, workspace: Workspace, path: string): Offer[] {
  if (item?.kind !== "import" || item.path === null) return [];
  const file = item.path.value;
  const place = file.startsWith("std/")
    ? `std:${file.slice(4)}.mlops`
    : new URL(file, `file://${path}`).pathname;
  const analysis = workspace.files.read(place) === null ? null : workspace.analysis(place);
  const taken = new Set(item.names.map(({ text }) => text));
  return [...(analysis?.symbols.values() ?? [])]
    .filter(({ name }) => !taken.has(name))
    .map((symbol) => ({
      label: symbol.name,
      kind: ItemKind.Variable,
      detail: symbol.phrase.head.text,
      ...(symbol.phrase.doc === null ? {} : { doc: symbol.phrase.doc }),
      rank: "own",
    }));
}

function inComment({ parsed, offset }: Cursor): boolean {
  const start = parsed.text.lastIndexOf("\n", offset - 1) + 1;
  const line = parsed.text.slice(start, offset);
  return line.trimStart().startsWith("//");
}

export const completion: Feature = {
  capabilities: {
    completionProvider: {
      triggerCharacters: [".", ":", '"', "/", "{", "[", "(", " ", "="],
      resolveProvider: false,
    },
  },
  listen({ connection, workspace }) {
    connection.onCompletion(({ textDocument, position }): CompletionItem[] => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return [];
      const { snippets } = workspace.client;
      return completionsAt(workspace, path, offsetOf(parsed.lines, position)).map((offer, index) =>
        itemOf(offer, index, snippets),
      );
    });
  },
};
