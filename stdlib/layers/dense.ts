/** Layers that work on each vector by itself. */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { ACTIVATIONS, activationArgument } from "./activation.ts";
import { decoderExample } from "./examples.ts";

export const dense: LayerSpec = {
  name: "dense",
  doc: "A matrix, a bias and an activation: vectors of any length become vectors of `units`.",
  args: z.object({
    units: v.int("Length of the vectors that come out.", { min: 1 }),
    activation: activationArgument("What the result goes through."),
    bias: v.boolean("Add a learned number to each unit.").default(true),
  }),
  body: "none",
  example: decoderExample(),
};

const units = v.int("Length of the hidden vectors; what comes out is as wide as what came in.", { min: 1 });
const bias = v.boolean("Add learned numbers to the three products.").default(false);

export const gated: LayerSpec = {
  name: "gated",
  doc: "A gated feed-forward: down(activation(gate(x)) · up(x)) (Shazeer 2020). `gated(units, gelu_tanh)` is Gemma's.",
  args: z.object({
    units,
    activation: v.choice(ACTIVATIONS, "What the gate goes through.").default("silu"),
    bias,
  }),
  body: "none",
  example: decoderExample({ feedForward: "gated(96, gelu_tanh)", norm: "rms_norm()" }),
};

export const swiglu: LayerSpec = {
  name: "swiglu",
  doc: "The gated feed-forward with silu: down(silu(gate(x)) · up(x)) (Shazeer 2020; Llama, Mistral).",
  args: z.object({ units, bias }),
  body: "none",
  example: decoderExample({ feedForward: "swiglu(96)", norm: "rms_norm()" }),
};

export const dropout: LayerSpec = {
  name: "dropout",
  doc: "While training, sets a random share to 0 and scales the rest up (Srivastava et al. 2014).",
  args: z.object({ rate: v.ratio("The share; 0% does nothing.").default(0.1) }),
  body: "none",
  example: decoderExample({ before: "dropout(10%)" }),
};

export const layerNorm: LayerSpec = {
  name: "layer_norm",
  doc: "Each vector to mean 0 and deviation 1, then a learned gain and bias (Ba et al. 2016).",
  args: z.object({
    epsilon: v.number("Added to the variance.", { min: 0 }).default(1e-5),
    bias: v.boolean("Add a learned number after the gain.").default(true),
  }),
  body: "none",
  example: decoderExample(),
};

export const rmsNorm: LayerSpec = {
  name: "rms_norm",
  doc: "Each vector divided by its root mean square, then a learned gain (Zhang & Sennrich 2019).",
  args: z.object({ epsilon: v.number("Added to the mean square.", { min: 0 }).default(1e-6) }),
  body: "none",
  example: decoderExample({ norm: "rms_norm()" }),
};
