import { expect, it } from "vitest";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { randomInputs } from "../../runtime/graph/random-inputs.ts";

const drawn = (seed: number, names: readonly string[], count: number): Float32Array[] => {
  const b = new GraphBuilder();
  for (const name of names) b.output(name, b.sum(b.random(name, [count])));
  return Object.values(randomInputs(b.graph(), seed)).map(({ data }) => data as Float32Array);
};

it("is uniform in [0, 1)", () => {
  const [data] = drawn(1, ["mask"], 200_000);
  const counts = new Array<number>(20).fill(0);
  for (const value of data!) counts[Math.floor(value * 20)]! += 1;
  // 20 cells of 10,000: the sum of squares is χ² of 19 degrees, which is below 43.8 in 999 of 1,000 cases.
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(43.8);
  expect(data!.every((value) => value >= 0 && value < 1)).toBe(true);
});

it("depends on the seed and the name alone, and neighbours have nothing in common", () => {
  const [a, b] = drawn(1, ["a", "b"], 50_000) as [Float32Array, Float32Array];
  expect(drawn(1, ["b"], 50_000)[0]).toEqual(b);
  const [other] = drawn(2, ["a"], 50_000) as [Float32Array];
  const correlation = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, at) => sum + (value - 0.5) * (y[at]! - 0.5), 0) / x.length / (1 / 12);
  for (const y of [b, other, a.slice(1)])
    expect(Math.abs(correlation(a.subarray(0, y.length), y))).toBeLessThan(0.02);
});
