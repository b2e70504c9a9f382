/** `textDocument/formatting`, of a range, and on type: the one layout of `mlops fmt`. */
import type { TextEdit } from "vscode-languageserver-types";
import { format } from "../../language/syntax/format.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import { pathOf } from "../locations.ts";
import type { Workspace } from "../workspace.ts";

/** What `fmt` would change, line by line, so that cursors and folds elsewhere stay; nothing where the text does not parse. */
export function formatEdits(
  workspace: Workspace,
  { tree, text }: Parsed,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): TextEdit[] {
  if (tree.errors.length > 0) return [];
  const [before, after] = [text.split("\n"), format(tree, layoutOf(workspace.vocabulary)).split("\n")];
  return changedRuns(before, after)
    .filter(({ start, end }) => start <= to && end >= from)
    .map(({ start, end, lines }) => ({
      range: { start: { line: start, character: 0 }, end: { line: end, character: 0 } },
      newText: lines.map((line) => `${line}\n`).join(""),
    }))
    .map((edit) => atEnd(edit, before));
}

/** Behind the last line there is no line break to replace. */
function atEnd(edit: TextEdit, lines: readonly string[]): TextEdit {
  const { start, end } = edit.range;
  if (end.line < lines.length) return edit;
  const last = lines.length - 1;
  return {
    range: { start, end: { line: last, character: lines[last]!.length } },
    newText: edit.newText.replace(/\n$/, ""),
  };
}

interface Run {
  /** Lines before it, and the first line behind it, of the old text. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** Lines that differ, in runs; lines are looked for a little ahead, as layout moves few of them far. */
function changedRuns(before: readonly string[], after: readonly string[]): Run[] {
  const runs: Run[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] === after[j] && i < before.length && j < after.length) {
      i += 1;
      j += 1;
      continue;
    }
    const [start, from] = [i, j];
    const meeting = meetingFrom(before, after, i, j);
    [i, j] = meeting;
    runs.push({ start, end: i, lines: after.slice(from, j) });
  }
  return runs;
}

const AHEAD = 60;

/** The nearest place where both go on with the same two lines, or end. */
function meetingFrom(
  before: readonly string[],
  after: readonly string[],
  i: number,
  j: number,
): [number, number] {
  for (let sum = 1; sum <= 2 * AHEAD; sum += 1) {
    for (let skip = Math.max(0, sum - AHEAD); skip <= Math.min(sum, AHEAD); skip += 1) {
      const [a, b] = [i + skip, j + sum - skip];
      if (a >= before.length || b >= after.length) continue;
      if (before[a] === after[b] && (before[a + 1] === after[b + 1] || before[a]!.trim() !== ""))
        return [a, b];
    }
  }
  return [before.length, after.length];
}

export const formatting: Feature = {
  capabilities: {
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "}" },
  },
  listen({ connection, workspace }) {
    const parsedOf = (uri: string) => workspace.files.parsed(pathOf(uri));
    connection.onDocumentFormatting(({ textDocument }) => {
      const parsed = parsedOf(textDocument.uri);
      return parsed === null ? [] : formatEdits(workspace, parsed);
    });
    connection.onDocumentRangeFormatting(({ textDocument, range }) => {
      const parsed = parsedOf(textDocument.uri);
      return parsed === null ? [] : formatEdits(workspace, parsed, range.start.line, range.end.line);
    });
    connection.onDocumentOnTypeFormatting(({ textDocument, position }) => {
      const parsed = parsedOf(textDocument.uri);
      if (parsed === null) return [];
      // The declaration that was just closed.
      const closed = parsed.tree.items.find(({ span }) => {
        const [first, last] = [
          parsed.lines.position(span.start).line - 1,
          parsed.lines.position(span.end).line - 1,
        ];
        return first <= position.line && position.line <= last;
      });
      if (closed === undefined) return [];
      const { line, endLine } = parsed.lines.range(closed.span);
      return formatEdits(workspace, parsed, line - 1, endLine - 1);
    });
  },
};
