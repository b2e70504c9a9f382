/** `textDocument/references`: every place of the workspace that names the same. */
import type { Feature } from "../feature.ts";
import { placesOf } from "../names/index.ts";
import { sameTarget } from "../names/target.ts";
import { locationOf, targetAt } from "./definition.ts";

export const references: Feature = {
  capabilities: { referencesProvider: true },
  listen({ connection, workspace }) {
    connection.onReferences(({ textDocument, position, context }) => {
      const target = targetAt(workspace, textDocument.uri, position);
      if (target === null) return null;
      return placesOf(workspace, target, workspace.specs())
        .filter(({ path, occurrence }) =>
          context.includeDeclaration
            ? true
            : !sameTarget(target, { ...target, file: path, span: occurrence.name.span }),
        )
        .flatMap(
          ({ path, occurrence }) => locationOf(workspace, { file: path, span: occurrence.name.span }) ?? [],
        );
    });
  },
};
