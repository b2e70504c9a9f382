import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Layer } from "../../../language/vocabulary/layer.ts";
import { detect, type EngineName } from "../../../runtime/engine/engines.ts";
import { LearnFailure } from "../../../runtime/learn/fit.ts";
import type { Frame, LearnHooks, Target } from "../../../runtime/learn/frame.ts";
import { random } from "../../../runtime/learn/random.ts";
import { rawOutputs } from "../../../runtime/learn/raw.ts";
import { VARIANTS } from "../../../runtime/learn/variants.ts";
import type { NetworkLearner } from "../../../runtime/portable/form.ts";
import { accuracy, binary, frameOf, hooks, multiclass, normals, numeric, regression } from "../frames.ts";
import { pictures, SIDE } from "./images.ts";

const ADAM = {
  call: "adamw",
  args: { lr: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0.01 },
};

async function fitted(
  frame: Frame,
  target: Target,
  props: object,
  more: Partial<LearnHooks> = {},
  tune: { frame: Frame; target: Target } | null = null,
) {
  const given = { data: { ref: "dataset.x" }, seed: 1, ...props };
  const made = await VARIANTS.network.fit(given, frame, target, { ...hooks(1).hooks, ...more }, tune);
  return { ...made, learner: made.learner as NetworkLearner };
}

/** Two columns of very different size; the class is whether their signs differ: no line divides it. */
function xor(rows: number, seed: number): { frame: Frame; target: Target } {
  const next = normals(seed);
  const a = Float64Array.from({ length: rows }, () => 1000 * next() + 5000);
  const b = Float64Array.from({ length: rows }, next);
  const target = binary(a.map((value, i) => Number(value > 5000 !== b[i]! > 0)));
  return { frame: frameOf(rows, numeric("a", a), numeric("b", b)), target };
}

describe("a network over columns", () => {
  const train = xor(400, 1);
  const test = xor(300, 2);
  const props = { hidden: [16, 16], epochs: 30, batch: 32, optimizer: ADAM };

  it("learns what no linear model can, in one order of sums whatever the number of threads", async () => {
    const one = await fitted(train.frame, train.target, props);
    const two = await fitted(train.frame, train.target, props, { threads: 2 });
    expect(accuracy(one.learner, test.frame, test.target)).toBeGreaterThan(0.93);
    expect(two.learner).toEqual(one.learner);
    expect(one.report.facts).toMatchObject({ parameters: 2 * 16 + 16 + 16 * 16 + 16 + 16 + 1, steps: 375 });
    expect(Object.keys(one.report.files!)).toEqual(["history.json", "plots/loss.svg"]);
    const other = await fitted(train.frame, train.target, { ...props, epochs: 1 }, { seed: 2 });
    expect(other.learner.parameters).not.toEqual(one.learner.parameters);
  });

  it("is computed by the engine that is asked for, and says which that is and why", async () => {
    const few = { ...props, epochs: 2 };
    const learnt = async (engine: EngineName | "auto") => {
      const lines: string[] = [];
      const log = (line: string) => void lines.push(line);
      const { learner } = await fitted(train.frame, train.target, { ...few, engine }, { log });
      expect(lines[0]).toMatch(/^engine \w+: \S+ \d+\.\d+/);
      return { line: lines[0]!, parameters: Array.from(learner.parameters) };
    };
    const auto = await learnt("auto");
    const wasm = await learnt("wasm");
    expect(wasm.line).toMatch(/^engine wasm: onnxruntime-web .*, as asked$/);
    wasm.parameters.forEach((value, i) => {
      expect(value).toBeCloseTo(auto.parameters[i]!, 4);
    });
    const { works } = await detect("tensorflow");
    if (works) return expect((await learnt("tensorflow")).line).toMatch(/^engine tensorflow: /);
    const refused = await learnt("tensorflow").catch((error: unknown) => error);
    expect((refused as LearnFailure).finding).toMatchObject({ code: "ML5210", pointer: "/engine" });
  });

  it("stops when the tune part gets no better, and keeps the best weights", async () => {
    const lines: string[] = [];
    const noise = random(5);
    const noisy = binary(train.target.values.map((y) => (noise.next() < 0.3 ? 1 - y : y)));
    const { learner, report } = await fitted(
      train.frame,
      noisy,
      { ...props, hidden: [64, 64], epochs: 200, patience: 3 },
      { log: (line) => lines.push(line) },
      test,
    );
    const history = JSON.parse(report.files!["history.json"]!) as { step: number; validation?: number }[];
    const judged = history.filter(({ validation }) => validation !== undefined);
    const best = Math.min(...judged.map(({ validation }) => validation!));
    expect(judged.length).toBeLessThan(200);
    expect(report.facts!["validation_loss"]).toBe(best);
    expect(lines.at(-1)).toMatch(/^stops after step \d+: 3 evaluations without a better validation loss/);
    // The learner's own loss on that part is the one that was best.
    const raw = rawOutputs(learner, test.frame);
    const loss = raw.reduce(
      (sum, z, i) => sum + Math.log1p(Math.exp(-(2 * test.target.values[i]! - 1) * z)),
      0,
    );
    expect(Math.abs(loss / raw.length - best)).toBeLessThan(1e-5);
  });

  it("regresses, in the target's own unit", async () => {
    const { frame } = train;
    const valuesOf = ({ features }: Frame) =>
      features.map((feature) => (feature.kind === "numeric" ? feature.values : new Float64Array()));
    const [a, b] = valuesOf(frame);
    const truth = (a_: Float64Array, b_: Float64Array) =>
      regression(a_.map((x, i) => 40_000 + 3 * Math.abs(x - 5000) + 500 * Math.sin(2 * b_[i]!)));
    const target = truth(a!, b!);
    const { learner, report } = await fitted(frame, target, { ...props, activation: "tanh", epochs: 80 });
    const [c, d] = valuesOf(test.frame);
    const expected = truth(c!, d!).values;
    const raw = rawOutputs(learner, test.frame);
    const error = raw.reduce((sum, y, i) => sum + (y - expected[i]!) ** 2, 0);
    const mean = expected.reduce((sum, y) => sum + y, 0) / expected.length;
    const spread = expected.reduce((sum, y) => sum + (y - mean) ** 2, 0);
    expect(1 - error / spread).toBeGreaterThan(0.95);
    expect(report.importance[0]! + report.importance[1]!).toBeCloseTo(1, 12);
  });

  it("tells more than two classes apart, weighs rare ones, and finds which columns matter", async () => {
    const next = normals(4);
    const x = Float64Array.from({ length: 600 }, next);
    const useless = Float64Array.from({ length: 600 }, next);
    const target = multiclass(x.map((value) => (value > 1.5 ? 2 : value > 0 ? 1 : 0)));
    const frame = frameOf(600, numeric("useless", useless), numeric("x", x));
    const { learner, report } = await fitted(frame, target, {
      ...props,
      class_weights: "balanced",
      dropout: 0.1,
    });
    expect(accuracy(learner, frame, target)).toBeGreaterThan(0.93);
    expect(learner.link).toBe("softmax");
    expect(report.importance[1]).toBeGreaterThan(0.8);
  });

  it("reads sparse blocks beside numbers", async () => {
    const source = random(9);
    const indices: number[] = [];
    const offsets = [0];
    const labels: number[] = [];
    for (let row = 0; row < 300; row++) {
      const terms = [...new Set([source.int(20), source.int(20), source.int(20)])].sort((a, b) => a - b);
      indices.push(...terms);
      offsets.push(indices.length);
      labels.push(Number(terms.includes(3) || terms.includes(7)));
    }
    const frame = frameOf(300, numeric("n", Float64Array.from({ length: 300 }, source.next)), {
      kind: "sparse",
      name: "text",
      names: Array.from({ length: 20 }, (_, i) => `text:${i}`),
      offsets: Int32Array.from(offsets),
      indices: Int32Array.from(indices),
      values: new Float64Array(indices.length).fill(0.5),
    });
    const { learner } = await fitted(frame, binary(labels), { ...props, hidden: [8] });
    expect(accuracy(learner, frame, binary(labels))).toBeGreaterThan(0.98);
  });

  it("goes on from where it was interrupted, to the same bytes", async () => {
    const resume = join(mkdtempSync(join(tmpdir(), "mlops-network-")), "resume");
    // Long enough that Ctrl-C comes in the midst of it, however quick the machine is.
    const longer = { ...props, dropout: 0.2, epochs: 150 };
    const whole = await fitted(train.frame, train.target, longer);
    const lines: string[] = [];
    for (const at of [60]) {
      const stop = new AbortController();
      const interrupted = fitted(train.frame, train.target, longer, {
        resume,
        signal: stop.signal,
        log: (line) => lines.push(line),
        progress: (done) => {
          if (done >= at) stop.abort(new Error("Ctrl-C"));
        },
      });
      await expect(interrupted).rejects.toThrow("Ctrl-C");
    }
    const log = (line: string) => void lines.push(line);
    const resumed = await fitted(train.frame, train.target, longer, { resume, log });
    expect(lines.filter((line) => line.startsWith("goes on from step"))).toHaveLength(1);
    expect(resumed).toEqual(whole);
    rmSync(join(resume, ".."), { recursive: true });
  });

  const refusal = async (working: Promise<unknown>) => {
    const error = await working.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LearnFailure);
    return (error as LearnFailure).finding;
  };

  it("says at which step and layer the numbers ended", async () => {
    const wild = { ...props, optimizer: { call: "sgd", args: { lr: 1e30, momentum: 0, weight_decay: 0 } } };
    const finding = await refusal(fitted(train.frame, train.target, wild));
    expect(finding).toMatchObject({ code: "ML5230", values: { step: "2", what: "loss" } });
    expect(finding.values["layer"]).toMatch(/^, first in the layer `\d\.dense`$/);
  });

  it("names the column with missing numbers", async () => {
    const holed = frameOf(3, numeric("x", [1, Number.NaN, 2]));
    expect(await refusal(fitted(holed, binary([0, 1, 0]), props))).toMatchObject({ code: "ML5001" });
  });
});

describe("a network over images", () => {
  const layer = (name: string, args: Layer["args"] = {}): Layer => ({ layer: name, args });
  const LAYERS = [
    layer("conv2d", { filters: 8, size: 3, activation: "relu" }),
    layer("max_pool", { size: 2 }),
    layer("flatten"),
  ];
  const train = pictures(500, 1);
  const props = {
    architecture: { ref: "architecture.small" },
    image: { height: SIDE, width: SIDE },
    epochs: 12,
    batch: 32,
    optimizer: ADAM,
  };

  it("learns shapes wherever they stand, by the pixels' order in the schema", async () => {
    const { learner, report } = await fitted(train.frame, train.target, props, {
      layers: LAYERS,
      columns: ["label", ...train.columns],
    });
    const test = pictures(300, 2);
    expect(accuracy(learner, test.frame, test.target)).toBeGreaterThan(0.9);
    expect(report.facts!["parameters"]).toBe(8 * 9 + 8 + 8 * 16 * 5 + 5);
    // Pixel (y, x) of the only channel is column p{8y + x}.
    const names = train.frame.features.map(({ name }) => name);
    expect([...learner.order].map((column) => names[column])).toEqual(train.columns);
    expect(new Set(learner.factor).size).toBe(1);
  });

  it("refuses images of another size and layers that do not fit", async () => {
    const code = async (more: object, layers: readonly Layer[]) => {
      const fitting = fitted(
        train.frame,
        train.target,
        { ...props, ...more },
        { layers, columns: train.columns },
      );
      const error = await fitting.catch((thrown: unknown) => thrown);
      return (error as LearnFailure).finding;
    };
    expect(await code({ image: { height: 8, width: 7 } }, LAYERS)).toMatchObject({
      code: "ML5231",
      values: { image: "8 × 7 × 1", numbers: "56", columns: "64" },
    });
    expect((await code({}, LAYERS.slice(0, 1))).code).toBe("ML5232");
    const embedding = layer("embedding", { vocabulary: 5, width: 4 });
    expect((await code({}, [embedding])).values["reason"]).toMatch(/reads a text|embedding/);
  });
});
