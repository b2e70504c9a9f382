import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import type { MetricUse } from "../../language/vocabulary/types.ts";
import { prepareMetric } from "../../runtime/evaluate/metrics/metric.ts";
import { descendingOrder } from "../../runtime/evaluate/metrics/ranking.ts";
import { type CostMatrix, everyRow, type Scored, takeRows } from "../../runtime/evaluate/scored.ts";
import { ceilingShare } from "../../runtime/evaluate/share.ts";
import { binary, multiclass, regression } from "./examples.ts";

const value = (scored: Scored, name: string, args: MetricUse["args"] = {}, cost: CostMatrix | null = null) =>
  prepareMetric(scored, { name, args }, cost)(everyRow(scored.rows));

// 3 found positives, 1 missed, 2 false alarms, 4 right negatives.
const counted = binary([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.2, 0.6, 0.55, 0.3, 0.3, 0.2, 0.1]);

describe("metrics of predicted classes", () => {
  it("follow from the counts", () => {
    expect(value(counted, "accuracy")).toBe(0.7);
    expect(value(counted, "precision")).toBe(3 / 5);
    expect(value(counted, "recall")).toBe(3 / 4);
    expect(value(counted, "f1")).toBe(6 / 9);
    expect(value(counted, "balanced_accuracy")).toBe((3 / 4 + 4 / 6) / 2);
    expect(value(counted, "mcc")).toBeCloseTo((3 * 4 - 2 * 1) / Math.sqrt(5 * 4 * 6 * 5), 12);
  });

  it("average over classes as asked", () => {
    const three = multiclass(
      [0, 0, 0, 1, 1, 2],
      [
        [0.8, 0.1, 0.1],
        [0.8, 0.1, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.1, 0.8],
      ],
    );
    expect(value(three, "f1", { average: "macro" })).toBeCloseTo((4 / 5 + 4 / 5 + 1) / 3, 12);
    expect(value(three, "f1", { average: "weighted" })).toBeCloseTo((3 * 0.8 + 2 * 0.8 + 1) / 6, 12);
    expect(value(three, "f1")).toBe(value(three, "f1", { average: "macro" }));
  });

  it("are unknown where the rows cannot tell, never zero", () => {
    const never = binary([1, 0, 1], [0.1, 0.2, 0.3]);
    expect(value(never, "precision")).toBeNull();
    expect(value(never, "recall")).toBe(0);
    const none = binary([0, 0], [0.1, 0.9]);
    expect(value(none, "recall")).toBeNull();
    expect(value(none, "auc")).toBeNull();
    expect(value(none, "pr_auc")).toBeNull();
    expect(value(binary([], []), "accuracy")).toBeNull();
    expect(value(regression([2], [2]), "r2")).toBeNull();
    expect(value(regression([0.1, 0.1, 0.1], [0, 1, 2]), "r2")).toBeNull();
  });

  it("cost what the matrix says", () => {
    const cost = { false_positive: 5, false_negative: 1, true_positive: -2, true_negative: 0 };
    expect(value(counted, "cost", {}, cost)).toBe((2 * 5 + 1 - 3 * 2) / 10);
    expect(value(counted, "profit", {}, cost)).toBe(-(2 * 5 + 1 - 3 * 2) / 10);
  });
});

describe("metrics of the order", () => {
  it("count a tie as half a win", () => {
    expect(value(binary([1, 0], [0.5, 0.5]), "auc")).toBe(0.5);
    expect(value(binary([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1]), "auc")).toBe(3.5 / 4);
  });

  it("are the share of pairs in the right order", () => {
    const scores = fc.integer({ min: 0, max: 5 }).map((n) => n / 5);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), scores), { minLength: 2, maxLength: 40 }),
        (rows) => {
          const scored = binary(
            rows.map(([y]) => y),
            rows.map(([, p]) => p),
          );
          let pairs = 0;
          let right = 0;
          for (const [y, p] of rows) {
            for (const [z, q] of rows) {
              if (y !== 1 || z !== 0) continue;
              pairs += 1;
              right += p > q ? 1 : p === q ? 0.5 : 0;
            }
          }
          const auc = value(scored, "auc");
          if (pairs === 0) expect(auc).toBeNull();
          else expect(auc).toBeCloseTo(right / pairs, 12);
        },
      ),
    );
  });

  it("take the highest-scored share, rounded up to whole rows, ties by place", () => {
    const scored = binary([1, 0, 1, 0, 0], [0.5, 0.5, 0.9, 0.1, 0.1]);
    expect(value(scored, "recall", { top: 0.3 })).toBe(1); // two rows: 0.9 and the first 0.5
    expect(value(scored, "precision", { top: 0.3 })).toBe(1);
    expect(value(scored, "precision", { top: 0.5 })).toBe(2 / 3);
  });

  it("share rows as the decimal is written, not as binary rounds it", () => {
    expect(ceilingShare(100, 0.07)).toBe(7); // 0.07 · 100 = 7.000000000000001
    expect(ceilingShare(100, 57 * 0.01)).toBe(57);
    expect(ceilingShare(30, 0.1)).toBe(3);
    expect(ceilingShare(31, 0.1)).toBe(4);
    expect(ceilingShare(3, 1e-9)).toBe(1);
    expect(ceilingShare(5, 0)).toBe(0);
    expect(ceilingShare(5, 1)).toBe(5);
  });

  it("sort stably, highest first", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(-1, -0, 0, 0.25, 0.5, 1)), (scores) => {
        const expected = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
        expect([...descendingOrder(Float64Array.from(scores))]).toEqual(expected);
      }),
    );
  });
});

describe("weights", () => {
  const cost = { false_positive: 5, false_negative: 1, true_positive: 0, true_negative: 0 };
  const row = fc.tuple(
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 10 }).map((n) => n / 10),
    fc.integer({ min: 0, max: 3 }),
  );
  for (const [name, args] of [
    ...[
      "accuracy",
      "balanced_accuracy",
      "precision",
      "recall",
      "f1",
      "mcc",
      "auc",
      "pr_auc",
      "log_loss",
      "brier",
      "cost",
    ].map((n) => [n, {}] as const),
    ["recall", { top: 0.25 }],
  ] as const) {
    it(`count a row of ${metricKey({ name, args })} as often as it would stand there`, () => {
      fc.assert(
        fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
          const scored = binary(
            rows.map(([y]) => y),
            rows.map(([, p]) => p),
          );
          const weights = Int32Array.from(rows, ([, , w]) => w);
          const repeated = takeRows(
            scored,
            Int32Array.from(rows.flatMap(([, , w], i) => new Array<number>(w).fill(i))),
          );
          const weighted = prepareMetric(scored, { name, args }, cost)(weights);
          const plain = prepareMetric(repeated, { name, args }, cost)(everyRow(repeated.rows));
          if (plain === null) expect(weighted).toBeNull();
          else expect(weighted).toBeCloseTo(plain, 10);
        }),
      );
    });
  }
});

describe("metrics of numbers", () => {
  it("measure the error in the target's unit", () => {
    const scored = regression([1, 2, 4], [2, 2, 1]);
    expect(value(scored, "mae")).toBeCloseTo(4 / 3, 12);
    expect(value(scored, "rmse")).toBeCloseTo(Math.sqrt(10 / 3), 12);
    expect(value(scored, "mape")).toBeCloseTo((1 + 0 + 0.75) / 3, 12);
    expect(value(scored, "r2")).toBeCloseTo(1 - 10 / (16 / 9 + 1 / 9 + 25 / 9), 12);
  });
});
