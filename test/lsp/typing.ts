/** A spec as someone types it: which of its words are made up by the writer, and which an editor can offer. */
import { parse } from "../../language/syntax/parse.ts";
import type { Item, Span } from "../../language/syntax/tree.ts";

export interface TypedWord {
  readonly word: string;
  /** Where it begins in the text. */
  readonly start: number;
}

/** Every word outside comments that is not a name of the writer's own; of paths, each part of them. */
export function offeredWords(text: string): TypedWord[] {
  const own = new Set(ownNames(parse(text).items).map(({ start }) => start));
  const words: TypedWord[] = [];
  for (const { 0: found, index, groups } of text.matchAll(
    /\/\/.*|"(?<quoted>[^"\n]*)"|(?<![\w.])\d[\w.]*|(?<word>[A-Za-z_]\w*)/g,
  )) {
    if (groups?.["word"] !== undefined && !own.has(index)) words.push({ word: found, start: index });
    const quoted = groups?.["quoted"];
    if (quoted?.startsWith("data/") === true)
      for (const { 0: part, index: at } of quoted.matchAll(/[^/]+\/?/g))
        words.push({ word: part, start: index + 1 + at });
  }
  return words;
}

/** Names that a spec gives: to declarations, columns, what is computed, and rows of tests. */
function ownNames(items: readonly Item[], inside: string | null = null): Span[] {
  return items.flatMap((item): Span[] => {
    if (item.kind === "column") return [item.name.span];
    if (item.kind === "attribute") return inside === "derive" ? [item.name.span] : [];
    if (item.kind !== "phrase") return [];
    const { head, operand, block } = item;
    const named = inside === null || head.text === "row";
    return [
      ...(named && operand?.kind === "reference" ? [operand.span] : []),
      ...ownNames(block?.items ?? [], head.text),
    ];
  });
}

const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** What an editor has put behind the cursor: a closing bracket for each that is open, and the closing quote. */
export function behind(before: string): string {
  const open: string[] = [];
  let quoted = false;
  for (const character of before.replace(/\/\/.*/g, "")) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character in CLOSING) open.push(character);
    else if (Object.values(CLOSING).includes(character)) open.pop();
  }
  const close = open.reverse().map((character) => (character === "{" ? "\n}" : CLOSING[character]));
  return `${quoted ? '"' : ""}${close.join("")}\n`;
}
