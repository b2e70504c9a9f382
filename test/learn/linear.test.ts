import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LearnFailure } from "../../runtime/learn/fit.ts";
import { designOf } from "../../runtime/learn/linear/design.ts";
import { fitLinearRegression } from "../../runtime/learn/linear/least-squares.ts";
import { fitLogisticRegression, type LogisticOptions } from "../../runtime/learn/linear/logistic.ts";
import { LogisticObjective } from "../../runtime/learn/linear/objective.ts";
import { random } from "../../runtime/learn/random.ts";
import { accuracy, binary, frameOf, hooks, multiclass, normals, numeric, regression } from "./frames.ts";

const LOGISTIC: LogisticOptions = {
  l2: 1,
  standardize: true,
  iterations: 100,
  tolerance: 1e-10,
  class_weights: "none",
};
const SQUARES = { l2: 0, standardize: true, iterations: 100, tolerance: 1e-10 };

function noisyClasses(rows: number, seed: number) {
  const normal = normals(seed);
  const a = Float64Array.from({ length: rows }, () => 5 + 3 * normal());
  const b = Float64Array.from({ length: rows }, normal);
  const y = a.map((x, i) => ((x - 5) / 3 - b[i]! + normal() > 0 ? 1 : 0));
  return { frame: frameOf(rows, numeric("a", a), numeric("b", b)), target: binary(y) };
}

describe("the log loss", () => {
  const objectiveOf = (outputs: number, seed: number) => {
    const normal = normals(seed);
    const rows = 12;
    const frame = frameOf(
      rows,
      numeric("a", Float64Array.from({ length: rows }, normal)),
      numeric("b", Float64Array.from({ length: rows }, normal)),
    );
    const source = random(seed, 9);
    const y = Float64Array.from({ length: rows }, () => source.int(Math.max(2, outputs)));
    const weights = Float64Array.from({ length: rows }, () => 0.5 + source.next());
    return new LogisticObjective(designOf(frame, false), y, weights, 0.7, outputs);
  };
  const cases = fc.record({
    outputs: fc.constantFrom(1, 3),
    seed: fc.integer({ min: 0, max: 1000 }),
    at: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 9, maxLength: 9 }),
  });

  it("has the gradient that finite differences find", () => {
    fc.assert(
      fc.property(cases, ({ outputs, seed, at }) => {
        const objective = objectiveOf(outputs, seed);
        const theta = Float64Array.from(at.slice(0, objective.size));
        objective.value(theta);
        const gradient = objective.gradient(theta);
        theta.forEach((x, j) => {
          const up = objective.value(theta.with(j, x + 1e-5));
          const down = objective.value(theta.with(j, x - 1e-5));
          expect(gradient[j]).toBeCloseTo((up - down) / 2e-5, 7);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("has the curvature that differences of its gradient find, as products and as a matrix", () => {
    fc.assert(
      fc.property(cases, ({ outputs, seed, at }) => {
        const objective = objectiveOf(outputs, seed);
        const { size } = objective;
        const theta = Float64Array.from(at.slice(0, size));
        const along = (step: number, j: number) => {
          const moved = theta.with(j, theta[j]! + step);
          objective.value(moved);
          return objective.gradient(moved);
        };
        for (let j = 0; j < size; j++) {
          const up = along(1e-5, j);
          const down = along(-1e-5, j);
          objective.value(theta);
          const product = objective.curvature(new Float64Array(size).with(j, 1));
          const matrix = objective.hessian();
          for (let i = 0; i < size; i++) {
            expect(product[i]).toBeCloseTo((up[i]! - down[i]!) / 2e-5, 6);
            if (i >= j) expect(matrix[i * size + j]).toBeCloseTo(product[i]!, 12);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("logistic regression", () => {
  it("gives weights for raw columns: shifting and scaling a column changes no prediction", async () => {
    const { frame, target } = noisyClasses(300, 1);
    const [a, b] = frame.features as unknown as [{ values: Float64Array }, { values: Float64Array }];
    const other = frameOf(
      300,
      numeric(
        "a",
        a.values.map((x) => 1000 + 50 * x),
      ),
      numeric("b", b.values),
    );
    const one = await fitLogisticRegression(frame, target, LOGISTIC, hooks().hooks);
    const two = await fitLogisticRegression(other, target, LOGISTIC, hooks().hooks);
    expect(two.learner.weights[0]! * 50).toBeCloseTo(one.learner.weights[0]!, 8);
    expect(two.learner.weights[1]).toBeCloseTo(one.learner.weights[1]!, 8);
    expect(one.learner.weights[0]).toBeGreaterThan(0);
    expect(one.learner.weights[1]).toBeLessThan(0);
  });

  it("reaches a point where no gradient is left", async () => {
    const { frame, target } = noisyClasses(400, 2);
    const raw = { ...LOGISTIC, standardize: false };
    const { learner } = await fitLogisticRegression(frame, target, raw, hooks().hooks);
    const ones = new Float64Array(400).fill(1);
    const objective = new LogisticObjective(designOf(frame, false), target.values, ones, 1, 1);
    const theta = Float64Array.of(...learner.weights, learner.intercept[0]!);
    objective.value(theta);
    for (const g of objective.gradient(theta)) expect(Math.abs(g)).toBeLessThan(1e-9);
  });

  it("is symmetric with several classes: weights of a column sum to 0", async () => {
    const normal = normals(3);
    const a = Float64Array.from({ length: 300 }, normal);
    const target = multiclass(a.map((x) => (x + 0.5 * normal() < -0.5 ? 0 : x > 0.5 ? 2 : 1)));
    const frame = frameOf(300, numeric("a", a));
    const { learner } = await fitLogisticRegression(frame, target, LOGISTIC, hooks().hooks);
    expect(learner.weights.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 9);
    expect(learner.intercept.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 9);
    expect(accuracy(learner, frame, target)).toBeGreaterThan(0.8);
  });

  it("finds the same minimum through a sparse block as through dense columns", async () => {
    const normal = normals(4);
    const a = Float64Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? normal() : 0));
    const b = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? normal() : 0));
    const target = binary(a.map((x, i) => (x + b[i]! + 0.5 * normal() > 0 ? 1 : 0)));
    const entries = Array.from({ length: 200 }, (_, i) =>
      [a[i]!, b[i]!].map((x, j) => ({ x, j })).filter(({ x }) => x !== 0),
    );
    const offsets = new Int32Array(201);
    entries.forEach((row, i) => {
      offsets[i + 1] = offsets[i]! + row.length;
    });
    const sparse = frameOf(200, {
      kind: "sparse",
      name: "text",
      names: ["text:a", "text:b"],
      offsets,
      indices: Int32Array.from(entries.flat(), ({ j }) => j),
      values: Float64Array.from(entries.flat(), ({ x }) => x),
    });
    const options = { ...LOGISTIC, standardize: false };
    const one = await fitLogisticRegression(
      frameOf(200, numeric("a", a), numeric("b", b)),
      target,
      options,
      hooks().hooks,
    );
    const two = await fitLogisticRegression(sparse, target, options, hooks().hooks);
    for (let j = 0; j < 2; j++) expect(two.learner.weights[j]).toBeCloseTo(one.learner.weights[j]!, 7);
  });

  it("weighs classes alike when balanced", async () => {
    const normal = normals(5);
    const a = Float64Array.from({ length: 1000 }, normal);
    const target = binary(a.map((x) => (x + normal() > 2 ? 1 : 0)));
    const frame = frameOf(1000, numeric("a", a));
    const none = await fitLogisticRegression(frame, target, LOGISTIC, hooks().hooks);
    const balanced = await fitLogisticRegression(
      frame,
      target,
      { ...LOGISTIC, class_weights: "balanced" },
      hooks().hooks,
    );
    expect(balanced.learner.intercept[0]).toBeGreaterThan(none.learner.intercept[0]! + 1);
  });

  it("refuses classes told apart completely without a penalty, and finds them with one", async () => {
    const frame = frameOf(6, numeric("a", [1, 2, 3, 4, 5, 6]));
    const target = binary([0, 0, 0, 1, 1, 1]);
    await expect(
      fitLogisticRegression(frame, target, { ...LOGISTIC, l2: 0 }, hooks().hooks),
    ).rejects.toMatchObject({
      finding: { code: "ML5003" },
    });
    const { learner } = await fitLogisticRegression(frame, target, LOGISTIC, hooks().hooks);
    expect(accuracy(learner, frame, target)).toBe(1);
  });

  it("says when it gave up", async () => {
    const { frame, target } = noisyClasses(100, 6);
    const { report } = await fitLogisticRegression(
      frame,
      target,
      { ...LOGISTIC, iterations: 1 },
      hooks().hooks,
    );
    expect(report.warnings.map(({ code }) => code)).toEqual(["ML5002"]);
  });

  it("names the column with missing numbers", async () => {
    const frame = frameOf(3, numeric("income", [1, Number.NaN, 3]));
    const failure = fitLogisticRegression(frame, binary([0, 1, 0]), LOGISTIC, hooks().hooks);
    await expect(failure).rejects.toBeInstanceOf(LearnFailure);
    await expect(failure).rejects.toMatchObject({ finding: { values: { column: "income", rows: "1" } } });
  });
});

describe("linear regression", () => {
  it("finds a plane exactly", async () => {
    const normal = normals(7);
    const a = Float64Array.from({ length: 50 }, normal);
    const b = Float64Array.from({ length: 50 }, normal);
    const target = regression(a.map((x, i) => 3 + 2 * x - 5 * b[i]!));
    const { learner } = await fitLinearRegression(
      frameOf(50, numeric("a", a), numeric("b", b)),
      target,
      SQUARES,
      hooks().hooks,
    );
    expect(learner.intercept[0]).toBeCloseTo(3, 12);
    expect(learner.weights[0]).toBeCloseTo(2, 12);
    expect(learner.weights[1]).toBeCloseTo(-5, 12);
  });

  it("shares the weight among equal columns and ignores constant ones", async () => {
    const normal = normals(8);
    const a = Float64Array.from({ length: 40 }, normal);
    const frame = frameOf(40, numeric("a", a), numeric("b", a), numeric("c", new Float64Array(40).fill(4)));
    const { learner } = await fitLinearRegression(
      frame,
      regression(a.map((x) => 1 + 6 * x)),
      SQUARES,
      hooks().hooks,
    );
    expect(Array.from(learner.weights, (w) => Math.round(w * 1e9) / 1e9)).toEqual([3, 3, 0]);
  });

  it("shrinks with l2: one column's weight is Σxy / (Σx² + l2)", async () => {
    const x = [-2, -1, 0, 1, 2];
    const y = [-3, -2, 1, 1, 3];
    const options = { ...SQUARES, standardize: false, l2: 10 };
    const { learner } = await fitLinearRegression(
      frameOf(5, numeric("x", x)),
      regression(y),
      options,
      hooks().hooks,
    );
    expect(learner.weights[0]).toBeCloseTo(15 / 20, 12);
    expect(learner.intercept[0]).toBeCloseTo(0, 12);
  });
});
