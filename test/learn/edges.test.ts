/** Data at the edge of what can be learnt. */
import { describe, expect, it } from "vitest";
import { fitBoostedTrees } from "../../runtime/learn/boosting/boost.ts";
import type { Frame, LearnHooks, Target } from "../../runtime/learn/frame.ts";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import { fitRandomForest } from "../../runtime/learn/trees/forest.ts";
import { fitDecisionTree } from "../../runtime/learn/trees/tree.ts";
import type { Learner } from "../../runtime/portable/form.ts";
import { binary, category, frameOf, hooks, numeric, regression } from "./frames.ts";

const NAN = Number.NaN;
const class_weights = "none" as const;

type Fit = (frame: Frame, target: Target, own: LearnHooks) => Promise<{ learner: Learner }>;
const learners: Record<string, Fit> = {
  "a decision tree": (frame, target, own) =>
    fitDecisionTree(frame, target, { min_rows: 1, prune: 0, class_weights }, own),
  "a random forest": (frame, target, own) =>
    fitRandomForest(frame, target, { trees: 5, min_rows: 1, rows: 1, class_weights }, own),
  "boosted trees": (frame, target, own) =>
    fitBoostedTrees(
      frame,
      target,
      {
        trees: 5,
        depth: 3,
        leaves: 7,
        rate: 0.5,
        min_rows: 1,
        l2: 0,
        bins: 255,
        rows: 1,
        columns: 1,
        patience: 5,
        class_weights,
      },
      own,
    ),
};

describe.each(Object.entries(learners))("%s", (_, train) => {
  const raw = async (frame: Frame, target: Target): Promise<number[]> => [
    ...rawOutputs((await train(frame, target, hooks().hooks)).learner, frame),
  ];

  it("predicts a constant target", async () => {
    const frame = frameOf(4, numeric("x", [1, 2, 3, 4]));
    for (const value of await raw(frame, regression([7, 7, 7, 7]))) expect(value).toBeCloseTo(7, 12);
  });

  it("learns nothing from constant, missing or single-level columns", async () => {
    const frame = frameOf(
      4,
      category("c", ["a", "a", "a", "a"]),
      numeric("m", [NAN, NAN, NAN, NAN]),
      numeric("x", [3, 3, 3, 3]),
    );
    const values = await raw(frame, regression([1, 2, 3, 4]));
    expect(new Set(values).size).toBe(1);
  });

  it("cuts beside infinite and extreme values", async () => {
    const x = [-Infinity, -1e308, -5e-324, 0, 5e-324, 1e308, Infinity, NAN];
    const y = [0, 0, 0, 0, 1, 1, 1, 1];
    const values = await raw(frameOf(8, numeric("x", x)), regression(y));
    const low = Math.max(...values.slice(0, 4));
    for (const value of values.slice(4)) expect(value).toBeGreaterThan(low);
    for (const value of values) expect(Number.isFinite(value)).toBe(true);
  });

  it("fits two rows", async () => {
    const values = await raw(frameOf(2, numeric("x", [1, 2])), binary([0, 1]));
    for (const value of values) expect(Number.isFinite(value)).toBe(true);
  });

  it("sends what training never saw somewhere definite", async () => {
    const frame = frameOf(6, category("c", ["a", "a", "a", "a", "b", "b"]), numeric("x", [1, 1, 1, 1, 1, 1]));
    const { learner } = await train(frame, regression([1, 1, 1, 1, 9, 9]), hooks().hooks);
    const unknown: Frame = {
      rows: 1,
      features: [
        { kind: "category", name: "c", levels: ["a", "b"], codes: Int32Array.of(-1) },
        { kind: "numeric", name: "x", values: Float64Array.of(NAN) },
      ],
    };
    const seen = [...rawOutputs(learner, frame)];
    // Of a column that was never missing, the side with more rows.
    expect(rawOutputs(learner, unknown)[0]).toBe(seen[0]);
  });
});
