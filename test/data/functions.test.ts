/** Every row function gives the same in SQL, where models are trained, and in the portable form, where they are served. */
import { describe, expect, it } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import { loadFrame, loadTable } from "../../runtime/data/load.ts";
import { transformTable } from "../../runtime/portable/transform-table.ts";
import { rowFunctions } from "../../stdlib/functions/row.ts";
import { call, col, column, lit, Project } from "./support.ts";

const nullable = { nullable: true };
const schema = [
  column("id", "int", { role: "key" }),
  column("x", "float", nullable),
  column("y", "float", nullable),
  column("s", "category", nullable),
  column("t", "category", nullable),
  column("at", "timestamp", nullable),
  column("to", "date", nullable),
];
const numbers = ["", "0", "-0.5", "0.5", "2.5", "-2.5", "1.005", "3", "-8", "1000000.123", "0.1"];
const words = ["", "Straße", " x ", "ÅB", "ab", "12.5", "b", "DE", "1e400", "日本"];
const lines = numbers.flatMap((x, i) =>
  words.map((s, j) => {
    const at =
      (i + j) % 5 === 0
        ? ""
        : new Date(Date.UTC(1969, 11, 25) + i * 86_400_000 * 37.7 + j * 3_600_000).toISOString();
    const to = j % 4 === 0 ? "" : `2024-02-${10 + i}`;
    return `${i * words.length + j},${x},${numbers[(i + j) % numbers.length]},"${s}","${words[(i * 3 + j) % words.length]}",${at},${to}`;
  }),
);

const uses: Record<string, IrExpression> = {
  abs: call("abs", col("x")),
  round: call("round", col("x")),
  round_digits: call("round", col("x"), lit(2)),
  floor: call("floor", col("x")),
  ceil: call("ceil", col("x")),
  sqrt: call("sqrt", col("x")),
  ln: call("ln", col("x")),
  log10: call("log10", col("x")),
  exp: call("exp", call("min", col("x"), lit(5))),
  pow: call("pow", col("x"), col("y")),
  min: call("min", col("x"), col("y"), lit(1)),
  max: call("max", col("x"), col("y"), lit(1)),
  clip: call("clip", col("x"), lit(-1), lit(2)),
  coalesce: call("coalesce", col("x"), col("y"), lit(7)),
  is_missing: call("is_missing", col("s")),
  lower: call("lower", col("s")),
  upper: call("upper", col("s")),
  trim: call("trim", col("s")),
  length: call("length", col("s")),
  contains: call("contains", col("s"), lit("b")),
  starts_with: call("starts_with", col("s"), lit("D")),
  ends_with: call("ends_with", col("s"), col("t")),
  concat: call("concat", col("s"), lit("/"), col("t")),
  year: call("year", col("at")),
  month: call("month", col("at")),
  day: call("day", col("at")),
  weekday: call("weekday", col("at")),
  hour: call("hour", col("at")),
  days_between: call("days_between", col("at"), col("to")),
  number: call("number", col("s")),
  text: call("text", col("x")),
};

describe("row functions", () => {
  it("are all here", () => {
    for (const { name } of rowFunctions) expect(Object.keys(uses)).toContain(name);
  });

  it.each(Object.entries(uses))("%s", async (_, expression) => {
    const project = new Project().write("d.csv", `id,x,y,s,t,at,to\n${lines.join("\n")}\n`);
    await project.dataset("d", "csv", { path: "d.csv", schema });
    await project.features("f", { from: { ref: "dataset.d" }, derive: { out: expression } });
    const source = project.source("features.f");
    const { frame, steps, inputs } = await loadFrame(project.store, source, {
      encoding: "trees",
      target: "id",
    });
    const table = await loadTable(
      project.store,
      source,
      inputs.map((input) => input.name),
    );
    const portable = transformTable(steps, table).get("out");
    const trained = frame.features.find((feature) => feature.name === "out");
    if (trained?.kind === "category" && portable?.type === "number")
      expect([...trained.codes]).toEqual([...portable.values]);
    else if (trained?.kind === "numeric" && portable?.type === "number") {
      trained.values.forEach((value, i) => {
        const served = portable.values[i]!;
        // exp, ln and pow come from two mathematical libraries, which may differ in the last bit.
        if (Number.isNaN(value) || Number.isNaN(served)) expect([i, served]).toEqual([i, value]);
        else
          expect(Math.abs(value - served), `row ${i}: ${value}, ${served}`).toBeLessThanOrEqual(
            4 * Number.EPSILON * Math.abs(value),
          );
      });
      expect(trained.values.some((value) => !Number.isNaN(value))).toBe(true);
    } else throw new Error(`${trained?.kind} and ${portable?.type}`);
  });
});
