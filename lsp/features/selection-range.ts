/** `textDocument/selectionRange`: from a word outwards, a piece of the tree at a time. */
import type { SelectionRange } from "vscode-languageserver-types";
import type { Span } from "../../language/syntax/tree.ts";
import { cursorAt } from "../cursor.ts";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import { offsetOf, pathOf, spanRange } from "../locations.ts";

/** Spans around an offset, the innermost first. */
function spansAround(parsed: Parsed, offset: number): Span[] {
  const { blocks, item, inside, name } = cursorAt(parsed, offset);
  const outer = blocks.flatMap((phrase) => [
    phrase.span,
    ...(phrase.block === null ? [] : [phrase.block.span]),
  ]);
  const all = [
    { start: 0, end: parsed.text.length },
    ...outer,
    ...(item === null ? [] : [item.span]),
    ...inside.map(({ span }) => span),
    ...(name === null ? [] : [name.span]),
  ];
  return all.reverse().filter(({ start, end }, index, spans) => {
    const inner = spans[index - 1];
    return inner === undefined || start !== inner.start || end !== inner.end;
  });
}

export const selectionRange: Feature = {
  capabilities: { selectionRangeProvider: true },
  listen({ connection, workspace }) {
    connection.onSelectionRanges(({ textDocument, positions }) => {
      const parsed = workspace.files.parsed(pathOf(textDocument.uri));
      if (parsed === null) return [];
      return positions.map((position) => {
        const spans = spansAround(parsed, offsetOf(parsed.lines, position));
        const range = spans.reduceRight<SelectionRange | undefined>(
          (parent, span) => ({
            range: spanRange(parsed.lines, span),
            ...(parent === undefined ? {} : { parent }),
          }),
          undefined,
        );
        return range ?? { range: { start: position, end: position } };
      });
    });
  },
};
