/** `textDocument/codeAction`: every fix that a diagnostic offers, and changes that one may want. */
import {
  type CodeAction,
  CodeActionKind,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-types";
import type { Fix } from "../../language/diagnostics/diagnostic.ts";
import { addGate, addMissingAttributes, extractParameter } from "../actions/refactorings.ts";
import { shownDiagnostic } from "../diagnostics.ts";
import type { Feature } from "../feature.ts";
import { offsetOf, pathOf, rangeOf, uriOf } from "../locations.ts";
import type { Workspace } from "../workspace.ts";

function editOf({ edits }: Fix): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of edits) {
    const uri = uriOf(file);
    changes[uri] = [...(changes[uri] ?? []), { range: rangeOf(range), newText: text }];
  }
  return { changes };
}

const touches = (a: Range, b: Range): boolean =>
  (a.start.line < b.end.line || (a.start.line === b.end.line && a.start.character <= b.end.character)) &&
  (b.start.line < a.end.line || (b.start.line === a.end.line && b.start.character <= a.end.character));

function fixesAt(workspace: Workspace, path: string, range: Range): CodeAction[] {
  const found = workspace.analysis(path).diagnostics.filter((one) => one.file === path);
  return found
    .filter((one) => one.fixes.length > 0 && touches(rangeOf(one.range), range))
    .flatMap((one) =>
      one.fixes.map(
        (fix, index): CodeAction => ({
          title: capital(fix.title),
          kind: CodeActionKind.QuickFix,
          diagnostics: [shownDiagnostic(one)],
          isPreferred: index === 0 && one.fixes.length === 1,
          edit: editOf(fix),
        }),
      ),
    );
}

/** All that a machine can mend in the file at once, where no two fixes touch. */
function fixAll(workspace: Workspace, path: string): CodeAction[] {
  const edits: TextEdit[] = [];
  for (const { file, fixes } of workspace.analysis(path).diagnostics) {
    const [fix, ...others] = fixes;
    if (
      file !== path ||
      fix === undefined ||
      others.length > 0 ||
      fix.edits.some((edit) => edit.file !== path)
    )
      continue;
    const made = fix.edits.map(({ range, text }) => ({ range: rangeOf(range), newText: text }));
    if (made.some((one) => edits.some((other) => touches(one.range, other.range)))) continue;
    edits.push(...made);
  }
  if (edits.length === 0) return [];
  return [
    {
      title: "Fix all that can be fixed",
      kind: CodeActionKind.SourceFixAll,
      edit: { changes: { [uriOf(path)]: edits } },
    },
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const codeAction: Feature = {
  capabilities: {
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.SourceFixAll,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorRewrite,
      ],
    },
  },
  listen({ connection, workspace }) {
    connection.onCodeAction(({ textDocument, range, context }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return [];
      const at = { start: offsetOf(parsed.lines, range.start), end: offsetOf(parsed.lines, range.end) };
      const all = [
        ...fixesAt(workspace, path, range),
        ...fixAll(workspace, path),
        ...[addMissingAttributes, extractParameter, addGate].flatMap((make) =>
          make(workspace, path, parsed, at),
        ),
      ];
      const { only } = context;
      return only === undefined
        ? all
        : all.filter(({ kind }) => only.some((wanted) => kind === wanted || kind?.startsWith(`${wanted}.`)));
    });
  },
};
