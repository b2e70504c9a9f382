/** Proximal policy optimisation on answers (Schulman et al. 2017; Ziegler et al. 2019 for the penalty on distance). */

import type { GraphBuilder } from "../../../graph/builder.ts";
import type { Value } from "../../../graph/graph.ts";
import type { LossBuilder } from "../../../graph/training-step.ts";
import type { Network } from "../../../network/network.ts";
import { dot, fed, surprise } from "./parts.ts";

/** Weights of the head that guesses an answer's return, beside the network's: [width, 1] and [1]. */
export const VALUE_WEIGHT = "value.weight";
export const VALUE_BIAS = "value.bias";

/** What the squared error of the guesses counts beside the policy's loss. */
const VALUE_SHARE = 0.1;

export interface PolicyOptions {
  /** How far the policy may move on a token (epsilon). */
  readonly clip: number;
  /** The policy is softmax(logits / temperature), as it was sampled. */
  readonly temperature: number;
}

/** The guessed return at each position: hidden [B, T, W] → [B, T]. */
export function guesses(b: GraphBuilder, parameters: ReadonlyMap<string, Value>, hidden: Value): Value {
  const [rows, length] = hidden.shape as [number, number, number];
  const value = b.matmul(hidden, parameters.get(VALUE_WEIGHT)!);
  return b.reshape(b.add(value, parameters.get(VALUE_BIAS)!), [rows, length]);
}

/**
 * Batch: `ids`, `targets` int32 [B, T]; float32 [B, T]: `weights` (1 / answered tokens on each of them, else 0), `before`
 * (log p of each when it was sampled), `advantages`, `returns`.
 */
export function policyLoss(network: Network, options: PolicyOptions): LossBuilder {
  return (b, p, batch) => {
    // Without dropout: a ratio of two random looks at one policy says nothing of how far it moved.
    const input = { ids: fed(batch, "ids") };
    const logits = b.mul(network.forward(b, p, input), 1 / options.temperature);
    const weights = fed(batch, "weights");
    const now = b.neg(surprise(b, logits, fed(batch, "targets")));
    const moved = b.sub(now, fed(batch, "before"));
    const ratio = b.exp(moved);
    const advantages = fed(batch, "advantages");
    const held = b.minimum(b.maximum(ratio, 1 - options.clip), 1 + options.clip);
    const gain = b.minimum(b.mul(ratio, advantages), b.mul(held, advantages));
    const off = b.sub(guesses(b, p, network.hidden(b, p, input)), fed(batch, "returns"));
    const guessed = dot(b, b.square(off), weights);
    const clipped = b.cast(b.greater(b.abs(b.sub(ratio, 1)), options.clip), "float32");
    return {
      loss: b.sub(b.mul(guessed, VALUE_SHARE), dot(b, gain, weights)),
      metrics: { value_loss: guessed, clipped: dot(b, clipped, weights) },
    };
  };
}
