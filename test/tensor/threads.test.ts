import { expect, it } from "vitest";
import { type GptSize, gptBatch, gptLoss, gptParameters, gptValues } from "../../bench/gpt.ts";
import { openTrainingStep } from "../../runtime/graph/training-step.ts";

/** Large enough that engines divide products and reductions between threads. */
const SIZE: GptSize = { vocabulary: 300, context: 64, width: 96, layers: 2, heads: 4 };

it("gives the same bytes with any number of threads", async () => {
  const results: Buffer[] = [];
  for (const threads of [1, 2, 3]) {
    const parameters = gptParameters(SIZE);
    const batch = gptBatch(SIZE, 8, 1);
    const step = await openTrainingStep({
      engine: "onnx",
      threads,
      parameters,
      values: gptValues(parameters, 1),
      trainable: () => true,
      loss: gptLoss(SIZE),
      batch,
      optimizer: { is: "adamw", beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
      clip: 1,
      accumulate: 1,
    });
    for (let at = 0; at < 4; at++) await step.step(batch, { rate: 1e-3, seed: at });
    results.push(
      Buffer.concat(
        [...step.state().values()].map(({ data }) =>
          Buffer.from(Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))),
        ),
      ),
    );
    await step.release();
  }
  expect(results[1]!.equals(results[0]!)).toBe(true);
  expect(results[2]!.equals(results[0]!)).toBe(true);
});
