/** The layers of architectures, by name. */
import type { LayerSpec } from "../../language/vocabulary/layer.ts";
import { gelu, relu, sigmoid, silu, softmax, tanh } from "./activation.ts";
import { attention, crossAttention } from "./attention.ts";
import { decoder, encoder, repeat, residual } from "./blocks.ts";
import { averagePool, conv1d, conv2d, flatten, globalPool, maxPool } from "./convolution.ts";
import { dense, dropout, gated, layerNorm, rmsNorm, swiglu } from "./dense.ts";
import { embedding, logits, positions, scale, tokenTypes } from "./tokens.ts";

export const allLayers: Readonly<Record<string, LayerSpec>> = Object.fromEntries(
  [
    embedding,
    positions,
    tokenTypes,
    scale,
    layerNorm,
    rmsNorm,
    attention,
    crossAttention,
    dense,
    gated,
    swiglu,
    gelu,
    relu,
    silu,
    tanh,
    sigmoid,
    softmax,
    dropout,
    residual,
    repeat,
    encoder,
    decoder,
    conv1d,
    conv2d,
    maxPool,
    averagePool,
    globalPool,
    flatten,
    logits,
  ].map((spec) => [spec.name, spec]),
);
