/** `textDocument/references`: every place of the workspace that names the same. */

import { eachFile } from "../each-file.ts";
import type { Feature } from "../feature.ts";
import { type Place, placesIn } from "../names/index.ts";
import { sameTarget } from "../names/target.ts";
import { locationOf, targetAt } from "./definition.ts";

export const references: Feature = {
  capabilities: { referencesProvider: true },
  listen({ connection, workspace }) {
    connection.onReferences(async ({ textDocument, position, context }, token) => {
      const target = targetAt(workspace, textDocument.uri, position);
      if (target === null) return null;
      const places: Place[] = [];
      const ended = await eachFile(workspace, token, (path) => {
        places.push(...placesIn(workspace, target, path));
      });
      if (ended !== null) return ended;
      return places
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
