import { describe, expect, it } from "vitest";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { LearnFailure } from "../../runtime/learn/fit.ts";
import { checkTarget, classTarget } from "../../runtime/learn/task.ts";
import { binary, regression } from "./frames.ts";

const column = (type: ColumnSchema["type"]): ColumnSchema => ({
  name: "stars",
  type,
  nullable: false,
  role: "label",
  positive: null,
  min: null,
  max: null,
  values: null,
  unique: false,
  pattern: null,
  format: null,
  redacted: false,
  doc: null,
});

const codeOf = (work: () => void): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof LearnFailure) return error.finding.code;
    throw error;
  }
};

describe("the task", () => {
  it("takes whole numbers from 0 for classes where a variant only classifies", () => {
    const target = regression([2, 0, 1, 0]);
    expect(classTarget(target, column("int"), "logistic_regression")).toEqual({
      task: "multiclass",
      values: Float64Array.of(2, 0, 1, 0),
      classes: ["0", "1", "2"],
    });
    expect(classTarget(target, column("int"), "gradient_boosted_trees")).toBe(target);
    expect(classTarget(target, column("float"), "logistic_regression")).toBe(target);
    const others = regression([5, 1, 10, 1]);
    expect(
      codeOf(() =>
        checkTarget(
          classTarget(others, column("int"), "logistic_regression"),
          column("int"),
          "logistic_regression",
          {},
        ),
      ),
    ).toBe("ML5004");
  });

  it("is refused where there is nothing to tell apart", () => {
    expect(codeOf(() => checkTarget(binary([1, 1]), column("category"), "decision_tree", {}))).toBe("ML5008");
    expect(codeOf(() => checkTarget(binary([0, 1]), column("category"), "decision_tree", {}))).toBeNull();
  });

  it("is refused where values are not numbers", () => {
    const target = regression([1, Number.POSITIVE_INFINITY]);
    expect(codeOf(() => checkTarget(target, column("float"), "decision_tree", {}))).toBe("ML5006");
  });
});
