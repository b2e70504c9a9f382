/** Sampling against its definitions. */
import { describe, expect, it } from "vitest";
import { distribution, likeliest, NotNumbers, sample } from "../../runtime/generate/sample.ts";
import { random } from "../../runtime/learn/random.ts";

const logits = (...values: number[]) => Float32Array.from(values);
const all = { temperature: 1, topK: null, topP: 1 };

/** softmax(x / temperature), written as in the textbook. */
function softmax(values: readonly number[], temperature = 1): number[] {
  const exponentials = values.map((value) => Math.exp(value / temperature));
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  return exponentials.map((one) => one / total);
}

const closeTo = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expect([...Array.from(actual)]).toEqual(expected.map((value) => expect.closeTo(value, 7)));

describe("the distribution", () => {
  it.each([0.5, 1, 2])("is softmax(logits / temperature) at %d", (temperature) => {
    closeTo(
      distribution(logits(1, -2, 0.5, 3), { ...all, temperature }),
      softmax([1, -2, 0.5, 3], temperature),
    );
  });

  it("top-k keeps the k likeliest and renormalises; equals go to the lower id", () => {
    closeTo(distribution(logits(1, 3, 2, 0), { ...all, topK: 2 }), [0, ...softmax([3, 2]), 0]);
    closeTo(distribution(logits(1, 1, 1, 1), { ...all, topK: 2 }), [0.5, 0.5, 0, 0]);
    closeTo(distribution(logits(1, 2), { ...all, topK: 9 }), softmax([1, 2]));
  });

  it("top-p keeps the smallest set of the likeliest that reaches p", () => {
    const quarters = logits(Math.log(0.5), Math.log(0.25), Math.log(0.125), Math.log(0.125));
    closeTo(distribution(quarters, { ...all, topP: 0.49 }), [1, 0, 0, 0]);
    closeTo(distribution(quarters, { ...all, topP: 0.7 }), [2 / 3, 1 / 3, 0, 0]);
    closeTo(distribution(quarters, { ...all, topP: 0.8 }), [4 / 7, 2 / 7, 1 / 7, 0]);
    closeTo(distribution(quarters, { ...all, topP: 1 }), [0.5, 0.25, 0.125, 0.125]);
  });

  it("top-p is of what top-k left", () => {
    const quarters = logits(Math.log(0.5), Math.log(0.25), Math.log(0.125), Math.log(0.125));
    closeTo(distribution(quarters, { temperature: 1, topK: 2, topP: 0.6 }), [1, 0, 0, 0]);
    closeTo(distribution(quarters, { temperature: 1, topK: 2, topP: 0.7 }), [2 / 3, 1 / 3, 0, 0]);
  });

  it("stands large, infinite and refused logits", () => {
    closeTo(distribution(logits(1e30, -1e30), all), [1, 0]);
    closeTo(distribution(logits(Number.POSITIVE_INFINITY, 0), all), [1, 0]);
    closeTo(distribution(logits(0, Number.NEGATIVE_INFINITY, 0), all), [0.5, 0, 0.5]);
    expect(() => distribution(logits(0, Number.NaN), all)).toThrow(NotNumbers);
    expect(() => likeliest(logits(Number.NaN, 1))).toThrow(NotNumbers);
  });
});

describe("a token", () => {
  it("is the likeliest at temperature 0 and for top-k 1, the lowest id among equals, and draws nothing", () => {
    const drawn = () => {
      throw new Error("drew");
    };
    expect(sample(logits(0, 5, 5, 1), { ...all, temperature: 0 }, drawn)).toBe(1);
    expect(sample(logits(0, 5, 5, 1), { ...all, topK: 1 }, drawn)).toBe(1);
  });

  it("is where the drawn number falls in the sums of probabilities, in the order of ids", () => {
    const thirds = logits(0, 0, 0);
    expect([0, 0.33, 0.34, 0.66, 0.67, 0.999999].map((u) => sample(thirds, all, () => u))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    // Nothing that may not come, even at the very end.
    expect(sample(logits(1, 1, 0), { ...all, topK: 2 }, () => 1 - 2 ** -32)).toBe(1);
  });

  it("comes as often as its probability says, from a seed", () => {
    const stream = random(7);
    const counts = [0, 0, 0, 0];
    const given = [2, 1, 0, -1];
    for (let i = 0; i < 20_000; i++) {
      const id = sample(logits(...given), { ...all, temperature: 1.5 }, () => stream.next());
      counts[id] = counts[id]! + 1;
    }
    const expected = softmax(given, 1.5);
    counts.forEach((count, id) => {
      // Five standard deviations.
      const p = expected[id]!;
      expect(Math.abs(count / 20_000 - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 20_000));
    });
  });
});
