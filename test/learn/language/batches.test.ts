import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, bucketsFor } from "../../../runtime/learn/language/buckets.ts";
import { batchesOnce, batchPlan } from "../../../runtime/learn/language/plan.ts";
import { packed, randomWindows, spread, windowsInOrder } from "../../../runtime/learn/language/windows.ts";

const take = <T>(source: Iterator<T>, count: number): T[] =>
  Array.from({ length: count }, () => source.next().value as T);

describe("a batch plan", () => {
  const lengths = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? 16 : 8));

  it("is a function of its seed", () => {
    expect(take(batchPlan(lengths, 4, 7), 100)).toEqual(take(batchPlan(lengths, 4, 7), 100));
    expect(take(batchPlan(lengths, 4, 7), 3)).not.toEqual(take(batchPlan(lengths, 4, 8), 3));
  });

  it("has full batches of one length each, and uses every example nearly as often as any other", () => {
    const batches = take(batchPlan(lengths, 4, 1), 125); // 500 places: ten epochs
    const uses = new Array<number>(lengths.length).fill(0);
    for (const { length, examples } of batches) {
      expect(examples).toHaveLength(4);
      for (const place of examples) {
        expect(lengths[place]).toBe(length);
        uses[place]! += 1;
      }
    }
    expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(2); // it may wait for its batch
  });

  it("goes on where there are fewer examples than a batch holds", () => {
    expect(take(batchPlan([8], 3, 1), 2)).toEqual([
      { length: 8, examples: [0, 0, 0] },
      { length: 8, examples: [0, 0, 0] },
    ]);
  });

  it("to judge by has every example once", () => {
    const batches = batchesOnce(lengths, 4);
    expect(batches.flatMap(({ examples }) => examples).sort((a, b) => a - b)).toEqual(
      lengths.map((_, i) => i),
    );
    expect(batches.map(({ length }) => length)).toEqual(
      [...batches.map(({ length }) => length)].sort((a, b) => a - b),
    );
  });
});

describe("row lengths", () => {
  it("hold every example, within the context", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }),
        fc.option(fc.array(fc.integer({ min: 1, max: 300 }))),
        (lengths, asked) => {
          const buckets = bucketsFor(lengths, 100, asked);
          for (const length of lengths) expect(bucketOf(buckets, length)).toBeGreaterThanOrEqual(length);
          expect(Math.max(...buckets)).toBeLessThanOrEqual(100);
          expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
        },
      ),
    );
  });

  it("are two where many examples are short", () => {
    expect(bucketsFor([5, 6, 30, 31], 64)).toEqual([16, 32]);
    expect(bucketsFor([30, 31], 64)).toEqual([32]);
    expect(bucketsFor([5, 31], 64, [8, 16, 500])).toEqual([8, 16, 32]);
  });
});

describe("windows on a stream", () => {
  const stream = Int32Array.from({ length: 100 }, (_, i) => i);

  it("in order predict every token but the first once", () => {
    const predicted = windowsInOrder(stream, 16).flatMap(({ ids }) => [...ids.subarray(1)]);
    expect(predicted).toEqual([...stream.subarray(1)]);
  });

  it("drawn for a step are the same whenever it is drawn, reach both ends and no further", () => {
    expect(randomWindows(stream, 16, 4, 1, 9)).toEqual(randomWindows(stream, 16, 4, 1, 9));
    const starts = new Set<number>();
    for (let step = 0; step < 400; step++) {
      for (const { ids } of randomWindows(stream, 16, 4, 1, step)) {
        expect(ids).toHaveLength(17);
        starts.add(ids[0]!);
      }
    }
    expect(Math.min(...starts)).toBe(0);
    expect(Math.max(...starts)).toBe(83);
    expect(starts.size).toBe(84);
  });

  it("come from documents with the end of text behind each; a book has none", () => {
    const [a, b] = [Int32Array.from([1, 2]), Int32Array.from([3])];
    expect([...packed([a, b], 9)]).toEqual([1, 2, 9, 3, 9]);
    expect([...packed([a, b], null)]).toEqual([1, 2, 3]);
    expect([...packed([a], 9)]).toEqual([1, 2]);
  });

  it("are spread evenly when only some are looked at", () => {
    expect(spread([...stream], 4)).toEqual([0, 25, 50, 75]);
    expect(spread([1, 2], 4)).toEqual([1, 2]);
  });
});
