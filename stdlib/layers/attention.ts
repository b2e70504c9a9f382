/** Layers in which tokens look at one another. */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { decoderExample, ENCODER_DECODER_EXAMPLE } from "./examples.ts";

const heads = {
  heads: v.int("How many heads; each has width / heads numbers.", { min: 1 }),
};
const shared = {
  kv_heads: v
    .int("Fewer heads of keys and values, each serving several of queries (GQA, Ainslie et al. 2023).", {
      min: 1,
    })
    .optional(),
  head_width: v.int("Numbers in each head, where that is not width / heads (Gemma).", { min: 1 }).optional(),
  bias: v.boolean("Add learned numbers to queries, keys, values and the output.").default(true),
  dropout: v.ratio("Share of the looks dropped while training.").default(0),
  scale: v.number("What scores are multiplied by; 1 / √head_width when not given.", { min: 0 }).optional(),
  softcap: v.number("Squash scores into ±softcap before the softmax (Gemma 2).", { min: 0.001 }).optional(),
};

export const attention: LayerSpec = {
  name: "attention",
  doc: "Multi-head self-attention: each token gathers from the others (Vaswani et al. 2017).",
  args: z.object({
    ...heads,
    causal: v
      .boolean("A token sees those before it and itself only; every language model that writes needs it.")
      .default(false),
    window: v
      .int("With `causal`: only this many tokens back, itself among them (Mistral).", { min: 1 })
      .optional(),
    ...shared,
  }),
  body: "none",
  example: decoderExample({ attention: "attention(4, kv_heads = 2, causal = true)" }),
};

export const crossAttention: LayerSpec = {
  name: "cross_attention",
  doc: "Attention of a decoder's tokens to what the encoder made of the source.",
  args: z.object({ ...heads, ...shared }),
  body: "none",
  example: ENCODER_DECODER_EXAMPLE,
};
