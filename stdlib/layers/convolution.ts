/** Convolutions and pooling, over sequences (time × width) and images (channels × height × width). */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { activationArgument } from "./activation.ts";
import { imageExample, sequenceExample } from "./examples.ts";

const filters = v.int("How many; each makes one channel of the result.", { min: 1 });
const stride = v.int("Steps between places where it is laid.", { min: 1 }).default(1);
const more = {
  activation: activationArgument("What the result goes through."),
  bias: v.boolean("Add a learned number to each channel.").default(true),
};
const SAME = "Zeros around, so that with stride 1 the size stays.";
const VALID = "Only where it fits whole: the size shrinks by size − 1.";

export const conv1d: LayerSpec = {
  name: "conv1d",
  doc: "Filters over neighbouring tokens: time × width becomes time × filters.",
  args: z.object({
    filters,
    size: v.int("Tokens that a filter sees.", { min: 1 }),
    stride,
    padding: v
      .choice(
        { same: SAME, valid: VALID, causal: "Zeros in front only: a token sees none after it." },
        "What stands around the sequence.",
      )
      .default("same"),
    ...more,
  }),
  body: "none",
  example: sequenceExample(),
};

export const conv2d: LayerSpec = {
  name: "conv2d",
  doc: "Square filters over an image: channels × height × width becomes filters × height × width.",
  args: z.object({
    filters,
    size: v.int("Height and width that a filter sees.", { min: 1 }),
    stride,
    padding: v.choice({ same: SAME, valid: VALID }, "What stands around the image.").default("same"),
    ...more,
  }),
  body: "none",
  example: imageExample(),
};

const pool = {
  size: v.int("How many neighbours (of an image: in height and width) become one.", { min: 1 }),
  stride: v.int("Steps between places; as large as `size` when not given.", { min: 1 }).optional(),
};

export const maxPool: LayerSpec = {
  name: "max_pool",
  doc: "The largest of neighbouring numbers in each channel, of an image or a sequence.",
  args: z.object(pool),
  body: "none",
  example: imageExample("max_pool(2)"),
};

export const averagePool: LayerSpec = {
  name: "average_pool",
  doc: "The mean of neighbouring numbers in each channel, of an image or a sequence.",
  args: z.object(pool),
  body: "none",
  example: imageExample("average_pool(2)"),
};

export const globalPool: LayerSpec = {
  name: "global_pool",
  doc: "One number a channel: over the whole image, or over the whole sequence without its padding.",
  args: z.object({
    by: v
      .choice({ average: "Their mean.", max: "The largest." }, "What stands for all of them.")
      .default("average"),
  }),
  body: "none",
  example: sequenceExample(),
};

export const flatten: LayerSpec = {
  name: "flatten",
  doc: "All numbers of an image or a sequence in one vector: channels, then rows, then columns.",
  args: z.object({}),
  body: "none",
  example: imageExample(),
};
