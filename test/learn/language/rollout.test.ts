import { describe, expect, it } from "vitest";
import { distanceOf, roundFeeds, taughtBy } from "../../../runtime/learn/language/rollout.ts";
import { drawn } from "../../../runtime/learn/language/sampler.ts";

const floats = (...values: number[]) => Float64Array.from(values);

describe("what an answer teaches", () => {
  const answer = {
    score: 2,
    policy: floats(-1, -2, -0.5),
    base: floats(-1.5, -1, -0.5),
    guesses: floats(0.1, 0.2, 0.3),
  };

  it("is generalised advantage estimation over the score and the cost of distance", () => {
    const weight = 0.1;
    const rewards = [-0.05, 0.1, 2];
    const { advantages, returns } = taughtBy(answer, weight);
    const deltas = rewards.map((reward, t) => reward + [0.2, 0.3, 0][t]! - answer.guesses[t]!);
    const expected = [0, 1, 2].map((t) =>
      deltas.slice(t).reduce((sum, delta, k) => sum + 0.95 ** k * delta, 0),
    );
    expected.forEach((value, t) => {
      expect(advantages[t]).toBeCloseTo(value, 12);
      expect(returns[t]).toBeCloseTo(value + answer.guesses[t]!, 12);
    });
    expect(distanceOf(answer)).toBeCloseTo(-0.5, 12);
  });

  it("is laid where each token is said, its advantages of mean 0 and deviation 1 over the round", () => {
    const example = { ids: Int32Array.from([7, 7, 1, 2, 3]), start: 2 };
    const short = {
      ...answer,
      example: { ids: Int32Array.from([7, 5]), start: 1 },
      policy: floats(-1),
      base: floats(-1),
      guesses: floats(0),
    };
    const feeds = roundFeeds([{ ...answer, example }, short], 5, 0.1);
    expect([...feeds["ids"]!.data]).toEqual([7, 7, 1, 2, 0, 7, 0, 0, 0, 0]);
    expect([...feeds["targets"]!.data]).toEqual([7, 1, 2, 3, 0, 5, 0, 0, 0, 0]);
    expect([...feeds["weights"]!.data]).toEqual([0, 0.25, 0.25, 0.25, 0, 0.25, 0, 0, 0, 0]);
    expect([...feeds["before"]!.data]).toEqual([0, -1, -2, -0.5, 0, -1, 0, 0, 0, 0]);
    const advantages = [1, 2, 3, 5].map((at) => feeds["advantages"]!.data[at]!);
    expect(advantages.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 5);
    expect(advantages.reduce((sum, x) => sum + x * x, 0) / 4).toBeCloseTo(1, 5);
  });
});

describe("a drawn token", () => {
  it("falls where its share of the probabilities says", () => {
    const logits = Float32Array.from([Math.log(0.5), Math.log(0.3), Math.log(0.2)]);
    expect([0, 0.49, 0.51, 0.79, 0.81, 0.9999999].map((u) => drawn(logits, 1, u))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    // At half the temperature the shares are squared: 0.25, 0.09, 0.04 of 0.38.
    expect([0.65, 0.67, 0.89, 0.9].map((u) => drawn(logits, 0.5, u))).toEqual([0, 1, 1, 2]);
    expect(drawn(Float32Array.from([0, Number.NEGATIVE_INFINITY]), 1, 0.9999999999999999)).toBe(0);
  });
});
