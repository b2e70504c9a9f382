import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BoostingOptions, fitBoostedTrees } from "../../runtime/learn/boosting/boost.ts";
import { binEdges, edgeIndex, findBin } from "../../runtime/learn/boosting/edges.ts";
import { exp } from "../../runtime/learn/boosting/exp.ts";
import { meanLoss, writeGradients } from "../../runtime/learn/boosting/gradients.ts";
import { allocateShared, WORD } from "../../runtime/learn/boosting/shared.ts";
import type { Frame, Target } from "../../runtime/learn/frame.ts";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import {
  accuracy,
  binary,
  category,
  frameOf,
  hooks,
  multiclass,
  normals,
  numeric,
  regression,
} from "./frames.ts";

const OPTIONS: BoostingOptions = {
  trees: 30,
  depth: 4,
  leaves: 15,
  rate: 0.1,
  min_rows: 5,
  l2: 0,
  bins: 255,
  rows: 1,
  columns: 1,
  patience: 5,
  class_weights: "none",
};

/** Numbers with gaps, categories with gaps, and what depends on both. */
function mixed(rows: number, seed: number): { frame: Frame; raw: Float64Array } {
  const normal = normals(seed);
  const holed = (share: number) =>
    Float64Array.from({ length: rows }, () => {
      const value = normal();
      return normal() < share ? Number.NaN : value;
    });
  const a = holed(-1);
  const b = holed(-9);
  const kinds = Array.from({ length: rows }, () => {
    const place = Math.floor(Math.abs(normal()) * 6);
    return place > 11 ? null : `k${String(place).padStart(2, "0")}`;
  });
  const raw = Float64Array.from({ length: rows }, (_, i) => {
    const kind = kinds[i] === null ? -1 : Number(kinds[i]!.slice(1)) % 3;
    return (Number.isNaN(a[i]!) ? 1.5 : a[i]! * b[i]!) + kind + 0.5 * normal();
  });
  const few = kinds.map((kind) => (kind === null ? null : Number(kind.slice(1)) % 2 === 0 ? "even" : "odd"));
  return {
    frame: frameOf(rows, numeric("a", a), numeric("b", b), category("few", few), category("kind", kinds)),
    raw,
  };
}

const sharedFor = (loss: "logistic" | "softmax" | "squared", target: Float64Array, outputs: number) =>
  allocateShared(
    { loss, outputs, rows: target.length, columns: 1, threads: 1, seed: 0, leaves: 2 },
    [],
    target,
    Float64Array.from({ length: Math.max(2, outputs) }, (_, k) => 1 + k / 2),
  );

describe("gradients", () => {
  it("are the differences of the loss", () => {
    const score = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom("logistic" as const, "softmax" as const, "squared" as const),
        fc.array(score, { minLength: 9, maxLength: 9 }),
        (loss, scores) => {
          const outputs = loss === "softmax" ? 3 : 1;
          const target = Float64Array.of(0, 1, loss === "softmax" ? 2 : 1);
          const shared = sharedFor(loss, target, outputs);
          shared.scores.set(scores.slice(0, 3 * outputs));
          const total = loss === "squared" ? 3 : target.reduce((sum, y) => sum + 1 + y / 2, 0);
          const at = (i: number, step: number) => {
            const moved = shared.scores.slice();
            moved[i]! += step;
            // Half the squared error is what is descended.
            const half = loss === "squared" ? 0.5 : 1;
            return half * total * meanLoss(loss, moved, target, outputs, shared.classWeights);
          };
          for (let output = 0; output < outputs; output++) {
            shared.control[WORD.output] = output;
            writeGradients(shared, 0, 0, 3);
            for (let row = 0; row < 3; row++) {
              const i = output * 3 + row;
              expect(shared.gradients[row]).toBeCloseTo((at(i, 1e-5) - at(i, -1e-5)) / 2e-5, 6);
              const bend = (at(i, 1e-3) - 2 * at(i, 0) + at(i, -1e-3)) / 1e-6;
              const factor = loss === "softmax" ? 3 / 2 : 1;
              expect(shared.hessians[row]).toBeCloseTo(factor * bend, 4);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("use an exponential as good as the engine's", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
      }),
    );
    expect(exp(-1e6)).toBeLessThan(1e-300);
    expect(exp(0)).toBe(1);
  });
});

describe("bins", () => {
  it("put a value where its edges say, whatever the numbers", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: -5, max: 5 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 255 }),
        (values, most) => {
          const { edges } = binEdges(Float64Array.from(values), most);
          expect(edges.length).toBeLessThan(most);
          const index = edgeIndex(edges);
          for (const x of values) {
            const bin = findBin(index, x);
            edges.forEach((edge, b) => {
              expect(x <= edge).toBe(bin <= b);
            });
          }
        },
      ),
    );
  });

  it("keep few values apart, halfway", () => {
    expect([...binEdges(Float64Array.of(3, 1, 1, 2, Number.NaN), 255).edges]).toEqual([1.5, 2.5]);
    expect(binEdges(Float64Array.of(1, Number.NaN), 255).hasMissing).toBe(true);
  });

  it("hold about equal counts, a frequent value alone", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => (i < 4000 ? 0 : i));
    const { edges } = binEdges(values, 10);
    const counts = new Array<number>(edges.length + 1).fill(0);
    const index = edgeIndex(edges);
    for (const x of values) counts[findBin(index, x)]!++;
    expect(counts[0]).toBe(4000);
    for (const count of counts.slice(1)) expect(count).toBeLessThan(1000);
  });
});

describe("boosted trees", () => {
  it("lower the training loss with every round", async () => {
    const { frame, raw } = mixed(1500, 1);
    const targets: Target[] = [
      binary(raw.map((x) => (x > 0.5 ? 1 : 0))),
      regression(raw),
      multiclass(raw.map((x) => (x < 0 ? 0 : x < 1.5 ? 1 : 2))),
    ];
    for (const target of targets) {
      const tracked = hooks();
      await fitBoostedTrees(frame, target, OPTIONS, tracked.hooks);
      const losses = tracked.series.get("train_loss")!;
      expect(losses.length).toBe(30);
      for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!);
      expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    }
  });

  it("predict from raw doubles what training saw, missing and categories included", async () => {
    const { frame, raw } = mixed(3000, 2);
    const target = binary(raw.map((x) => (x > 0.5 ? 1 : 0)));
    const tracked = hooks();
    const { learner } = await fitBoostedTrees(frame, target, OPTIONS, tracked.hooks);
    const loss = meanLoss("logistic", rawOutputs(learner, frame), target.values, 1, Float64Array.of(1, 1));
    expect(loss).toBeCloseTo(tracked.series.get("train_loss")!.at(-1)!, 12);
    expect(learner.sets.length).toBeGreaterThan(0);
    expect(learner.missingLeft.includes(1)).toBe(true);
  });

  it("predict the same through sampled rows and columns", async () => {
    const { frame, raw } = mixed(3000, 3);
    const tracked = hooks();
    const options = { ...OPTIONS, rows: 0.5, columns: 0.5 };
    const { learner } = await fitBoostedTrees(frame, regression(raw), options, tracked.hooks);
    const loss = meanLoss("squared", rawOutputs(learner, frame), raw, 1, Float64Array.of());
    expect(loss).toBeCloseTo(tracked.series.get("train_loss")!.at(-1)!, 12);
  });

  it("are the same to the last bit for any number of threads", async () => {
    const { frame, raw } = mixed(60_000, 4);
    const targets = [
      binary(raw.map((x) => (x > 0.5 ? 1 : 0))),
      multiclass(raw.map((x) => (x < 0 ? 0 : x < 1.5 ? 1 : 2))),
    ];
    for (const target of targets) {
      const train = async (threads: number) => {
        const { learner } = await fitBoostedTrees(
          frame,
          target,
          { ...OPTIONS, trees: 8 },
          hooks(5, threads).hooks,
        );
        return Buffer.concat(
          [learner.threshold, learner.value, learner.sets, learner.gain].map((a) => Buffer.from(a.buffer)),
        );
      };
      const one = await train(1);
      expect((await train(2)).equals(one)).toBe(true);
      expect((await train(4)).equals(one)).toBe(true);
    }
  });

  it("keep min_rows, depth and leaves", async () => {
    const { frame, raw } = mixed(2000, 5);
    const target = binary(raw.map((x) => (x > 2.5 ? 1 : 0)));
    const options = { ...OPTIONS, min_rows: 40, leaves: 9, depth: 3 };
    const { learner } = await fitBoostedTrees(frame, target, options, hooks().hooks);
    learner.roots.forEach((root, t) => {
      const nodes = Array.from(
        { length: (learner.roots[t + 1] ?? learner.feature.length) - root },
        (_, i) => root + i,
      );
      const leaves = nodes.filter((node) => learner.feature[node] === -1);
      expect(leaves.length).toBeLessThanOrEqual(8);
      for (const leaf of leaves) expect(learner.cover[leaf]).toBeGreaterThanOrEqual(40);
    });
  });

  it("stop after patience and keep the best round", async () => {
    const train = mixed(400, 6);
    const other = mixed(400, 7);
    const noisy = (raw: Float64Array, seed: number) => {
      const normal = normals(seed);
      return binary(raw.map((x) => (x + 3 * normal() > 0.5 ? 1 : 0)));
    };
    const tracked = hooks();
    const tune = { frame: other.frame, target: noisy(other.raw, 2) };
    const options = { ...OPTIONS, trees: 200, rate: 0.3 };
    const { learner, report } = await fitBoostedTrees(
      train.frame,
      noisy(train.raw, 1),
      options,
      tracked.hooks,
      tune,
    );
    const losses = tracked.series.get("tune_loss")!;
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(report.rounds).toBe(best);
    expect(learner.roots.length).toBe(best);
    expect(losses.length).toBe(best + 5);
    const loss = meanLoss(
      "logistic",
      rawOutputs(learner, tune.frame),
      tune.target.values,
      1,
      Float64Array.of(1, 1),
    );
    expect(loss).toBeCloseTo(Math.min(...losses), 12);
  });

  it("use categories beyond 255 levels, the rarest sharing a bin with missing", async () => {
    const normal = normals(8);
    const rows = 6000;
    const names = Array.from({ length: rows }, (_, i) => `c${String(i % 400).padStart(3, "0")}`);
    const y = names.map((name) => (Number(name.slice(1)) % 2) * 2 + 0.3 * normal());
    const frame = frameOf(rows, category("c", names));
    const target = regression(y);
    const tracked = hooks();
    const { learner } = await fitBoostedTrees(frame, target, { ...OPTIONS, trees: 100 }, tracked.hooks);
    const loss = meanLoss("squared", rawOutputs(learner, frame), target.values, 1, Float64Array.of());
    expect(loss).toBeCloseTo(tracked.series.get("train_loss")!.at(-1)!, 12);
    expect(loss).toBeLessThan(0.7);
  });

  it("weigh classes alike when balanced", async () => {
    const { frame, raw } = mixed(3000, 9);
    const target = binary(raw.map((x) => (x > 3 ? 1 : 0)));
    const none = await fitBoostedTrees(frame, target, OPTIONS, hooks().hooks);
    const balanced = await fitBoostedTrees(
      frame,
      target,
      { ...OPTIONS, class_weights: "balanced" },
      hooks().hooks,
    );
    expect(none.learner.base[0]).toBeLessThan(-1);
    expect(balanced.learner.base[0]).toBeCloseTo(0, 12);
  });

  it("give importance to what matters", async () => {
    const { frame, raw } = mixed(3000, 10);
    const normal = normals(11);
    const noise = numeric("noise", Float64Array.from({ length: 3000 }, normal));
    const { report } = await fitBoostedTrees(
      frameOf(3000, ...frame.features, noise),
      regression(raw),
      OPTIONS,
      hooks().hooks,
    );
    expect(report.importance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(report.importance[4]).toBeLessThan(Math.min(...report.importance.slice(0, 2)) / 5);
  });

  it("classify several classes", async () => {
    const { frame, raw } = mixed(2000, 12);
    const target = multiclass(raw.map((x) => (x < 0 ? 0 : x < 1.5 ? 1 : 2)));
    const { learner } = await fitBoostedTrees(frame, target, { ...OPTIONS, trees: 60 }, hooks().hooks);
    expect(learner.roots.length).toBe(180);
    expect(accuracy(learner, frame, target)).toBeGreaterThan(0.8);
  });

  it("stop when told to", async () => {
    const { frame, raw } = mixed(20_000, 13);
    const controller = new AbortController();
    const tracked = hooks().hooks;
    const stopping = { ...tracked, signal: controller.signal, progress: () => controller.abort() };
    await expect(
      fitBoostedTrees(frame, regression(raw), { ...OPTIONS, trees: 2000 }, stopping),
    ).rejects.toThrow();
  });
});
