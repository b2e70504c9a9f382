/** `textDocument/foldingRange`: blocks, runs of imports and comments, text blocks. */
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver-types";
import type { Expression, Item } from "../../language/syntax/tree.ts";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import { pathOf, positionOf } from "../locations.ts";

export function foldingRanges({ tree, lines, text }: Parsed): FoldingRange[] {
  const found: FoldingRange[] = [];
  const fold = (start: number, end: number, kind?: FoldingRangeKind, keepLast = false) => {
    const startLine = positionOf(lines, start).line;
    const endLine = positionOf(lines, end).line - (keepLast ? 1 : 0);
    if (endLine > startLine) found.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  const value = (expression: Expression | null) => {
    if (expression?.kind === "string" && expression.block)
      fold(expression.span.start, expression.span.end, undefined, true);
    if (expression?.kind === "list") fold(expression.span.start, expression.span.end, undefined, true);
  };
  const visit = (items: readonly Item[]) => {
    for (const item of items) {
      if (item.kind === "attribute") value(item.value);
      if (item.kind !== "phrase" || item.block === null) continue;
      const { end } = item.block.span;
      // The closing brace stays in sight.
      fold(item.span.start, end, undefined, text[end - 1] === "}");
      visit(item.block.items);
    }
  };
  visit(tree.items);
  const imports = tree.items.filter((item) => item.kind === "import");
  if (imports.length > 1) fold(imports[0]!.span.start, imports.at(-1)!.span.end, FoldingRangeKind.Imports);
  for (const run of text.matchAll(/(?:^[ \t]*\/\/.*(?:\n|$)){2,}/gm))
    fold(run.index, run.index + run[0].trimEnd().length, FoldingRangeKind.Comment);
  return found;
}

export const foldingRange: Feature = {
  capabilities: { foldingRangeProvider: true },
  listen({ connection, workspace }) {
    connection.onFoldingRanges(({ textDocument }) => {
      const parsed = workspace.files.parsed(pathOf(textDocument.uri));
      return parsed === null ? [] : foldingRanges(parsed);
    });
  },
};
