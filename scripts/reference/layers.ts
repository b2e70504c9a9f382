/** The layers of architectures, in the order in which the vocabulary has them. */
import type { Vocabulary } from "../../language/vocabulary/kind.ts";
import { fieldsOf } from "../../language/vocabulary/schema.ts";
import { fieldTables } from "./attributes.ts";
import { code, fence, GENERATED, page } from "./markdown.ts";

export function layersPage(vocabulary: Vocabulary): string {
  const layers = Object.values(vocabulary.layers);
  return page(
    "# Layers",
    GENERATED,
    // No example's architecture is used by a model.
    "<!-- context: architecture -->",
    "What an [architecture](kinds/architecture.md) is made of, in the order in which it computes. Arguments may be given in the order of the table, or by name. [Architectures](../architectures.md) says how they go together.",
    layers.map(({ name }) => `[${code(name)}](#${name})`).join(" · "),
    ...layers.flatMap((layer) => [
      `## ${layer.name}`,
      layer.doc,
      layer.body === "layers" ? "It has a block of layers." : null,
      ...fieldTables(fieldsOf(layer.args), vocabulary),
      fence("mlops", layer.example),
    ]),
  );
}
