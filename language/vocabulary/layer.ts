/** What `stdlib/` says of one layer of an architecture, and the layers as the IR carries them. */
import * as z from "zod";

/** A size that is a number, or that of a tokenizer, which is known when that has run. */
export const dimension = z.union([z.number(), z.object({ ref: z.string(), part: z.literal("size") })]);
export type Dimension = z.infer<typeof dimension>;

export type LayerArgument = number | boolean | string | { readonly ref: string; readonly part: "size" };

export interface Layer {
  readonly layer: string;
  /** What was given and what the layer's schema adds. */
  readonly args: Readonly<Record<string, LayerArgument>>;
  /** The layers within it, in order: of `residual`, `repeat`, `encoder`, `decoder`. */
  readonly layers?: readonly Layer[] | undefined;
}

export const layer: z.ZodType<Layer> = z.lazy(() =>
  z.object({
    layer: z.string(),
    args: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), dimension])),
    layers: z.array(layer).optional(),
  }),
);

export interface LayerSpec {
  readonly name: string;
  readonly doc: string;
  /** Its arguments, in the order in which they may be given without a name; made of the same words as kinds' schemas. */
  readonly args: z.ZodObject;
  /** `layers`: it has a block of layers; what it does stands around them. */
  readonly body: "none" | "layers";
  /** A whole architecture that uses it and checks. */
  readonly example: string;
}
