/** The loop over real training steps: rows of several lengths, accumulated gradients, dropout, any number of threads. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { TensorData } from "../../../runtime/graph/graph.ts";
import { openTrainingStep, type TrainingStep } from "../../../runtime/graph/training-step.ts";
import { random } from "../../../runtime/learn/random.ts";
import { train } from "../../../runtime/learn/training/train.ts";
import type { Feeds, Trained } from "../../../runtime/learn/training/training.ts";
import { compileArchitecture, initialise } from "../../../runtime/network/network.ts";
import { hooks, planOf } from "./fake.ts";

const layer = (name: string, args: Layer["args"], layers?: readonly Layer[]): Layer =>
  layers === undefined ? { layer: name, args } : { layer: name, args, layers };

const VOCABULARY = 11;
const BATCH = 4;
const network = compileArchitecture({
  layers: [
    layer("embedding", { vocabulary: VOCABULARY, width: 16 }),
    layer("positions", { length: 8 }),
    layer("dropout", { rate: 0.1 }),
    layer("residual", {}, [layer("layer_norm", {}), layer("attention", { heads: 2, causal: true })]),
    layer("residual", {}, [
      layer("layer_norm", {}),
      layer("dense", { units: 64, activation: "gelu" }),
      layer("dense", { units: 16 }),
    ]),
    layer("logits", { tied: true }),
  ],
});

const ids = (length: number, data: Int32Array): TensorData => ({
  type: "int32",
  shape: [BATCH, length],
  data,
});

/** Two batches an update, of rows of 4 and of 8; each token follows from the one before. */
function batches(step: number): Feeds[] {
  const source = random(5, step);
  return [step % 2 === 0 ? 8 : 4, step % 3 === 0 ? 8 : 4].map((length) => {
    const read = Int32Array.from({ length: BATCH * length }, () => source.int(VOCABULARY));
    return {
      ids: ids(length, read),
      next: ids(
        length,
        read.map((id) => (3 * id + 1) % VOCABULARY),
      ),
    };
  });
}

const spec = (length: number) => ({ type: "int32", shape: [BATCH, length] }) as const;

const opened = (threads: number): Promise<TrainingStep> =>
  openTrainingStep({
    engine: "auto",
    threads,
    parameters: network.parameters,
    values: initialise(network, 1),
    trainable: () => true,
    loss: (b, p, batch, { training }) => {
      const [read, next] = [batch.get("ids")!, batch.get("next")!];
      const rows = read.shape[0]! * read.shape[1]!;
      const logits = b.reshape(network.forward(b, p, { ids: read, training }), [rows, VOCABULARY]);
      return { loss: b.mean(b.crossEntropy(logits, b.reshape(next, [rows])), [0]) };
    },
    batch: { ids: spec(4), next: spec(4) },
    optimizer: { is: "adamw", beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
    clip: 1,
    accumulate: 2,
  });

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** @param killedAt the step in which a process dies */
async function trained(
  folder: string | null,
  threads: number,
  killedAt: number | null = null,
): Promise<Trained> {
  const step = await opened(threads);
  const [unseen] = batches(1_000_000);
  try {
    const made = {
      trainee: step,
      batches: (at: number) => {
        if (at === killedAt) throw new Error("killed");
        return batches(at);
      },
      units: (feeds: readonly Feeds[]) => feeds.reduce((sum, { ids }) => sum + ids!.data.length, 0),
      unit: "tokens",
      evaluate: () => step.evaluate(unseen!),
    };
    const checkpoint = folder === null ? null : { folder, every: 7 };
    const schedule = { call: "cosine", args: { warmup: 10, floor: 0.1 } } as const;
    return await train(
      made,
      planOf({ steps: 120, rate: 0.01, schedule, evaluateEvery: 20, checkpoint }),
      hooks(),
    );
  } finally {
    await step.release();
  }
}

it("learns, and comes to the same bits whatever the threads and however often it was killed", async () => {
  const whole = await trained(null, 1);
  expect(whole.history[0]!.loss).toBeGreaterThan(2);
  expect(whole.validation).toBeLessThan(0.2);
  const folder = mkdtempSync(join(tmpdir(), "mlops-step-"));
  folders.push(folder);
  await expect(trained(folder, 1, 31)).rejects.toThrow("killed");
  await expect(trained(folder, 2, 90)).rejects.toThrow("killed");
  const resumed = await trained(folder, 2);
  expect(resumed).toEqual(whole);
});
