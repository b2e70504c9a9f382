import { describe, expect, it } from "vitest";
import type { Table, TableColumn } from "../../runtime/data/table.ts";
import { baselineScored, fitBaselines } from "../../runtime/evaluate/baselines.ts";
import { applyRule, fitOneRule } from "../../runtime/evaluate/one-rule.ts";
import type { Target } from "../../runtime/learn/frame.ts";
import { binary, regression } from "./examples.ts";

const table = (columns: Record<string, TableColumn>): Table => {
  const [first] = Object.values(columns);
  const rows = first === undefined ? 0 : first.type === "string" ? first.codes.length : first.values.length;
  return { rows, columns: new Map(Object.entries(columns)) };
};
const words = (values: readonly (string | null)[]): TableColumn => {
  const levels = [...new Set(values)].filter((value) => value !== null).sort();
  return {
    type: "string",
    levels,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value))),
  };
};
const numbers = (values: readonly number[]): TableColumn => ({
  type: "number",
  values: Float64Array.from(values),
});
const classes = (values: readonly number[]): Target => ({
  task: "binary",
  classes: ["no", "yes"],
  values: Float64Array.from(values),
});

describe("one rule", () => {
  it("asks the column that errs least on the training rows", () => {
    const rule = fitOneRule(
      table({
        area: words(["a", "a", "b", "b", "a"]),
        history: words(["bad", "good", "good", "bad", "good"]),
      }),
      classes([0, 1, 1, 0, 1]),
    )!;
    expect(rule.column).toBe("history");
    expect(rule.groups.map((group) => [group.says, group.predicted])).toEqual([
      ["history = bad", 0],
      ["history = good", 1],
      ["history missing", 1],
      ["history otherwise", 1],
    ]);
    expect(rule.groups[1]!.probabilities).toEqual([1 / 5, 4 / 5]);
  });

  it("treats a missing value as a value, an unseen one like everyone", () => {
    const rule = fitOneRule(
      table({ history: words(["good", "good", null, null, null]) }),
      classes([1, 1, 0, 0, 1]),
    )!;
    const codes = applyRule(rule, table({ history: words([null, "good", "new"]) }));
    expect([...codes].map((code) => rule.groups[code]!.predicted)).toEqual([0, 1, 1]);
  });

  it("cuts numbers where the answer changes, with at least six of the majority in a bin", () => {
    const values = [...Array(7).keys(), 7.5, ...Array.from({ length: 7 }, (_, i) => 10 + i)];
    // A lone 'yes' at 3 does not make a bin of its own.
    const truth = values.map((value) => Number(value >= 7 || value === 3));
    const rule = fitOneRule(table({ income: numbers(values) }), classes(truth))!;
    expect(rule.edges).toEqual([(6 + 7.5) / 2]);
    expect(rule.groups.map((group) => group.says)).toEqual([
      "income < 6.75",
      "income ≥ 6.75",
      "income missing",
    ]);
    expect([...applyRule(rule, table({ income: numbers([-5, 6.75, 99, Number.NaN]) }))]).toEqual([
      0, 1, 1, 2,
    ]);
  });

  it("sees evenly spaced rows of very many", () => {
    const income = numbers(Array.from({ length: 250_000 }, (_, i) => i));
    const rule = fitOneRule(
      table({ income }),
      classes(Array.from({ length: 250_000 }, (_, i) => Number(i >= 200_000))),
    )!;
    expect(rule.edges).toHaveLength(1);
    expect(Math.abs(rule.edges[0]! - 200_000)).toBeLessThan(3);
  });

  it("is the first name of equals, and null without columns", () => {
    const rule = fitOneRule(table({ z: words(["a", "b"]), b: words(["a", "b"]) }), classes([0, 1]))!;
    expect(rule.column).toBe("b");
    expect(fitOneRule({ rows: 2, columns: new Map() }, classes([0, 1]))).toBeNull();
  });
});

describe("baselines", () => {
  const judged = table({ history: words(["good", "bad", "good"]) });
  const truth = binary([1, 0, 0], [0.5, 0.5, 0.5]);

  it("answer with the training part's majority, its share as probability", () => {
    const fitted = fitBaselines(
      { table: table({ history: words(["good", "bad", "good", "good"]) }), target: classes([1, 0, 1, 1]) },
      judged,
    );
    const majority = baselineScored(truth, fitted["majority"]!);
    expect([...majority.predicted]).toEqual([1, 1, 1]);
    expect([...majority.probabilities!]).toEqual([0.25, 0.75, 0.25, 0.75, 0.25, 0.75]);
    const rule = baselineScored(truth, fitted["one_rule"]!);
    expect([...rule.predicted]).toEqual([1, 0, 1]);
    expect(rule.truth).toBe(truth.truth);
  });

  it("answer a number with the training part's mean", () => {
    const target: Target = { task: "regression", classes: [], values: Float64Array.of(1, 2, 6) };
    const fitted = fitBaselines({ table: table({}), target }, judged);
    expect(Object.keys(fitted)).toEqual(["mean"]);
    expect([...baselineScored(regression([5, 5], [0, 0]), fitted["mean"]!).predicted]).toEqual([3, 3]);
  });
});
