import { describe, expect, it } from "vitest";
import { bootstrap, interval, resampler } from "../../runtime/evaluate/bootstrap.ts";
import { prepareMetric } from "../../runtime/evaluate/metrics/metric.ts";
import { binary } from "./examples.ts";

describe("the bootstrap", () => {
  it("draws as many rows as there are, the same under the same seed", () => {
    const [first, again, other] = [resampler(50, 7), resampler(50, 7), resampler(50, 8)];
    for (let b = 0; b < 20; b += 1) {
      const weights = [...first()];
      expect(weights.reduce((sum, n) => sum + n, 0)).toBe(50);
      expect([...again()]).toEqual(weights);
      expect([...other()]).not.toEqual(weights);
    }
  });

  it("draws every row alike", () => {
    const draw = resampler(10, 3);
    const total = new Float64Array(10);
    for (let b = 0; b < 5000; b += 1)
      draw().forEach((n, i) => {
        total[i]! += n;
      });
    // 5,000 expected of each; a standard deviation is 67.
    for (const n of total) expect(Math.abs(n - 5000)).toBeLessThan(350);
  });

  it("finds the textbook interval of a mean", async () => {
    // Accuracy 0.8 on 400 rows: a standard error of 0.02, so 95% lies within ±0.039.
    const truth = Array.from({ length: 400 }, (_, i) => Number(i % 5 !== 0));
    const scored = binary(
      truth,
      truth.map(() => 0.9),
    );
    const [values] = await bootstrap([prepareMetric(scored, { name: "accuracy", args: {} }, null)], 400, {
      resamples: 4000,
      seed: 1,
    });
    const [low, high] = interval(values!, 0.95)!;
    expect(low).toBeCloseTo(0.8 - 0.0392, 2);
    expect(high).toBeCloseTo(0.8 + 0.0392, 2);
  });

  it("stops when asked", async () => {
    const scored = binary(new Array<number>(2000).fill(1), new Array<number>(2000).fill(1));
    const measure = prepareMetric(scored, { name: "accuracy", args: {} }, null);
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(bootstrap([measure], 2000, { resamples: 1000, seed: 1, signal })).rejects.toThrow("stop");
  });
});

describe("an interval", () => {
  const upTo = (n: number) => Float64Array.from({ length: n }, (_, i) => i);

  it("interpolates its ends as numpy does", () => {
    expect(interval(upTo(101), 0.95)).toEqual([2.5, 97.5]);
    expect(interval(Float64Array.of(4, 4, 4), 0.95)).toEqual([4, 4]);
  });

  it("counts resamples that could not tell at both ends", () => {
    const values = upTo(1001);
    values.fill(Number.NaN, 0, 10); // 1% unknown
    expect(interval(values, 0.95)).toEqual([25, 985]);
    values.fill(Number.NaN, 0, 30); // 3% unknown reach the end at 2.5%
    expect(interval(values, 0.95)).toBeNull();
  });

  it("is unknown without values", () => {
    expect(interval(new Float64Array(0), 0.95)).toBeNull();
    expect(interval(Float64Array.of(Number.NaN), 0.95)).toBeNull();
  });
});
