/** `textDocument/documentHighlight`: the same name elsewhere in the file at hand. */
import { type DocumentHighlight, DocumentHighlightKind } from "vscode-languageserver-types";
import type { Feature } from "../feature.ts";
import { pathOf, spanRange } from "../locations.ts";
import { placesOf } from "../names/index.ts";
import { sameTarget } from "../names/target.ts";
import { targetAt } from "./definition.ts";

export const documentHighlight: Feature = {
  capabilities: { documentHighlightProvider: true },
  listen({ connection, workspace }) {
    connection.onDocumentHighlight(({ textDocument, position }): DocumentHighlight[] | null => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      const target = targetAt(workspace, textDocument.uri, position);
      if (target === null || parsed === null) return null;
      return placesOf(workspace, target, [path]).map(({ occurrence: { name } }) => ({
        range: spanRange(parsed.lines, name.span),
        kind: sameTarget(target, { ...target, file: path, span: name.span })
          ? DocumentHighlightKind.Write
          : DocumentHighlightKind.Read,
      }));
    });
  },
};
