/** `textDocument/documentLink`: imported specs, and the files that paths name. */

import { dirname, resolve } from "node:path";
import type { DocumentLink } from "vscode-languageserver-types";
import type { Item, Phrase, StringLiteral } from "../../language/syntax/tree.ts";
import type { Feature } from "../feature.ts";
import { pathOf, spanRange, uriOf } from "../locations.ts";
import { fieldOfItem, insideOf } from "../place.ts";
import type { Workspace } from "../workspace.ts";

/** Without the quotes. */
const within = ({ span, block }: StringLiteral) => {
  const quotes = block ? 3 : 1;
  return { start: span.start + quotes, end: Math.max(span.start + quotes, span.end - quotes) };
};

/** The file that an import names; null where there is none. */
export function importedFile(workspace: Workspace, from: string, path: string): string | null {
  const place = path.startsWith("std/") ? `std:${path.slice(4)}.mlops` : resolve(dirname(from), path);
  return workspace.files.read(place) === null ? null : place;
}

export const documentLink: Feature = {
  capabilities: { documentLinkProvider: { resolveProvider: false } },
  listen({ connection, workspace }) {
    connection.onDocumentLinks(({ textDocument }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return [];
      const links: DocumentLink[] = [];
      const link = (literal: StringLiteral, target: string, tooltip: string) =>
        void links.push({ range: spanRange(parsed.lines, within(literal)), target, tooltip });
      const visit = (items: readonly Item[], around: readonly Phrase[]) => {
        const inside = insideOf(around, workspace.vocabulary);
        for (const item of items) {
          if (item.kind === "import" && item.path !== null) {
            const file = importedFile(workspace, path, item.path.value);
            if (file !== null) link(item.path, uriOf(file), "open the imported spec");
          } else if (item.kind === "attribute" && item.value.kind === "string") {
            const meaning = fieldOfItem(item, inside)?.meaning;
            const names = meaning?.is === "path" || (meaning?.is === "reference" && meaning.path === true);
            // A glob is many files.
            if (names === true && !/[*?[{]/.test(item.value.value))
              link(item.value, uriOf(resolve(dirname(path), item.value.value)), "open the file");
          } else if (item.kind === "phrase" && item.block !== null)
            visit(item.block.items, [...around, item]);
        }
      };
      visit(parsed.tree.items, []);
      return links;
    });
  },
};
