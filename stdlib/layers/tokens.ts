/** Layers that turn ids into vectors, and vectors into scores of the next id. */
import * as z from "zod";
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import * as v from "../../language/vocabulary/types.ts";
import { decoderExample, encoderExample } from "./examples.ts";

export const embedding: LayerSpec = {
  name: "embedding",
  doc: "A learned vector for each token: ids (time) become vectors (time × width).",
  args: z.object({
    vocabulary: v.dimension("How many ids there are: a number, or a tokenizer's `size`."),
    width: v.int("Length of each vector, which every layer after it works on.", { min: 1 }),
    scaled: v
      .boolean(
        "Multiply the vectors by √width (Vaswani et al. 2017, 3.4; Gemma). Tied logits read the table unscaled.",
      )
      .default(false),
    shared: v
      .boolean("In a decoder: read the encoder's table, of the same sizes, instead of an own one.")
      .default(false),
  }),
  body: "none",
  example: decoderExample(),
};

export const positions: LayerSpec = {
  name: "positions",
  doc: "Tells tokens apart by where they stand, and says how many fit: the context. `rotary` turns the queries and keys of every attention that follows, and adds nothing here.",
  args: z.object({
    length: v.int("How many tokens fit: the context.", { min: 1 }),
    kind: v
      .choice(
        {
          learned: "A learned vector for each position, added (GPT-2, BERT).",
          sinusoidal: "Fixed sines and cosines, added (Vaswani et al. 2017, 3.5).",
          rotary: "Queries and keys are turned by their position (Su et al. 2021; Llama, Mistral, Gemma).",
        },
        "How a position is told.",
      )
      .default("learned"),
    base: v.number("Of the wavelengths of `sinusoidal` and `rotary`.", { min: 1 }).default(10_000),
    pairs: v
      .choice(
        {
          halves: "A head's first half with its second (Llama, Mistral, Gemma, GPT-NeoX).",
          neighbours: "Each number with the next one (the paper, GPT-J).",
        },
        "Which numbers of a head `rotary` turns together.",
      )
      .default("halves"),
  }),
  body: "none",
  example: decoderExample({ positions: "positions(64, rotary)" }),
};

export const tokenTypes: LayerSpec = {
  name: "token_types",
  doc: "Adds a learned vector for the segment that a token belongs to (BERT's sentence A or B); all are of the first where none are given.",
  args: z.object({ count: v.int("How many segments there are.", { min: 1 }).default(2) }),
  body: "none",
  example: encoderExample("token_types(2)"),
};

export const logits: LayerSpec = {
  name: "logits",
  doc: "A score for each token of the vocabulary at each position; the last layer of a language model.",
  args: z.object({
    tied: v
      .boolean("Score with the embedding's own table (Press & Wolf 2017), which saves vocabulary × width.")
      .default(false),
    bias: v.boolean("Add a learned number to each score.").default(false),
    softcap: v
      .number("Squash scores into ±softcap: softcap · tanh(score / softcap) (Gemma 2).", { min: 0.001 })
      .optional(),
  }),
  body: "none",
  example: decoderExample({ logits: "logits(tied = true)" }),
};

export const scale: LayerSpec = {
  name: "scale",
  doc: "Multiplies by a fixed number.",
  args: z.object({ by: v.number("The number.") }),
  body: "none",
  example: decoderExample({ before: "scale(8)" }),
};
