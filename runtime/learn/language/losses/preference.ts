/** Losses on pairs. A batch holds its chosen sequences first, then its rejected ones in the same order. */
import type { GraphBuilder } from "../../../graph/builder.ts";
import type { Value } from "../../../graph/graph.ts";
import type { LossBuilder, LossGraph } from "../../../graph/training-step.ts";
import type { Network } from "../../../network/network.ts";
import { dot, fed, softplus, surprise } from "./parts.ts";

/** Weights of the scalar head that a reward model has beside its network's: [width, 1] and [1]. */
export const REWARD_WEIGHT = "reward.weight";
export const REWARD_BIAS = "reward.bias";

/** log p of each row's counted tokens: `weights` [B, T] are 1 on those and 0 elsewhere → [B]. */
export function sequenceLogProbability(
  b: GraphBuilder,
  logits: Value,
  targets: Value,
  weights: Value,
): Value {
  return b.neg(b.sum(b.mul(surprise(b, logits, targets), weights), [1]));
}

/** The score of each row, read where `last` [B, T] is 1: its last token's hidden state through the head → [B]. */
export function scores(
  b: GraphBuilder,
  parameters: ReadonlyMap<string, Value>,
  hidden: Value,
  last: Value,
): Value {
  const [rows, length, width] = hidden.shape as [number, number, number];
  const state = b.sum(b.mul(hidden, b.reshape(last, [rows, length, 1])), [1]);
  const head = b.reshape(parameters.get(REWARD_WEIGHT)!, [width, 1]);
  return b.reshape(b.add(b.matmul(state, head), parameters.get(REWARD_BIAS)!), [rows]);
}

/**
 * −log sigmoid(margin) of each pair, weighted by `pair_weights` [B], and how many pairs are the right way around.
 * @param values [2B]: of the chosen, then of the rejected
 */
function pairLoss(b: GraphBuilder, values: Value, scale: number, weights: Value): LossGraph {
  const pairs = values.shape[0]! / 2;
  const margin = b.mul(b.sub(b.slice(values, 0, 0, pairs), b.slice(values, 0, pairs, 2 * pairs)), scale);
  const right = b.cast(b.greater(margin, 0), "float32");
  return {
    loss: dot(b, softplus(b, b.neg(margin)), weights),
    metrics: { accuracy: dot(b, right, weights), margin: dot(b, margin, weights) },
  };
}

/**
 * Bradley and Terry (1952) on a scalar head, as Ouyang et al. (2022) train reward models.
 * Batch: `ids` int32 [2B, T], `last` float32 [2B, T], `pair_weights` float32 [B].
 */
export function rewardLoss(network: Network): LossBuilder {
  return (b, p, batch, { training }) => {
    const hidden = network.hidden(b, p, { ids: fed(batch, "ids"), training });
    return pairLoss(b, scores(b, p, hidden, fed(batch, "last")), 1, fed(batch, "pair_weights"));
  };
}

/**
 * Direct preference optimisation (Rafailov et al. 2023, equation 7).
 * Batch: `ids`, `targets` int32 [2B, T], `weights` float32 [2B, T] (1 on the answer's tokens), `reference` float32 [2B]
 * (log p of each answer under the base), `pair_weights` float32 [B].
 */
export function dpoLoss(network: Network, beta: number): LossBuilder {
  return (b, p, batch, { training }) => {
    const logits = network.forward(b, p, { ids: fed(batch, "ids"), training });
    const policy = sequenceLogProbability(b, logits, fed(batch, "targets"), fed(batch, "weights"));
    return pairLoss(b, b.sub(policy, fed(batch, "reference")), beta, fed(batch, "pair_weights"));
  };
}
