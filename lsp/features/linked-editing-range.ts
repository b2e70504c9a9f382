/** `textDocument/linkedEditingRange`: a prompt's input and its placeholders change together, as do a test's rows. */
import type { Range } from "vscode-languageserver-types";
import type { Phrase, Span } from "../../language/syntax/tree.ts";
import { cursorAt, holds } from "../cursor.ts";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import { offsetOf, pathOf, spanRange } from "../locations.ts";

/** The name of an input, and where `{name}` stands in the template, all without braces. */
export function linkedSpans(parsed: Parsed, offset: number): Span[] {
  const { blocks } = cursorAt(parsed, offset);
  const declaration =
    blocks[0] ??
    parsed.tree.items.find((item): item is Phrase => item.kind === "phrase" && holds(item.span, offset));
  if (declaration?.head.text !== "prompt") return [];
  const items = declaration.block?.items ?? [];
  const inputs = items.flatMap((item) =>
    item.kind === "phrase" && item.head.text === "input" ? (item.block?.items ?? []) : [],
  );
  const template = items.find((item) => item.kind === "attribute" && item.name.text === "template");
  if (template?.kind !== "attribute" || template.value.kind !== "string") return [];
  const { start, end } = template.value.span;
  const text = parsed.text.slice(start, end);
  for (const input of inputs) {
    if (input.kind !== "column" || input.name.text === "") continue;
    const name = input.name.text;
    const places = [...text.matchAll(new RegExp(`\\{${name}\\}`, "g"))].map(({ index }) => ({
      start: start + index + 1,
      end: start + index + 1 + name.length,
    }));
    const all = [input.name.span, ...places];
    if (places.length > 0 && all.some((span) => holds(span, offset))) return all;
  }
  return [];
}

export const linkedEditingRange: Feature = {
  capabilities: { linkedEditingRangeProvider: true },
  listen({ connection, workspace }) {
    connection.languages.onLinkedEditingRange(({ textDocument, position }) => {
      const parsed = workspace.files.parsed(pathOf(textDocument.uri));
      if (parsed === null) return null;
      const spans = linkedSpans(parsed, offsetOf(parsed.lines, position));
      const ranges: Range[] = spans.map((span) => spanRange(parsed.lines, span));
      return ranges.length === 0 ? null : { ranges, wordPattern: "[A-Za-z_]\\w*" };
    });
  },
};
