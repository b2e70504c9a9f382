/** BERT (Devlin et al. 2019) and the MiniLM encoders of its form: vectors of texts, without a head. */
import { ACTIVATIONS, type Config, theirActivation } from "../config.ts";
import type { Family } from "../family.ts";
import { first, make, numberOf, repeated, residual } from "../layers.ts";
import { type Pair, pair } from "../pairs.ts";
import { blocksOf } from "./gpt2.ts";

const epsilonOf = (config: Config): number => config.number("layer_norm_eps", 1e-12);

export const bert: Family = {
  name: "BERT",
  types: ["bert"],
  prefix: "bert.",
  ignored: /^(pooler|cls|classifier)\.|position_ids$/,

  layers(config) {
    config.only("position_embedding_type", "absolute");
    config.only("is_decoder", false);
    config.only("add_cross_attention", false);
    const width = config.number("hidden_size");
    const norm = make("layer_norm", { epsilon: epsilonOf(config) });
    const activation = config.word("hidden_act", ACTIVATIONS, "gelu");
    return [
      make("embedding", { vocabulary: config.number("vocab_size"), width }),
      make("positions", { length: config.number("max_position_embeddings", 512) }),
      make("token_types", { count: config.number("type_vocab_size", 2) }),
      norm,
      repeated(config.number("num_hidden_layers"), [
        residual(make("attention", { heads: config.number("num_attention_heads") })),
        norm,
        residual(
          make("dense", { units: config.number("intermediate_size"), activation }),
          make("dense", { units: width }),
        ),
        norm,
      ]),
    ];
  },

  pairs(config) {
    const dense = (theirs: string, ours: string): Pair[] => [
      pair(`${theirs}.weight`, `${ours}.weight`, "transposed"),
      pair(`${theirs}.bias`, `${ours}.bias`),
    ];
    const norm = (theirs: string, ours: string): Pair[] => [
      pair(`${theirs}.weight`, `${ours}.gain`),
      pair(`${theirs}.bias`, `${ours}.bias`),
    ];
    const blocks = Array.from({ length: config.number("num_hidden_layers") }, (_, block): Pair[] => {
      const [theirs, ours] = [`encoder.layer.${block}`, `4.repeat.${block}`];
      return [
        ...["query", "key", "value"].flatMap((name) =>
          dense(`${theirs}.attention.self.${name}`, `${ours}.0.residual.0.attention.${name}`),
        ),
        ...dense(`${theirs}.attention.output.dense`, `${ours}.0.residual.0.attention.output`),
        ...norm(`${theirs}.attention.output.LayerNorm`, `${ours}.1.layer_norm`),
        ...dense(`${theirs}.intermediate.dense`, `${ours}.2.residual.0.dense`),
        ...dense(`${theirs}.output.dense`, `${ours}.2.residual.1.dense`),
        ...norm(`${theirs}.output.LayerNorm`, `${ours}.3.layer_norm`),
      ];
    });
    return [
      pair("embeddings.word_embeddings.weight", "0.embedding.weight"),
      pair("embeddings.position_embeddings.weight", "1.positions.weight"),
      pair("embeddings.token_type_embeddings.weight", "2.token_types.weight"),
      ...norm("embeddings.LayerNorm", "3.layer_norm"),
      ...blocks.flat(),
    ];
  },

  config(layers) {
    const [embedding, positions, types] = ["embedding", "positions", "token_types"].map((name) =>
      first(layers, name),
    );
    const [attention, dense, norm] = ["attention", "dense", "layer_norm"].map((name) => first(layers, name));
    const activation = theirActivation(String(dense?.args["activation"]), "gelu");
    if (!embedding || !positions || !types || !attention || !norm || activation === null) return null;
    if (first(layers, "logits") !== null) return null;
    return {
      model_type: "bert",
      architectures: ["BertModel"],
      vocab_size: numberOf(embedding, "vocabulary"),
      hidden_size: numberOf(embedding, "width"),
      max_position_embeddings: numberOf(positions, "length"),
      type_vocab_size: numberOf(types, "count"),
      num_hidden_layers: blocksOf(layers),
      num_attention_heads: numberOf(attention, "heads"),
      intermediate_size: numberOf(dense!, "units"),
      hidden_act: activation,
      layer_norm_eps: numberOf(norm, "epsilon"),
      position_embedding_type: "absolute",
    };
  },
};
