/** GPT-2 (Radford et al. 2019). */
import { ACTIVATIONS, type Config, theirActivation } from "../config.ts";
import type { Family } from "../family.ts";
import { first, make, numberOf, repeated, residual } from "../layers.ts";
import { type Pair, pair } from "../pairs.ts";

const sizes = (config: Config) => {
  const width = config.number("n_embd");
  return { width, depth: config.number("n_layer"), units: config.optional("n_inner") ?? 4 * width };
};

export const gpt2: Family = {
  name: "GPT-2",
  types: ["gpt2"],
  prefix: "transformer.",
  ignored: /\.attn\.(masked_)?bias$/,

  layers(config) {
    const { width, depth, units } = sizes(config);
    config.only("add_cross_attention", false);
    config.only("scale_attn_weights", true);
    config.only("scale_attn_by_inverse_layer_idx", false);
    const norm = make("layer_norm", { epsilon: config.number("layer_norm_epsilon", 1e-5) });
    const activation = config.word("activation_function", ACTIVATIONS, "gelu_new");
    return [
      make("embedding", { vocabulary: config.number("vocab_size"), width }),
      make("positions", { length: config.number("n_positions", config.optional("n_ctx") ?? 1024) }),
      repeated(depth, [
        residual(norm, make("attention", { heads: config.number("n_head"), causal: true })),
        residual(norm, make("dense", { units, activation }), make("dense", { units: width })),
      ]),
      norm,
      make("logits", { tied: config.flag("tie_word_embeddings", true) }),
    ];
  },

  pairs(config) {
    const { depth } = sizes(config);
    const both = (theirs: string, ours: string): Pair[] => [
      pair(`${theirs}.weight`, `${ours}.weight`),
      pair(`${theirs}.bias`, `${ours}.bias`),
    ];
    const norm = (theirs: string, ours: string): Pair[] => [
      pair(`${theirs}.weight`, `${ours}.gain`),
      pair(`${theirs}.bias`, `${ours}.bias`),
    ];
    const blocks = Array.from({ length: depth }, (_, block): Pair[] => {
      const at = `2.repeat.${block}`;
      const three = (part: string) =>
        ["query", "key", "value"].map((name) => `${at}.0.residual.1.attention.${name}.${part}`);
      return [
        ...norm(`h.${block}.ln_1`, `${at}.0.residual.0.layer_norm`),
        pair(`h.${block}.attn.c_attn.weight`, three("weight")),
        pair(`h.${block}.attn.c_attn.bias`, three("bias")),
        ...both(`h.${block}.attn.c_proj`, `${at}.0.residual.1.attention.output`),
        ...norm(`h.${block}.ln_2`, `${at}.1.residual.0.layer_norm`),
        ...both(`h.${block}.mlp.c_fc`, `${at}.1.residual.1.dense`),
        ...both(`h.${block}.mlp.c_proj`, `${at}.1.residual.2.dense`),
      ];
    });
    return [
      pair("wte.weight", "0.embedding.weight"),
      pair("wpe.weight", "1.positions.weight"),
      ...blocks.flat(),
      ...norm("ln_f", "3.layer_norm"),
      ...(config.flag("tie_word_embeddings", true)
        ? []
        : [pair("lm_head.weight", "4.logits.weight", "transposed")]),
    ];
  },

  config(layers) {
    const [embedding, positions, attention] = ["embedding", "positions", "attention"].map((name) =>
      first(layers, name),
    );
    const [dense, norm, logits] = ["dense", "layer_norm", "logits"].map((name) => first(layers, name));
    const [vocabulary, width] = [numberOf(embedding!, "vocabulary"), numberOf(embedding!, "width")];
    const activation = theirActivation(String(dense?.args["activation"]), "gelu_new");
    if (vocabulary === null || !positions || !attention || !norm || !logits || activation === null)
      return null;
    return {
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      vocab_size: vocabulary,
      n_positions: numberOf(positions, "length"),
      n_embd: width,
      n_layer: blocksOf(layers),
      n_head: numberOf(attention, "heads"),
      n_inner: numberOf(dense!, "units"),
      activation_function: activation,
      layer_norm_epsilon: numberOf(norm, "epsilon"),
      tie_word_embeddings: logits.args["tied"] === true,
    };
  },
};

/** How many attentions there are, those of repeats each time. */
export const blocksOf = (layers: Parameters<Family["config"]>[0]): number =>
  layers.reduce((total, one) => {
    if (one.layer === "attention") return total + 1;
    const times = one.layer === "repeat" ? (numberOf(one, "count") ?? 1) : 1;
    return total + times * blocksOf(one.layers ?? []);
  }, 0);
