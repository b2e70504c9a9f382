import { describe, expect, it } from "vitest";
import { type Condition, explainRow, ruleOf } from "../../runtime/portable/explain.ts";
import type { PortableModel, TreeLearner } from "../../runtime/portable/form.ts";
import { compileRow } from "../../runtime/portable/predict.ts";
import { callerRow } from "../../runtime/portable/rows.ts";
import { everyKind, model } from "./models.ts";
import { INPUTS, input, table } from "./rows.ts";

const rows = table(25, 4);

describe.each([...everyKind(3)])("the explanation of %s", (_, explained) => {
  it("sums to the prediction", () => {
    const predict = compileRow(explained);
    for (let i = 0; i < rows.rows; i++) {
      const row = callerRow(INPUTS, rows, i);
      const explanation = explainRow(explained, row);
      expect(explanation.prediction).toEqual(predict(row));
      const added = explanation.is === "trees" ? explanation.paths : explanation.contributions;
      explanation.prediction.raw.forEach((raw, k) => {
        const sum = added.reduce((total, { adds }) => total + adds[k]!, explanation.base[k]!);
        if (explanation.is === "trees") expect(sum).toBe(raw);
        else if (Number.isNaN(raw)) expect(sum).toBeNaN();
        else {
          const size = added.reduce((total, { adds }) => total + Math.abs(adds[k]!), Math.abs(raw));
          expect(Math.abs(sum - raw)).toBeLessThanOrEqual(1e-12 * Math.max(1, size));
        }
      });
    }
  });
});

describe("the rules of a tree", () => {
  // income ≤ 4200 ? 1 : area in {rural, urban} ? 2 : 3, missing goes right at the root and left below.
  const learner: TreeLearner = {
    is: "trees",
    outputs: 1,
    link: "identity",
    base: Float64Array.of(0.5),
    roots: Int32Array.of(0),
    output: Int32Array.of(0),
    feature: Int32Array.of(1, -1, 0, -1, -1),
    threshold: Float64Array.of(4200, 0, 0, 0, 0),
    set: Int32Array.of(-1, -1, 0, -1, -1),
    setWords: Int32Array.of(0, 0, 1, 0, 0),
    sets: Uint32Array.of(0b101),
    left: Int32Array.of(1, 0, 3, 0, 0),
    right: Int32Array.of(2, 0, 4, 0, 0),
    missingLeft: Uint8Array.of(0, 0, 1, 0, 0),
    value: Float64Array.of(0, 1, 0, 2, 3),
    valueWidth: 1,
    gain: Float64Array.of(5, 0, 2, 0, 0),
    cover: Float64Array.of(10, 4, 6, 3, 3),
  };
  const one: PortableModel = {
    ...model({
      task: "regression",
      steps: [{ op: "category", column: "area", output: "area", levels: ["rural", "town", "urban", "wild"] }],
      features: [
        { name: "area", kind: "category", width: 1 },
        { name: "income", kind: "numeric", width: 1 },
      ],
      learner,
    }),
    inputs: [input("area", "category"), input("income", "float")],
  };
  const path = (row: Record<string, unknown>) => {
    const explanation = explainRow(one, row);
    if (explanation.is !== "trees") throw new Error("no trees");
    return {
      text: explanation.paths[0]?.conditions.map((condition) => condition.text),
      adds: explanation.paths[0]?.adds,
      raw: explanation.prediction.raw[0],
    };
  };

  it("are said in words and values", () => {
    expect(path({ income: 4200 })).toEqual({ text: ["income ≤ 4200"], adds: [1], raw: 1.5 });
    expect(path({ income: 5000, area: "urban" })).toEqual({
      text: ["income > 4200", "area is one of rural, urban"],
      adds: [2],
      raw: 2.5,
    });
    expect(path({ income: 5000, area: "wild" })).toEqual({
      text: ["income > 4200", "area is one of town, wild"],
      adds: [3],
      raw: 3.5,
    });
  });

  it("say what is missing or unknown", () => {
    expect(path({ area: "mars" })).toEqual({
      text: ["income is missing", "area is missing or unknown"],
      adds: [2],
      raw: 2.5,
    });
  });

  it("are in the column's own unit when it was scaled", () => {
    const scaled: PortableModel = {
      ...one,
      steps: [...one.steps, { op: "scale", column: "income", output: "income", offset: -400, factor: 0.5 }],
    };
    const explanation = explainRow(scaled, { income: 1600, area: "rural" });
    if (explanation.is !== "trees") throw new Error("no trees");
    expect(explanation.paths[0]?.conditions).toEqual([
      { feature: "income", text: "income ≤ 1700", value: 1600, allows: { is: "at most", bound: 1700 } },
    ]);
  });

  it("are summed up by feature", () => {
    const bound = (is: "at most" | "above", at: number): Condition => ({
      feature: "income",
      text: "",
      value: 4,
      allows: { is, bound: at },
    });
    const of = ["rural", "town", "urban", "wild"];
    const levels = (...allowed: string[]): Condition => ({
      feature: "area",
      text: "",
      value: "town",
      allows: { is: "levels", levels: allowed, of },
    });
    expect(ruleOf([bound("above", 1), bound("at most", 9), bound("above", 3), bound("at most", 5)])).toEqual([
      "income > 3",
      "income ≤ 5",
    ]);
    expect(ruleOf([levels("rural", "town", "urban"), levels("town", "wild")])).toEqual(["area is town"]);
    expect(ruleOf([levels("rural", "town", "urban")])).toEqual(["area is not wild"]);
    const missing: Condition = {
      feature: "income",
      text: "income is missing",
      value: null,
      allows: { is: "missing", unknown: false },
    };
    expect(ruleOf([missing, levels("town"), missing])).toEqual(["income is missing", "area is town"]);
  });
});
