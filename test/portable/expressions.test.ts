import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import { expressionSql } from "../../runtime/data/expression-sql.ts";
import { double, text } from "../../runtime/data/sql.ts";
import { asNumber } from "../../runtime/data/sql-value.ts";
import { openSession } from "../../runtime/engine/onnx.ts";
import type { PortableModel } from "../../runtime/portable/form.ts";
import { runGraph } from "../../runtime/portable/gate.ts";
import { isNumeric } from "../../runtime/portable/input.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { callerRow } from "../../runtime/portable/rows.ts";
import { model } from "./models.ts";
import { bin, call, col, either, INPUTS, lit, table } from "./rows.ts";

/** A model whose raw output is one derived number. */
const showing = (expression: IrExpression): PortableModel =>
  model({
    task: "regression",
    steps: [{ op: "derive", output: "x", expression, type: "number" }],
    features: [{ name: "x", kind: "numeric", width: 1 }],
    learner: {
      is: "linear",
      outputs: 1,
      intercept: Float64Array.of(0),
      weights: Float64Array.of(1),
      link: "identity",
    },
  });

const value = (expression: IrExpression, row: Record<string, unknown> = {}): number =>
  compileRow(showing(expression))(row).raw[0]!;

describe("null in expressions", () => {
  const [yes, no, unknown] = [lit(true), lit(false), lit(null)];
  const not = (operand: IrExpression): IrExpression => ({ is: "unary", op: "not", operand });

  it("is three-valued, as in SQL", () => {
    expect(value(bin("and", no, unknown))).toBe(0);
    expect(value(bin("and", yes, unknown))).toBeNaN();
    expect(value(bin("or", yes, unknown))).toBe(1);
    expect(value(bin("or", no, unknown))).toBeNaN();
    expect(value(not(unknown))).toBeNaN();
    expect(value(bin("==", col("size"), unknown), { size: 1 })).toBeNaN();
    expect(value(either(unknown, lit(1), lit(2)))).toBe(2);
  });

  it("comes out of a division by zero, and goes through arithmetic", () => {
    expect(value(bin("/", lit(1), col("size")), { size: 0 })).toBeNaN();
    expect(value(bin("+", lit(1), col("size")), {})).toBeNaN();
    expect(value(call("max", lit(1), col("size")), {})).toBeNaN();
    expect(value(call("ln", lit(0)))).toBeNaN();
  });

  it("makes `in` unknown only when nothing matches", () => {
    const list: IrExpression = { is: "list", items: [lit("rural"), lit(null)] };
    expect(value(bin("in", col("area"), list), { area: "rural" })).toBe(1);
    expect(value(bin("in", col("area"), list), { area: "urban" })).toBeNaN();
    expect(value(bin("in", col("area"), { is: "list", items: [] }), {})).toBe(0);
  });

  it("is what the empty string is", () => {
    expect(value(bin("==", col("area"), lit("rural")), { area: "" })).toBeNaN();
  });
});

// Well-typed expressions of numbers, booleans and texts.
const { number } = fc.letrec<{ number: IrExpression; boolean: IrExpression; string: IrExpression }>(
  (tie) => ({
    number: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(col("age"), col("income"), col("size"), col("member")),
      fc.constantFrom(lit(0), lit(1), lit(-2.5), lit(0.1), lit(null)),
      fc
        .tuple(
          fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const),
          tie("number"),
          tie("number"),
        )
        .map(([op, a, b]) => bin(op, a, b)),
      tie("number").map((operand): IrExpression => ({ is: "unary", op: "-", operand })),
      fc
        .tuple(fc.constantFrom("abs", "floor", "ceil", "sqrt"), tie("number"))
        .map(([name, x]) => call(name, x)),
      fc
        .tuple(fc.constantFrom("min", "max"), tie("number"), tie("number"), tie("number"))
        .map(([name, ...args]) => call(name, ...args)),
      fc.tuple(tie("boolean"), tie("number"), tie("number")).map(([c, a, b]) => either(c, a, b)),
      tie("boolean"),
    ),
    boolean: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc
        .tuple(
          fc.constantFrom(
            "==" as const,
            "!=" as const,
            "<" as const,
            "<=" as const,
            ">" as const,
            ">=" as const,
          ),
          tie("number"),
          tie("number"),
        )
        .map(([op, a, b]) => bin(op, a, b)),
      fc
        .tuple(fc.constantFrom("==" as const, "!=" as const), tie("string"), tie("string"))
        .map(([op, a, b]) => bin(op, a, b)),
      fc
        .tuple(fc.constantFrom("and" as const, "or" as const), tie("boolean"), tie("boolean"))
        .map(([op, a, b]) => bin(op, a, b)),
      tie("boolean").map((operand): IrExpression => ({ is: "unary", op: "not", operand })),
      fc
        .tuple(tie("string"), fc.array(tie("string"), { maxLength: 3 }))
        .map(([x, items]) => bin("in", x, { is: "list", items })),
    ),
    string: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(col("area"), col("city"), lit("rural"), lit("urban"), lit("Ünïcode 🎉")),
      fc.tuple(tie("string"), tie("string")).map(([a, b]) => bin("+", a, b)),
      fc.tuple(fc.constantFrom("lower", "upper", "trim"), tie("string")).map(([name, x]) => call(name, x)),
      fc
        .tuple(tie("string"), fc.oneof(tie("string"), tie("number"), tie("boolean")))
        .map((args) => call("concat", ...args)),
      fc.oneof(tie("number"), tie("boolean")).map((x) => call("text", x)),
      fc.tuple(tie("string"), tie("string")).map((args) => call("coalesce", ...args)),
      fc.tuple(tie("boolean"), tie("string")).map(([c, a]) => either(c, a, lit(null))),
      fc.tuple(tie("boolean"), tie("string"), tie("string")).map(([c, a, b]) => either(c, a, b)),
    ),
  }),
);

const rows = table(60, 3);

/** The rows as a VALUES list of DuckDB. */
function valuesSql(): string {
  const literal = (name: string, i: number): string => {
    const column = rows.columns.get(name)!;
    if (column.type === "string") {
      const level = column.levels[column.codes[i]!];
      return level === undefined ? "NULL::VARCHAR" : text(level);
    }
    return Number.isNaN(column.values[i]) ? "NULL::DOUBLE" : double(column.values[i]!);
  };
  const lines = Array.from(
    { length: rows.rows },
    (_, i) => `(${i}, ${INPUTS.map((input) => literal(input.name, i)).join(", ")})`,
  );
  return `(VALUES ${lines.join(", ")}) AS t(i, ${INPUTS.map((input) => `"${input.name}"`).join(", ")})`;
}

describe("an expression", () => {
  const seen = (values: ArrayLike<number>) => Array.from(values, (x) => (Number.isNaN(x) ? null : x + 0));

  it("is the same in training's SQL as in the direct evaluator", async () => {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(`CREATE TABLE rows AS SELECT * FROM ${valuesSql()}`);
    const types = new Map(
      INPUTS.map((input) => [input.name, isNumeric(input) ? ("number" as const) : ("string" as const)]),
    );
    await fc.assert(
      fc.asyncProperty(number, async (expression) => {
        const sql = asNumber(
          expressionSql(expression, (name) => ({ sql: `"${name}"`, type: types.get(name) ?? "number" })),
        );
        const answer = await connection.runAndReadAll(`SELECT (${sql})::DOUBLE AS x FROM rows ORDER BY i`);
        const trained = answer
          .getRows()
          .map(([x]) => (typeof x === "number" && !Number.isNaN(x) ? x + 0 : null));
        expect(seen(predictTable(showing(expression), rows).raw)).toEqual(trained);
      }),
      { numRuns: 300, seed: 1 },
    );
    connection.closeSync();
  });

  it.each(["onnx", "wasm"] as const)(
    "is the same in ONNX Runtime (%s) as in the direct evaluator",
    async (runtime) => {
      await fc.assert(
        fc.asyncProperty(number, async (expression) => {
          const shown = showing(expression);
          const { bytes, layout } = writeOnnx({
            ...shown,
            features: [{ name: "age", kind: "numeric", width: 1 }, ...shown.features],
            learner: {
              is: "linear",
              outputs: 1,
              intercept: Float64Array.of(0),
              weights: Float64Array.of(0, 1),
              link: "identity",
            },
          });
          const session = await openSession(runtime, bytes);
          // Column `age` is there for the graph to have an input; where it is missing, so is 0 × age.
          const { raw } = await runGraph(session, layout, {
            ...rows,
            columns: new Map(rows.columns).set("age", ages),
          });
          await session.release();
          const expected = predictTable(shown, {
            ...rows,
            columns: new Map(rows.columns).set("age", ages),
          }).raw;
          expect(seen(raw)).toEqual(seen(expected));
        }),
        { numRuns: 60, seed: 2 },
      );
    },
  );

  it("is the same for a row as for a table", () => {
    fc.assert(
      fc.property(number, (expression) => {
        const predict = compileRow(showing(expression));
        const byRow = Array.from(
          { length: rows.rows },
          (_, i) => predict(callerRow(INPUTS, rows, i)).raw[0]!,
        );
        expect(seen(byRow)).toEqual(seen(predictTable(showing(expression), rows).raw));
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

const ages = { type: "number" as const, values: Float64Array.from({ length: rows.rows }, (_, i) => 20 + i) };
