/** Activations: the functions between matrices, as words of `dense` and as layers. */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { imageExample } from "./examples.ts";

export const ACTIVATIONS = {
  none: "Nothing.",
  gelu: "x · Φ(x), exact (Hendrycks & Gimpel 2016; BERT).",
  gelu_tanh: "GELU by its tanh approximation (GPT-2, Gemma).",
  relu: "max(0, x).",
  silu: "x · sigmoid(x), also called swish (Llama).",
  tanh: "Hyperbolic tangent.",
  sigmoid: "1 / (1 + e⁻ˣ).",
  softmax: "Over the last axis: positive, summing to 1.",
} as const;
export type Activation = keyof typeof ACTIVATIONS;

export const activationArgument = (doc: string) => v.choice(ACTIVATIONS, doc).default("none");

const alone = (name: string, doc: string): LayerSpec => ({
  name,
  doc,
  args: z.object({}),
  body: "none",
  example: imageExample(`${name}()`),
});

export const gelu: LayerSpec = {
  name: "gelu",
  doc: "Gaussian error linear unit, x · Φ(x) (Hendrycks & Gimpel 2016).",
  args: z.object({
    approximation: v
      .choice({ none: "The error function itself.", tanh: "By tanh, as GPT-2 and Gemma do." }, "How.")
      .default("none"),
  }),
  body: "none",
  example: imageExample("gelu()"),
};
export const relu = alone("relu", "Rectified linear unit: max(0, x).");
export const silu = alone("silu", "x · sigmoid(x), also called swish.");
export const tanh = alone("tanh", "Hyperbolic tangent.");
export const sigmoid = alone("sigmoid", "1 / (1 + e⁻ˣ).");
export const softmax = alone("softmax", "Over the last axis: positive numbers that sum to 1.");
