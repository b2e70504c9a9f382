import { describe, expect, it } from "vitest";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import { fitRandomForest, type RandomForestOptions } from "../../runtime/learn/trees/forest.ts";
import { type DecisionTreeOptions, fitDecisionTree } from "../../runtime/learn/trees/tree.ts";
import {
  accuracy,
  binary,
  category,
  frameOf,
  hooks,
  multiclass,
  normals,
  numeric,
  predictProbabilities,
  regression,
} from "./frames.ts";

const TREE: DecisionTreeOptions = { min_rows: 1, class_weights: "none", prune: 0 };
const FOREST: RandomForestOptions = { trees: 20, min_rows: 1, rows: 1, class_weights: "none" };

describe("a decision tree", () => {
  it("cuts halfway between neighbours, at the purest place", async () => {
    const frame = frameOf(6, numeric("x", [1, 2, 3, 10, 11, 12]));
    const { learner } = await fitDecisionTree(frame, binary([0, 0, 0, 1, 1, 1]), TREE, hooks().hooks);
    expect([...learner.feature]).toEqual([0, -1, -1]);
    expect(learner.threshold[0]).toBe(6.5);
    expect([...learner.value]).toEqual([0, 0, 1, 0, 0, 1]);
    expect([...learner.cover]).toEqual([6, 3, 3]);
  });

  it("predicts means", async () => {
    const frame = frameOf(4, numeric("x", [1, 2, 3, 4]));
    const { learner } = await fitDecisionTree(
      frame,
      regression([1, 3, 10, 12]),
      { ...TREE, depth: 1 },
      hooks().hooks,
    );
    expect([...rawOutputs(learner, frame)]).toEqual([2, 2, 11, 11]);
    // Squared error falls from 85 to 4.
    expect(learner.gain[0]).toBeCloseTo(81, 12);
  });

  it("learns exclusive or, whose first question alone is of no use", async () => {
    const frame = frameOf(4, numeric("a", [0, 0, 1, 1]), numeric("b", [0, 1, 0, 1]));
    const target = binary([0, 1, 1, 0]);
    const { learner } = await fitDecisionTree(frame, target, TREE, hooks().hooks);
    expect(accuracy(learner, frame, target)).toBe(1);
  });

  it("sends missing values to the better side", async () => {
    const x = [1, 2, Number.NaN, 10, 11, Number.NaN];
    const frame = frameOf(6, numeric("x", x));
    const { learner } = await fitDecisionTree(
      frame,
      binary([0, 0, 1, 1, 1, 1]),
      { ...TREE, depth: 1 },
      hooks().hooks,
    );
    expect(learner.threshold[0]).toBe(6);
    expect(learner.missingLeft[0]).toBe(0);
    const other = await fitDecisionTree(
      frame,
      binary([0, 0, 0, 1, 1, 0]),
      { ...TREE, depth: 1 },
      hooks().hooks,
    );
    expect(other.learner.missingLeft[0]).toBe(1);
  });

  it("asks whether a value is there at all", async () => {
    const frame = frameOf(4, numeric("x", [1, 2, Number.NaN, Number.NaN]));
    const target = binary([0, 0, 1, 1]);
    const { learner } = await fitDecisionTree(frame, target, TREE, hooks().hooks);
    expect(accuracy(learner, frame, target)).toBe(1);
    expect(learner.feature.length).toBe(3);
  });

  it("splits categories by sets, missing being one of them", async () => {
    const frame = frameOf(8, category("c", ["a", "b", "c", "d", "a", "b", "c", null]));
    const target = binary([1, 0, 1, 0, 1, 0, 1, 0]);
    const { learner } = await fitDecisionTree(frame, target, TREE, hooks().hooks);
    expect(learner.feature.length).toBe(3);
    expect(accuracy(learner, frame, target)).toBe(1);
  });

  it("tells three classes apart by categories", async () => {
    const frame = frameOf(6, category("c", ["p", "q", "r", "p", "q", "r"]));
    const target = multiclass([0, 1, 2, 0, 1, 2]);
    const { learner } = await fitDecisionTree(frame, target, TREE, hooks().hooks);
    expect(accuracy(learner, frame, target)).toBe(1);
  });

  it("keeps min_rows and depth", async () => {
    const normal = normals(1);
    const x = Float64Array.from({ length: 200 }, normal);
    const frame = frameOf(200, numeric("x", x));
    const target = binary(x.map((v) => (v + normal() > 0 ? 1 : 0)));
    const { learner } = await fitDecisionTree(
      frame,
      target,
      { ...TREE, min_rows: 15, depth: 3 },
      hooks().hooks,
    );
    const leaves = [...learner.feature.keys()].filter((node) => learner.feature[node] === -1);
    expect(leaves.length).toBeLessThanOrEqual(8);
    for (const leaf of leaves) expect(learner.cover[leaf]).toBeGreaterThanOrEqual(15);
  });

  it("prunes what is not worth its leaves", async () => {
    const normal = normals(2);
    const x = Float64Array.from({ length: 300 }, normal);
    const frame = frameOf(300, numeric("x", x));
    const target = binary(x.map((v) => (v + 0.3 * normal() > 0 ? 1 : 0)));
    const sizes: number[] = [];
    for (const prune of [0, 0.005, 0.05, 0.6]) {
      const { learner } = await fitDecisionTree(frame, target, { ...TREE, prune }, hooks().hooks);
      sizes.push(learner.feature.length);
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes[2]).toBe(3);
    expect(sizes[3]).toBe(1);
  });
});

describe("a random forest", () => {
  function data(rows: number) {
    const normal = normals(3);
    const columns = Array.from({ length: 5 }, (_, j) =>
      numeric(`x${j}`, Float64Array.from({ length: rows }, normal)),
    );
    const [a, b] = columns as unknown as { values: Float64Array }[];
    const kind = category(
      "k",
      Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : "uvw"[i % 3]!)),
    );
    const y = Float64Array.from({ length: rows }, (_, i) =>
      a!.values[i]! - b!.values[i]! + (i % 3) + normal() > 1 ? 1 : 0,
    );
    return { frame: frameOf(rows, kind, ...columns), target: binary(y) };
  }

  it("averages class shares", async () => {
    const { frame, target } = data(400);
    const { learner } = await fitRandomForest(frame, target, FOREST, hooks().hooks);
    expect(learner.roots.length).toBe(20);
    const probabilities = predictProbabilities(learner, frame);
    for (let row = 0; row < 400; row++)
      expect(probabilities[2 * row]! + probabilities[2 * row + 1]!).toBeCloseTo(1, 12);
    expect(accuracy(learner, frame, target)).toBeGreaterThan(0.9);
  });

  it("is the same for any number of threads, and another for another seed", async () => {
    const { frame, target } = data(6000);
    const train = async (seed: number, threads: number) => {
      const { learner } = await fitRandomForest(
        frame,
        target,
        { ...FOREST, depth: 6 },
        hooks(seed, threads).hooks,
      );
      return [...learner.threshold, ...learner.value, ...learner.sets];
    };
    const one = await train(1, 1);
    expect(await train(1, 2)).toEqual(one);
    expect(await train(1, 4)).toEqual(one);
    expect(await train(2, 1)).not.toEqual(one);
  });

  it("regresses within the range it saw", async () => {
    const x = Float64Array.from({ length: 500 }, (_, i) => i / 100);
    const target = regression(x.map((v) => Math.sin(v)));
    const frame = frameOf(500, numeric("x", x));
    const { learner } = await fitRandomForest(frame, target, { ...FOREST, min_rows: 5 }, hooks().hooks);
    const predicted = rawOutputs(learner, frame);
    predicted.forEach((p, i) => {
      expect(Math.abs(p - target.values[i]!)).toBeLessThan(0.3);
      expect(Math.abs(p)).toBeLessThanOrEqual(1);
    });
  });
});
