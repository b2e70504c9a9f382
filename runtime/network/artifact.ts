/** `architecture.json`: what a trained language model was made as. */
import * as z from "zod";
import { type Layer, type LayerArgument, layer } from "../../language/vocabulary/layer.ts";
import { ArchitectureError, compileArchitecture } from "./network.ts";

const architectureSchema = z.object({
  format: z.literal(1),
  kind: z.enum(["decoder", "encoder_decoder", "encoder"]),
  /** All sizes are numbers. */
  layers: z.array(layer),
  vocabulary: z.int().min(1),
  /** How many tokens fit. */
  context: z.int().min(1),
});
export type Architecture = z.infer<typeof architectureSchema>;

/**
 * The layers with what is known of them.
 * @throws {ArchitectureError} when they are no language model: no ids come in, or no positions say the context
 */
export function architectureOf(layers: readonly Layer[]): Architecture {
  const { kind, vocabulary, context } = compileArchitecture({ layers });
  if (kind === "features")
    throw new ArchitectureError("a language model begins with an `embedding`, which this has not");
  if (context === 0) throw new ArchitectureError("a language model needs `positions`, which say the context");
  return { format: 1, kind, layers: [...layers], vocabulary, context };
}

export const writeArchitecture = (architecture: Architecture): string =>
  `${JSON.stringify(architecture, null, 2)}\n`;

/** @throws {ArchitectureError} for text that is no architecture of this format */
export function readArchitecture(text: string): Architecture {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new ArchitectureError("architecture.json is no JSON");
  }
  const parsed = architectureSchema.safeParse(read);
  if (!parsed.success) throw new ArchitectureError(`architecture.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The layers with the sizes of tokenizers filled in: `size` gives that of a reference, `tokenizer.pieces`. */
export function withSizes(layers: readonly Layer[], size: (ref: string) => number): Layer[] {
  return layers.map((one) => ({
    layer: one.layer,
    args: Object.fromEntries(
      Object.entries(one.args).map(([name, value]): [string, LayerArgument] => [
        name,
        typeof value === "object" ? size(value.ref) : value,
      ]),
    ),
    ...(one.layers === undefined ? {} : { layers: withSizes(one.layers, size) }),
  }));
}
