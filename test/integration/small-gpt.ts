/** A small GPT whose first losses all engines and PyTorch must agree on. */
import { type GptSize, gptBatch, gptLoss, gptParameters, gptValues } from "../../bench/gpt.ts";
import type { EngineName } from "../../runtime/engine/engines.ts";
import { openTrainingStep } from "../../runtime/graph/training-step.ts";

export const SIZE: GptSize = { vocabulary: 96, context: 32, width: 48, layers: 2, heads: 3 };
export const ROWS = 4;
export const STEPS = 20;
export const RATE = 3e-3;
export const batches = Array.from({ length: 4 }, (_, seed) => gptBatch(SIZE, ROWS, seed));

/** The losses of the first steps, from the same weights on the same batches everywhere. */
export async function lossesOn(engine: EngineName): Promise<number[]> {
  const parameters = gptParameters(SIZE);
  const step = await openTrainingStep({
    engine,
    threads: 2,
    parameters,
    values: gptValues(parameters, 1),
    trainable: () => true,
    loss: gptLoss(SIZE),
    batch: batches[0]!,
    optimizer: { is: "adamw", beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
    clip: 1,
    accumulate: 1,
  });
  const losses: number[] = [];
  for (let at = 0; at < STEPS; at++) {
    losses.push((await step.step(batches[at % batches.length]!, { rate: RATE, seed: at })).loss);
  }
  await step.release();
  return losses;
}
