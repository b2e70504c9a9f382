/** Decoders with rotary positions, root-mean-square norms and gated feed-forwards: Llama, Mistral, Gemma, Gemma 2. */
import type { Layer } from "../../../../language/vocabulary/layer.ts";
import { ACTIVATIONS, type Config, type ConfigJson, theirActivation } from "../config.ts";
import type { Family } from "../family.ts";
import { first, make, numberOf, repeated, residual } from "../layers.ts";
import { type Pair, pair } from "../pairs.ts";
import { blocksOf } from "./gpt2.ts";

/** What tells one of them from another. */
interface Style {
  readonly name: string;
  readonly type: string;
  readonly architecture: string;
  /** Embeddings × √width, and gains that are stored less 1 (Gemma). */
  readonly gemma: boolean;
  /** A second norm behind each part of a block, and windows in every other block (Gemma 2). */
  readonly sandwich: boolean;
  readonly windows: boolean;
  readonly biases: boolean;
  /** Its setting for the activation, and that setting's default. */
  readonly activation: readonly [setting: string, word: string];
  readonly tied: boolean;
}

const family = (style: Style): Family => ({
  name: style.name,
  types: [style.type],
  prefix: "model.",
  ignored: /rotary_emb\.inv_freq$/,
  layers: (config) => layersOf(config, style),
  pairs: (config) => pairsOf(config, style),
  config: (layers) => configOf(layers, style),
});

/** In pairs where every other block has a window. */
function grouped(config: Config, style: Style): readonly [count: number, size: number] {
  const depth = config.number("num_hidden_layers");
  if (!style.sandwich) return [depth, 1];
  if (depth % 2 !== 0) config.refuse("num_hidden_layers", "an even number");
  const types = config.json["layer_types"];
  const alternate = Array.from(
    { length: depth },
    (_, block) => `${block % 2 === 0 ? "sliding" : "full"}_attention`,
  );
  if (Array.isArray(types) && types.some((type, block) => type !== alternate[block]))
    config.refuse("layer_types", "sliding_attention and full_attention in turn");
  return [depth / 2, 2];
}

function layersOf(config: Config, style: Style): readonly Layer[] {
  const width = config.number("hidden_size");
  const heads = config.number("num_attention_heads");
  const context = config.number("max_position_embeddings");
  const headWidth = config.optional("head_dim") ?? width / heads;
  const shared = config.optional("num_key_value_heads") ?? heads;
  config.only("use_bidirectional_attention", false);
  config.only("pretraining_tp", 1);
  const norm = make("rms_norm", { epsilon: config.number("rms_norm_eps", 1e-6) });
  const window = style.windows ? config.optional("sliding_window") : null;
  const query = style.sandwich ? config.number("query_pre_attn_scalar", headWidth) : headWidth;
  const attention = (windowed: boolean): Layer =>
    make("attention", {
      heads,
      causal: true,
      window: windowed && window !== null && window < context ? window : null,
      kv_heads: shared === heads ? null : shared,
      head_width: headWidth === width / heads ? null : headWidth,
      bias: style.biases ? config.flag("attention_bias", false) : false,
      scale: query === headWidth ? null : 1 / Math.sqrt(query),
      softcap: style.sandwich ? config.optional("attn_logit_softcapping") : null,
    });
  const feed = feedForward(config, style);
  const after = style.sandwich ? [norm] : [];
  const block = (windowed: boolean): Layer[] => [
    residual(norm, attention(windowed), ...after),
    residual(norm, feed, ...after),
  ];
  const [count, size] = grouped(config, style);
  return [
    make("embedding", { vocabulary: config.number("vocab_size"), width, scaled: style.gemma }),
    make("positions", { length: context, kind: "rotary", base: config.rotaryBase() }),
    repeated(count, size === 2 ? [...block(true), ...block(false)] : block(true)),
    norm,
    make("logits", {
      tied: config.flag("tie_word_embeddings", style.tied),
      softcap: style.sandwich ? config.optional("final_logit_softcapping") : null,
    }),
  ];
}

function feedForward(config: Config, style: Style): Layer {
  const units = config.number("intermediate_size");
  const [setting, fallback] = style.activation;
  const named = config.has(setting) ? setting : "hidden_act";
  const activation = config.word(named, ACTIVATIONS, fallback);
  const bias = config.flag("mlp_bias", false);
  return activation === "silu" ? make("swiglu", { units, bias }) : make("gated", { units, activation, bias });
}

function pairsOf(config: Config, style: Style): readonly Pair[] {
  const [count, size] = grouped(config, style);
  const gain = style.gemma ? "less one" : "same";
  const feed = feedForward(config, style);
  const attentionBias = style.biases && config.flag("attention_bias", false);
  const matrix = (theirs: string, ours: string, bias: boolean): Pair[] => [
    pair(`${theirs}.weight`, `${ours}.weight`, "transposed"),
    ...(bias ? [pair(`${theirs}.bias`, `${ours}.bias`)] : []),
  ];
  const block = (index: number): Pair[] => {
    const theirs = `layers.${index}`;
    const residualAt = (which: number): string =>
      `2.repeat.${Math.floor(index / size)}.${2 * (index % size) + which}.residual`;
    const norms = style.sandwich
      ? [
          ["input_layernorm", 0, 0],
          ["post_attention_layernorm", 0, 2],
          ["pre_feedforward_layernorm", 1, 0],
          ["post_feedforward_layernorm", 1, 2],
        ]
      : [
          ["input_layernorm", 0, 0],
          ["post_attention_layernorm", 1, 0],
        ];
    return [
      ...(norms as [string, number, number][]).map(([name, which, at]) =>
        pair(`${theirs}.${name}.weight`, `${residualAt(which)}.${at}.rms_norm.gain`, gain),
      ),
      ...[
        ["q_proj", "query"],
        ["k_proj", "key"],
        ["v_proj", "value"],
        ["o_proj", "output"],
      ].flatMap(([name, ours]) =>
        matrix(`${theirs}.self_attn.${name}`, `${residualAt(0)}.1.attention.${ours}`, attentionBias),
      ),
      ...["gate", "up", "down"].flatMap((name) =>
        matrix(
          `${theirs}.mlp.${name}_proj`,
          `${residualAt(1)}.1.${feed.layer}.${name}`,
          feed.args["bias"] === true,
        ),
      ),
    ];
  };
  return [
    pair("embed_tokens.weight", "0.embedding.weight"),
    ...Array.from({ length: count * size }, (_, index) => block(index)).flat(),
    pair("norm.weight", "3.rms_norm.gain", gain),
    ...(config.flag("tie_word_embeddings", style.tied)
      ? []
      : [pair("lm_head.weight", "4.logits.weight", "transposed")]),
  ];
}

function configOf(layers: readonly Layer[], style: Style): ConfigJson | null {
  const [embedding, positions, attention] = ["embedding", "positions", "attention"].map((name) =>
    first(layers, name),
  );
  const [norm, logits] = ["rms_norm", "logits"].map((name) => first(layers, name));
  const feed = first(layers, "swiglu") ?? first(layers, "gated");
  const width = numberOf(embedding!, "width");
  const heads = numberOf(attention!, "heads");
  if (!embedding || !positions || !norm || !logits || feed === null || width === null || heads === null)
    return null;
  const headWidth = numberOf(attention!, "head_width") ?? width / heads;
  const [setting, preferred] = style.activation;
  const activation = theirActivation(String(feed.args["activation"] ?? "silu"), preferred);
  if (activation === null) return null;
  const scale = numberOf(attention!, "scale");
  const base = numberOf(positions, "base") ?? 10_000;
  const window = numberOf(attention!, "window");
  return {
    model_type: style.type,
    architectures: [style.architecture],
    vocab_size: numberOf(embedding, "vocabulary"),
    hidden_size: width,
    intermediate_size: numberOf(feed, "units"),
    num_hidden_layers: blocksOf(layers),
    num_attention_heads: heads,
    num_key_value_heads: numberOf(attention!, "kv_heads") ?? heads,
    head_dim: headWidth,
    [setting]: activation,
    max_position_embeddings: numberOf(positions, "length"),
    rms_norm_eps: numberOf(norm, "epsilon"),
    // The newer name and the older one.
    rope_parameters: { rope_type: "default", rope_theta: base },
    rope_theta: base,
    ...(style.biases
      ? { attention_bias: attention!.args["bias"] === true, mlp_bias: feed.args["bias"] === true }
      : {}),
    ...(style.windows ? { sliding_window: window } : {}),
    ...(style.sandwich
      ? {
          query_pre_attn_scalar: scale === null ? headWidth : Math.round((1e6 * 1) / scale ** 2) / 1e6,
          attn_logit_softcapping: numberOf(attention!, "softcap"),
          final_logit_softcapping: numberOf(logits, "softcap"),
        }
      : {}),
    tie_word_embeddings: logits.args["tied"] === true,
  };
}

const plainStyle = { gemma: false, sandwich: false, windows: false, biases: false, tied: false } as const;
const silu = ["hidden_act", "silu"] as const;

export const llama = family({
  ...plainStyle,
  name: "Llama",
  type: "llama",
  architecture: "LlamaForCausalLM",
  biases: true,
  activation: silu,
});
export const mistral = family({
  ...plainStyle,
  name: "Mistral",
  type: "mistral",
  architecture: "MistralForCausalLM",
  windows: true,
  activation: silu,
});
export const gemma = family({
  ...plainStyle,
  name: "Gemma",
  type: "gemma",
  architecture: "GemmaForCausalLM",
  gemma: true,
  activation: ["hidden_act", "gelu_pytorch_tanh"],
  tied: true,
});
export const gemma2 = family({
  ...plainStyle,
  name: "Gemma 2",
  type: "gemma2",
  architecture: "Gemma2ForCausalLM",
  gemma: true,
  sandwich: true,
  windows: true,
  activation: ["hidden_activation", "gelu_pytorch_tanh"],
  tied: true,
});
