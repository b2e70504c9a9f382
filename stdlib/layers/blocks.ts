/** Layers that hold other layers. */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { decoderExample, ENCODER_DECODER_EXAMPLE } from "./examples.ts";

export const residual: LayerSpec = {
  name: "residual",
  doc: "What comes in is added to what its layers make of it, which must have the same shape (He et al. 2015).",
  args: z.object({}),
  body: "layers",
  example: decoderExample(),
};

export const repeat: LayerSpec = {
  name: "repeat",
  doc: "Its layers several times one after another, each time with parameters of their own.",
  args: z.object({ count: v.int("How many times.", { min: 1 }) }),
  body: "layers",
  example: decoderExample(),
};

export const encoder: LayerSpec = {
  name: "encoder",
  doc: "Reads the source of an encoder-decoder: it begins with an embedding, and the decoder's `cross_attention` looks at what comes out.",
  args: z.object({}),
  body: "layers",
  example: ENCODER_DECODER_EXAMPLE,
};

export const decoder: LayerSpec = {
  name: "decoder",
  doc: "Writes the target of an encoder-decoder, one token after another.",
  args: z.object({}),
  body: "layers",
  example: ENCODER_DECODER_EXAMPLE,
};
