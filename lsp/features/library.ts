/** `mlops/library`: the text of a file that comes with the language, for a read-only look at it. */
import type { Feature } from "../feature.ts";

export const library: Feature = {
  capabilities: {},
  listen({ connection, workspace }) {
    connection.onRequest("mlops/library", ({ name }: { readonly name: string }): string | null =>
      // Only what is in the library: names without a way out of it.
      /^[\w-]+\.mlops$/.test(name) ? workspace.files.read(`std:${name}`) : null,
    );
  },
};
