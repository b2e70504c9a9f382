/** The next token's surprise, for decoders and for encoder-decoders. */

import type { LossBuilder } from "../../../graph/training-step.ts";
import type { Network } from "../../../network/network.ts";
import { dot, fed, surprise } from "./parts.ts";

/**
 * Batch: `ids`, `targets` int32 [B, T], `weights` float32 [B, T]; the loss is the weighted sum of surprises, in nats.
 * An encoder-decoder's batch also has `source` int32 [B, S] and `source_mask` float32 [B, S].
 */
export function likelihoodLoss(network: Network): LossBuilder {
  return (b, p, batch, { training }) => {
    const logits = network.forward(b, p, {
      ids: fed(batch, "ids"),
      training,
      ...(batch.has("source") ? { source: fed(batch, "source"), sourceMask: fed(batch, "source_mask") } : {}),
    });
    return { loss: dot(b, surprise(b, logits, fed(batch, "targets")), fed(batch, "weights")) };
  };
}
