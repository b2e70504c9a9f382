import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf } from "../../runtime/evaluate/metrics/confusion.ts";
import type { CostMatrix } from "../../runtime/evaluate/scored.ts";
import { cheapestThreshold } from "../../runtime/evaluate/threshold.ts";

const matrix = (false_positive: number, false_negative: number): CostMatrix => ({
  false_positive,
  false_negative,
  true_positive: 0,
  true_negative: 0,
});

function costAt(
  threshold: number,
  scores: readonly number[],
  truth: readonly number[],
  cost: CostMatrix,
): number {
  const n = { tp: 0, fp: 0, fn: 0, tn: 0 };
  scores.forEach((p, i) => {
    const outcome = p >= threshold ? (truth[i] === 1 ? "tp" : "fp") : truth[i] === 1 ? "fn" : "tn";
    n[outcome] += 1;
  });
  return costOf(cost, n) / scores.length;
}

describe("the cheapest threshold", () => {
  // German credit's matrix: calling a bad customer good costs 5, a good one bad costs 1. By hand, positive = good:
  // at 0.9 one good is missed of two (1); at 0.6 the bad one at 0.7 is let in (5); above all both good are missed (2).
  const scores = [0.9, 0.7, 0.6, 0.2];
  const truth = [1, 0, 1, 0];

  it("is the one found by hand", () => {
    expect(cheapestThreshold(Float64Array.from(scores), Float64Array.from(truth), matrix(5, 1))).toEqual({
      threshold: 0.9,
      cost: 0.25,
    });
    expect(cheapestThreshold(Float64Array.from(scores), Float64Array.from(truth), matrix(1, 5))).toEqual({
      threshold: 0.6,
      cost: 0.25,
    });
  });

  it("may call nothing positive", () => {
    const { threshold, cost } = cheapestThreshold(
      Float64Array.of(0.9, 0.4),
      Float64Array.of(0, 0),
      matrix(5, 1),
    );
    expect(threshold).toBe(1);
    expect(cost).toBe(0);
    const certain = cheapestThreshold(Float64Array.of(1, 0.4), Float64Array.of(0, 0), matrix(5, 1));
    expect(certain.threshold).toBeGreaterThan(1);
  });

  it("takes the higher of equally cheap ones", () => {
    // 0.8: one missed; 0.3: one false alarm. Both cost 1.
    const best = cheapestThreshold(Float64Array.of(0.8, 0.5, 0.3), Float64Array.of(1, 0, 1), matrix(1, 1));
    expect(best).toEqual({ threshold: 0.8, cost: 1 / 3 });
  });

  it("is minimal over every threshold there is", () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
    );
    const cost = fc.integer({ min: -3, max: 9 });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        fc.tuple(cost, cost, cost, cost),
        (rows, [fp, fn, tp, tn]) => {
          const [ys, ps] = [rows.map(([y]) => y), rows.map(([, p]) => p)];
          const costs = { false_positive: fp, false_negative: fn, true_positive: tp, true_negative: tn };
          const best = cheapestThreshold(Float64Array.from(ps), Float64Array.from(ys), costs);
          expect(best.cost).toBe(costAt(best.threshold, ps, ys, costs));
          for (const threshold of [...ps, 2]) {
            const other = costAt(threshold, ps, ys, costs);
            expect(other).toBeGreaterThanOrEqual(best.cost);
            if (other === best.cost && threshold <= 1) expect(threshold).toBeLessThanOrEqual(best.threshold);
          }
        },
      ),
    );
  });
});
