/** Which way a condition moved. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareConditions } from "../../language/diff/strictness.ts";
import { irExpression } from "../../language/ir/expression.ts";
import { PIPELINE, programOf } from "../check/spec.ts";

/** An expectation's condition, as the checker reads it. */
function condition(text: string) {
  const program = programOf(PIPELINE.replace("expect rows >= 500", () => `expect ${text}`));
  const dataset = program.declarations.find(({ id }) => id === "dataset.loans");
  const rules = dataset?.props["expect"] as { condition: unknown }[];
  return irExpression.parse(rules[0]?.condition);
}

describe("a condition", () => {
  it.each([
    ["rows >= 500", "rows >= 400", "looser"],
    ["rows >= 500", "rows > 500", "tighter"],
    ["rows > 500", "rows >= 500", "looser"],
    ["rows >= 500", "500 <= rows", "same"],
    ["rows >= 500", "600 <= rows", "tighter"],
    ["nulls(amount) <= 5%", "nulls(amount) <= 10%", "looser"],
    ["nulls(amount) <= 5%", "nulls(income) <= 5%", null],
    ["rows >= 500", "rows <= 500", null],
    ["rows == 500", "rows == 600", null],
    ["mean(income) >= mean(amount) - 1", "mean(income) >= mean(amount) - 2", "looser"],
    ["mean(income) >= 2 * mean(amount)", "mean(income) >= 3 * mean(amount)", null],
    ["mean(income) / 2 >= 10", "mean(income) >= 30", null],
    ["mean(income) / 2 >= 10", "mean(income) / 2 >= 15", "tighter"],
    ["rows >= 500", "rows >= 500 and rows <= 900", "tighter"],
    ["rows >= 500 and rows <= 900", "rows >= 500", "looser"],
    ["rows >= 500 or rows <= 9", "rows >= 500", "tighter"],
    ["rows >= 500 and rows <= 900", "rows >= 400 and rows <= 900", "looser"],
    ["rows >= 500 and rows <= 900", "rows >= 400 and rows <= 800", null],
    ["rows >= 500 and rows <= 900", "rows <= 900 and rows >= 500", null],
  ] as const)("`%s` → `%s`: %s", (before, after, way) => {
    expect(compareConditions(condition(before), condition(after))).toBe(way);
  });

  it("is called looser only when all that met it meets it still", () => {
    const comparison = fc.record({
      op: fc.constantFrom(">=", ">", "<=", "<"),
      factor: fc.constantFrom(1, -1, 2),
      constant: fc.integer({ min: -3, max: 3 }),
      turned: fc.boolean(),
    });
    const read = ({
      op,
      factor,
      constant,
      turned,
    }: {
      op: string;
      factor: number;
      constant: number;
      turned: boolean;
    }) => {
      const left = {
        is: "binary",
        op: "*",
        left: { is: "literal", value: factor },
        right: { is: "name", name: "rows", path: [] },
      };
      const right = { is: "literal", value: constant };
      const sides = turned ? { left: right, right: left } : { left, right };
      return irExpression.parse({ is: "binary", op, ...sides });
    };
    const holds = (
      { op, factor, constant, turned }: { op: string; factor: number; constant: number; turned: boolean },
      x: number,
    ) => {
      const [a, b] = turned ? [constant, factor * x] : [factor * x, constant];
      return op === ">=" ? a >= b : op === ">" ? a > b : op === "<=" ? a <= b : a < b;
    };
    const points = Array.from({ length: 65 }, (_, index) => (index - 32) / 4);
    fc.assert(
      fc.property(comparison, comparison, (before, after) => {
        const way = compareConditions(read(before), read(after));
        const implies = (one: typeof before, other: typeof before) =>
          points.every((x) => !holds(one, x) || holds(other, x));
        if (way === "looser" || way === "same") expect(implies(before, after)).toBe(true);
        if (way === "tighter" || way === "same") expect(implies(after, before)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
