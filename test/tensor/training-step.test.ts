import { afterEach, describe, expect, it } from "vitest";
import type { TensorData } from "../../runtime/graph/graph.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { trainingGraph } from "../../runtime/graph/training-graph.ts";
import {
  type Feeds,
  type OptimizerSpec,
  openTrainingStep,
  type TrainingOptions,
  type TrainingStep,
} from "../../runtime/graph/training-step.ts";

const floats = (shape: readonly number[], of: (at: number) => number): TensorData => ({
  type: "float32",
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => of(at)),
});

const PARAMETERS = [
  { name: "first.weight", shape: [5, 7], decay: true },
  { name: "first.bias", shape: [7], decay: false },
  { name: "last.weight", shape: [7, 3], decay: true },
];
const values = (): Map<string, TensorData> =>
  new Map(
    PARAMETERS.map(({ name, shape }, index) => [name, floats(shape, (at) => Math.sin(3 * at + index))]),
  );
const batchOf = (rows: number, shift = 0): Feeds => ({
  x: floats([rows, 5], (at) => Math.cos(at + shift)),
  y: { type: "int32", shape: [rows], data: Int32Array.from({ length: rows }, (_, at) => (at + shift) % 3) },
});

const ADAMW: OptimizerSpec = { is: "adamw", beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
const SGD: OptimizerSpec = { is: "sgd", momentum: 0.9, weightDecay: 0.01 };
const AT = { rate: 0.05, seed: 1 };

const OPTIONS: TrainingOptions = {
  engine: "onnx",
  threads: 1,
  parameters: PARAMETERS,
  values: values(),
  trainable: () => true,
  batch: { x: { type: "float32", shape: [4, 5] }, y: { type: "int32", shape: [4] } },
  optimizer: ADAMW,
  clip: null,
  accumulate: 1,
  loss: (b, p, batch) => {
    const hidden = b.within("first", () =>
      b.gelu(b.add(b.matmul(batch.get("x")!, p.get("first.weight")!), p.get("first.bias")!)),
    );
    const logits = b.within("last", () => b.matmul(hidden, p.get("last.weight")!));
    const losses = b.crossEntropy(logits, batch.get("y")!);
    return { loss: b.mean(losses), metrics: { worst: b.max(losses) } };
  },
};

const opened: TrainingStep[] = [];
async function open(changes: Partial<TrainingOptions> = {}): Promise<TrainingStep> {
  const step = await openTrainingStep({ ...OPTIONS, ...changes });
  opened.push(step);
  return step;
}
afterEach(async () => {
  for (const step of opened.splice(0)) await step.release();
});

const numbers = (state: ReadonlyMap<string, TensorData>): Map<string, number[]> =>
  new Map([...state].map(([name, tensor]) => [name, [...tensor.data]]));

/** What the optimizers' papers say, in plain float64, on gradients of the reference interpreter. */
function plain(steps: readonly Feeds[], optimizer: OptimizerSpec, clip: number | null) {
  const p = new Map([...values()].map(([name, { data }]) => [name, Float64Array.from(data)]));
  const m = new Map([...p].map(([name, data]) => [name, data.map(() => 0)]));
  const v = new Map([...p].map(([name, data]) => [name, data.map(() => 0)]));
  const norms: number[] = [];
  steps.forEach((feeds, index) => {
    const batch = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, shape }]) => [name, { type, shape }]),
    );
    const graph = trainingGraph({ ...OPTIONS, batch }, { training: true });
    const fed = Object.fromEntries([
      ...[...p].map(([name, data]) => [`parameter/${name}`, { data }] as const),
      ...Object.entries(feeds).map(([name, { data }]) => [`batch/${name}`, { data }] as const),
    ]);
    const found = interpret(graph, fed);
    const gradients = [...p.keys()].map((name) => found[`gradient/${name}`]!.data);
    const norm = Math.hypot(...gradients.flatMap((g) => [...g]));
    norms.push(norm);
    const scale = clip !== null && norm > clip ? clip / norm : 1;
    for (const { name, decay } of PARAMETERS) {
      const g = found[`gradient/${name}`]!.data.map((x) => x * scale);
      const [w, mean, variance] = [p.get(name)!, m.get(name)!, v.get(name)!];
      const shrink = decay ? optimizer.weightDecay : 0;
      for (let at = 0; at < g.length; at++) {
        if (optimizer.is === "sgd") {
          mean[at] = optimizer.momentum * mean[at]! + g[at]! + shrink * w[at]!;
          w[at]! -= AT.rate * mean[at]!;
          continue;
        }
        const { beta1, beta2, epsilon } = optimizer;
        w[at]! *= 1 - AT.rate * shrink;
        mean[at] = beta1 * mean[at]! + (1 - beta1) * g[at]!;
        variance[at] = beta2 * variance[at]! + (1 - beta2) * g[at]! ** 2;
        const corrected = mean[at]! / (1 - beta1 ** (index + 1));
        w[at]! -= (AT.rate * corrected) / (Math.sqrt(variance[at]! / (1 - beta2 ** (index + 1))) + epsilon);
      }
    }
  });
  return { parameters: p, norms };
}

describe("a training step", () => {
  it.each([
    ["AdamW", ADAMW, null],
    ["AdamW, clipped", ADAMW, 0.1],
    ["gradient descent with momentum", SGD, null],
    ["gradient descent, clipped", SGD, 0.1],
  ] as const)("does what the paper says: %s", async (_, optimizer, clip) => {
    const batches = [0, 1, 2, 3, 4].map((shift) => batchOf(4, shift));
    const wanted = plain(batches, optimizer, clip);
    const step = await open({ optimizer, clip });
    for (const [at, feeds] of batches.entries()) {
      const { gradientNorm } = await step.step(feeds, AT);
      expect(gradientNorm).toBeCloseTo(wanted.norms[at]!, 4);
    }
    for (const [name, { data }] of step.parameters()) {
      for (let at = 0; at < data.length; at++) {
        expect(data[at], `${name}[${at}]`).toBeCloseTo(wanted.parameters.get(name)![at]!, 4);
      }
    }
  });

  it("lowers the loss, and tells it with its metrics", async () => {
    const step = await open();
    const feeds = batchOf(4);
    const first = await step.step(feeds, AT);
    for (let at = 0; at < 30; at++) await step.step(feeds, AT);
    const { loss, metrics } = await step.evaluate(feeds);
    expect(loss).toBeLessThan(first.loss / 3);
    expect(metrics["worst"]).toBeGreaterThan(loss);
  });

  it("averages over batches as if they were one", async () => {
    const together = await open();
    const apart = await open({ accumulate: 2 });
    const [front, back] = [batchOf(4), batchOf(4, 1)];
    const both: Feeds = Object.fromEntries(
      Object.entries(front).map(([name, tensor]) => {
        const shape = [8, ...tensor.shape.slice(1)];
        const data = [...tensor.data, ...back[name]!.data];
        return tensor.type === "float32"
          ? [name, { type: "float32", shape, data: Float32Array.from(data) }]
          : [name, { type: "int32", shape, data: Int32Array.from(data) }];
      }),
    );
    for (let at = 0; at < 3; at++) {
      const one = await together.step(both, AT);
      const two = await apart.step([front, back], AT);
      expect(two.loss).toBeCloseTo(one.loss, 5);
      expect(two.gradientNorm).toBeCloseTo(one.gradientNorm, 5);
    }
    const wanted = numbers(together.parameters());
    for (const [name, found] of numbers(apart.parameters())) {
      found.forEach((value, at) => {
        expect(value, name).toBeCloseTo(wanted.get(name)![at]!, 4);
      });
    }
    await expect(apart.step([front, front, front], AT)).rejects.toThrow("1 to 2 batches");
  });

  it("goes on from its state to the last bit", async () => {
    const straight = await open();
    const saved = await open();
    for (let at = 0; at < 2; at++) {
      await straight.step(batchOf(4, at), AT);
      await saved.step(batchOf(4, at), AT);
    }
    const state = new Map(
      [...saved.state()].map(([name, tensor]) => [
        name,
        { ...tensor, data: tensor.data.slice() } as TensorData,
      ]),
    );
    await saved.step(batchOf(4, 9), AT);
    const resumed = await open();
    resumed.load(state);
    for (let at = 2; at < 4; at++) {
      await straight.step(batchOf(4, at), AT);
      await resumed.step(batchOf(4, at), AT);
    }
    expect(numbers(resumed.state())).toEqual(numbers(straight.state()));
  });

  it("shares its state between batches of several shapes", async () => {
    const batches = [batchOf(4), batchOf(6, 1), batchOf(4, 2), batchOf(2, 3)];
    const wanted = plain(batches, ADAMW, null);
    const step = await open();
    for (const feeds of batches) await step.step(feeds, AT);
    for (const [name, { data }] of step.parameters()) {
      expect(data[0], name).toBeCloseTo(wanted.parameters.get(name)![0]!, 4);
    }
  });

  it("leaves frozen parameters, and keeps no moments of them", async () => {
    const step = await open({ trainable: (name) => name.startsWith("last") });
    await step.step(batchOf(4), AT);
    const before = values();
    const after = step.parameters();
    expect([...after.keys()]).toEqual(PARAMETERS.map(({ name }) => name));
    expect(after.get("first.weight")!.data).toEqual(before.get("first.weight")!.data);
    expect(after.get("last.weight")!.data).not.toEqual(before.get("last.weight")!.data);
    expect([...step.state().keys()]).toEqual([
      "last.weight",
      "mean:last.weight",
      "variance:last.weight",
      "optimizer:step",
    ]);
  });

  it("draws dropout from the step's seed alone, and evaluates without", async () => {
    const loss: TrainingOptions["loss"] = (b, p, batch, { training }) => {
      const x = batch.get("x")!;
      const kept = training
        ? b.mul(x, b.mul(b.cast(b.less(b.random("mask", x.shape), 0.5), "float32"), 2))
        : x;
      return OPTIONS.loss(b, p, new Map([...batch, ["x", kept]]), { training });
    };
    const rate = { rate: 0, seed: 1 };
    const step = await open({ loss });
    const wasm = await open({ loss, engine: "wasm" });
    const feeds = batchOf(4);
    const first = await step.step(feeds, rate);
    expect((await step.step(feeds, rate)).loss).toBe(first.loss);
    expect((await step.step(feeds, { ...rate, seed: 2 })).loss).not.toBe(first.loss);
    expect((await wasm.step(feeds, rate)).loss).toBeCloseTo(first.loss, 5);
    expect((await step.evaluate(feeds)).loss).toBe((await (await open()).evaluate(feeds)).loss);
  });

  it("comes to the same in WebAssembly", async () => {
    const native = await open({ clip: 0.5 });
    const wasm = await open({ clip: 0.5, engine: "wasm" });
    for (let at = 0; at < 5; at++) {
      const [one, two] = [await native.step(batchOf(4, at), AT), await wasm.step(batchOf(4, at), AT)];
      expect(two.loss).toBeCloseTo(one.loss, 5);
    }
  });

  it("changes nothing where a number is not finite, and says which layer was first", async () => {
    const broken = values();
    broken.get("last.weight")!.data[4] = Number.POSITIVE_INFINITY;
    const step = await open({
      values: broken,
      loss: (b, p, batch, mode) => {
        const spoiled = b.within("spoiled", () => b.log(b.sub(b.mul(p.get("first.bias")!, 0), 1)));
        return OPTIONS.loss(b, new Map([...p, ["first.bias", spoiled]]), batch, mode);
      },
    });
    const before = numbers(step.state());
    const outcome = await step.step(batchOf(4), AT);
    expect(outcome.loss).toBeNaN();
    expect(numbers(step.state())).toEqual(before);
    expect(await step.diagnose(batchOf(4))).toEqual({ scope: "last.weight", op: "parameter" });
    step.load(new Map([...step.state(), ...values()]));
    expect(await step.diagnose(batchOf(4))).toEqual({ scope: "spoiled", op: "log" });
    expect(await step.suspect([batchOf(4)])).toBe("spoiled");
    const well = await open();
    expect(await well.diagnose(batchOf(4))).toBeNull();
  });
});
