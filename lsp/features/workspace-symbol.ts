/** `workspace/symbol`: declarations of every spec whose names have the letters asked for, in their order. */
import { type SymbolInformation, SymbolKind } from "vscode-languageserver-types";
import { eachFile } from "../each-file.ts";
import type { Feature } from "../feature.ts";
import { spanRange, uriOf } from "../locations.ts";
import { declaredName } from "./document-symbols.ts";

/** `lnsc` is in `loan_score`. */
export function matches(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = name.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

export const workspaceSymbol: Feature = {
  capabilities: { workspaceSymbolProvider: true },
  listen({ connection, workspace }) {
    connection.onWorkspaceSymbol(async ({ query }, token) => {
      const found: SymbolInformation[] = [];
      const ended = await eachFile(workspace, token, (path) => {
        const parsed = workspace.files.parsed(path);
        for (const item of parsed?.tree.items ?? []) {
          const name = item.kind === "phrase" ? declaredName(item) : null;
          if (item.kind !== "phrase" || name === null || name.text === "" || !matches(name.text, query))
            continue;
          const location = { uri: uriOf(path), range: spanRange(parsed!.lines, name.span) };
          found.push({
            name: name.text,
            kind: SymbolKind.Class,
            containerName: item.head.text,
            location,
          });
        }
      });
      return ended ?? found;
    });
  },
};
