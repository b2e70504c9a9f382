import { describe, expect, it } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import { call, col, column, lit, op, Project, rows } from "./support.ts";

const csv = "id,age,income,at\n1,30,10,2024-01-01\n2,20,,2024-01-02\n3,,30,2024-01-03\n4,10,50,2024-01-03\n";
const schema = [
  column("id", "int", { role: "key" }),
  column("age", "int", { nullable: true }),
  column("income", "float", { nullable: true }),
  column("at", "date"),
];

async function verdictOf(condition: IrExpression, message?: string) {
  const project = new Project().write("d.csv", csv);
  return project.dataset("d", "csv", {
    path: "d.csv",
    schema,
    expect: [{ condition, ...(message === undefined ? {} : { message }) }],
  });
}

describe("an expectation of the whole table", () => {
  it.each<[string, IrExpression, boolean]>([
    ["rows >= 4", op(rows, ">=", lit(4)), true],
    ["rows > 4", op(rows, ">", lit(4)), false],
    ["nulls is a share", op(call("nulls", col("income")), "==", lit(0.25)), true],
    ["unique", call("unique", col("id")), true],
    ["not unique", call("unique", col("at")), false],
    ["distinct", op(call("distinct", col("at")), "==", lit(3)), true],
    ["min", op(call("min", col("age")), ">=", lit(11)), false],
    ["max", op(call("max", col("age")), "==", lit(30)), true],
    ["mean leaves missing values out", op(call("mean", col("income")), "==", lit(30)), true],
    ["median", op(call("median", col("age")), "==", lit(20)), true],
    ["sum", op(call("sum", col("age")), "==", lit(60)), true],
    ["share counts unknown as false", op(call("share", op(col("age"), ">", lit(15))), "==", lit(0.5)), true],
    ["matches", call("matches", col("id"), lit("[0-9]")), true],
    ["and, or, arithmetic", op(op(call("sum", col("age")), "/", rows), "==", lit(15)), true],
  ])("%s", async (_, condition, holds) => {
    const result = await verdictOf(condition);
    expect(result.verdict).toBe(holds ? "passed" : "failed");
  });

  it("says what was measured", async () => {
    const result = await verdictOf(op(call("nulls", col("income")), "<=", lit(0.05)), "incomes are missing");
    expect(result.verdict).toBe("failed");
    expect(result.diagnostics).toMatchObject([
      {
        code: "ML4008",
        pointer: "/expect/0",
        values: { rule: "nulls(income) <= 0.05", because: "incomes are missing: nulls(income) is 0.25" },
      },
    ]);
    expect(result.outputs["rows"]).toMatch(/^sha256:/);
  });
});

describe("an expectation of every row", () => {
  it("reports the rows that break it; where a value is missing it is not broken", async () => {
    const result = await verdictOf(op(col("income"), "<=", col("age")));
    expect(result.diagnostics?.[0]).toMatchObject({ values: { because: "1 row does not" } });
    expect(result.notes).toContain("d.csv:5:6: income 50.0, age 10");
  });

  it("reads dates in quotes beside date columns", async () => {
    expect((await verdictOf(op(col("at"), ">=", lit("2024-01-01")))).verdict).toBe("passed");
    expect((await verdictOf(op(col("at"), ">=", lit("2024-01-02")))).verdict).toBe("failed");
  });
});
