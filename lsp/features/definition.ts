/** `textDocument/definition`: from a name to where it is declared, in whatever file that is. */
import type { Location } from "vscode-languageserver-types";
import type { Feature } from "../feature.ts";
import { offsetOf, pathOf, spanRange, uriOf } from "../locations.ts";
import { occurrenceAt, targetOf } from "../names/index.ts";
import type { Target } from "../names/target.ts";
import type { Workspace } from "../workspace.ts";

/** What the name at a place stands for; null for words of the language. */
export function targetAt(
  workspace: Workspace,
  uri: string,
  position: { line: number; character: number },
): Target | null {
  const path = pathOf(uri);
  const parsed = workspace.files.parsed(path);
  if (parsed === null) return null;
  const occurrence = occurrenceAt(workspace, path, offsetOf(parsed.lines, position));
  return occurrence === null ? null : targetOf(workspace, path, occurrence);
}

export function locationOf(
  workspace: Workspace,
  { file, span }: Pick<Target, "file" | "span">,
): Location | null {
  const parsed = workspace.files.parsed(file);
  return parsed === null ? null : { uri: uriOf(file), range: spanRange(parsed.lines, span) };
}

export const definition: Feature = {
  capabilities: { definitionProvider: true },
  listen({ connection, workspace }) {
    connection.onDefinition(({ textDocument, position }) => {
      const target = targetAt(workspace, textDocument.uri, position);
      return target === null ? null : locationOf(workspace, target);
    });
  },
};
