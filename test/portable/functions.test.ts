import { describe, expect, it } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import { expressionSql } from "../../runtime/data/expression-sql.ts";
import { double, text } from "../../runtime/data/sql.ts";
import { asNumber } from "../../runtime/data/sql-value.ts";
import type { Table } from "../../runtime/data/table.ts";
import { openSession } from "../../runtime/engine/onnx.ts";
import type { PortableModel } from "../../runtime/portable/form.ts";
import { FUNCTIONS } from "../../runtime/portable/functions.ts";
import { runGraph } from "../../runtime/portable/gate.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { layGraph } from "../../runtime/portable/steps.ts";
import { model } from "./models.ts";
import { bin, call, col, either, input, lit, numbers, strings } from "./rows.ts";

const N = Number.NaN;
const [x, y, s, t] = [col("x"), col("y"), col("s"), col("t")];
const isTrue = (condition: IrExpression) => either(condition, lit(1), lit(0));
const is = (left: IrExpression, right: string) => bin("==", left, lit(right));

const X = [
  0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  0.125,
  1234.5678,
  1e-5,
  1.25e-7,
  1e15,
  1e16,
  -1.5e20,
  0.1,
  99.995,
  N,
];
const Y = [0, 2, 3, -1, 0.5, N];
const S = [
  "Straße",
  "İstanbul",
  "ΑΣ",
  "ᾳ x",
  " padded\u00a0",
  "12",
  "-1e3 ",
  "1_000",
  "0x10",
  "🎉 party",
  "",
  null,
  "inf",
  ".",
];
const DAY = 86_400;
const T = [0, -1, 951_782_400, 951_868_799.5, 1_077_926_400, 4_107_542_400, -2_203_891_200, 1_735_689_599, N];

const count = 120;
const at = <V>(list: readonly V[], i: number, stride: number): V => list[(i * stride) % list.length]!;
const rows: Table = {
  rows: count,
  columns: new Map([
    ["x", numbers(Array.from({ length: count }, (_, i) => at(X, i, 1)))],
    ["y", numbers(Array.from({ length: count }, (_, i) => at(Y, i, 5)))],
    ["s", strings(Array.from({ length: count }, (_, i) => at(S, i, 3) || null))],
    ["t", numbers(Array.from({ length: count }, (_, i) => at(T, i, 2)))],
    ["n", numbers(Array.from({ length: count }, (_, i) => i))],
  ]),
};
const INPUTS = [
  input("n", "int"),
  input("s", "string"),
  input("t", "timestamp"),
  input("x", "float"),
  input("y", "float"),
];

/** Two features, so that the graph always has an input: `n` adds nothing. */
const showing = (expression: IrExpression): PortableModel => ({
  ...model({
    task: "regression",
    steps: [{ op: "derive", output: "shown", expression, type: "number" }],
    features: ["n", "shown"].map((name) => ({ name, kind: "numeric", width: 1 })),
    learner: {
      is: "linear",
      outputs: 1,
      intercept: Float64Array.of(0),
      weights: Float64Array.of(0, 1),
      link: "identity",
    },
  }),
  inputs: INPUTS,
});

/** Uses of every row function; texts are shown by what they equal. */
const USES: Readonly<Record<string, readonly IrExpression[]>> = {
  abs: [call("abs", x)],
  round: [
    call("round", x),
    call("round", x, lit(2)),
    call("round", x, lit(-2)),
    { is: "call", name: "round", args: [x], named: { digits: lit(1) }, path: [] },
    call("round", x, y),
  ],
  floor: [call("floor", x)],
  ceil: [call("ceil", x)],
  sqrt: [call("sqrt", x)],
  ln: [call("ln", x)],
  log10: [call("log10", x)],
  exp: [call("exp", y)],
  pow: [call("pow", y, lit(2)), call("pow", call("clip", x, lit(-9), lit(9)), y)],
  min: [call("min", x, y), call("min", x, y, lit(1))],
  max: [call("max", x, y), call("max", lit(0), x, y)],
  clip: [call("clip", x, lit(-1), lit(2)), call("clip", x, y, lit(1))],
  coalesce: [
    call("coalesce", x, y, lit(7)),
    is(call("coalesce", s, lit("none")), "none"),
    call("coalesce", x, bin(">", y, lit(0))),
  ],
  is_missing: [
    call("is_missing", x),
    call("is_missing", s),
    call("is_missing", lit(3)),
    call("is_missing", bin("/", x, y)),
  ],
  lower: ["straße", "istanbul", "ας", "ασ"].map((word) => is(call("lower", s), word)),
  upper: ["STRAẞE", "STRASSE", "ᾼ X", "ΑΣ"].map((word) => is(call("upper", s), word)),
  trim: [is(call("trim", s), "padded"), call("length", call("trim", s))],
  length: [call("length", s)],
  contains: [call("contains", s, lit("a")), isTrue(call("contains", s, lit("🎉")))],
  starts_with: [call("starts_with", s, lit("1"))],
  ends_with: [call("ends_with", s, lit("ße")), call("ends_with", s, s)],
  concat: [
    is(call("concat", s, lit("!")), "12!"),
    call("length", call("concat", s, x, bin(">", y, lit(0)))),
    is(call("concat", y, lit("/"), x), "2/1.25e-07"),
    call("is_missing", call("concat", s, lit("x"))),
  ],
  text: ["0.5", "1e-05", "1.25e-07", "1000000000000000.0", "1e+16", "-1.5e+20", "1", "-1", "0", "99.995"]
    .map((written) => is(call("text", x), written))
    .concat([is(call("text", bin(">", x, y)), "true"), call("length", call("text", bin("/", x, lit(3))))]),
  number: [call("number", s), call("number", x), call("number", bin(">", x, y))],
  year: [call("year", t), call("year", bin("+", t, bin("*", col("n"), lit(DAY * 365.25))))],
  month: [call("month", t), call("month", bin("+", t, bin("*", col("n"), lit(DAY * 28))))],
  day: [call("day", t), call("day", bin("+", t, bin("*", col("n"), lit(DAY))))],
  weekday: [call("weekday", t), call("weekday", bin("-", t, bin("*", col("n"), lit(DAY))))],
  hour: [call("hour", t), call("hour", bin("+", t, bin("*", col("n"), lit(1800))))],
  days_between: [call("days_between", t, bin("+", t, col("n")))],
};

const INEXACT = new Set(["ln", "log10", "exp", "pow"]);

function agrees(name: string, actual: ArrayLike<number | null>, expected: ArrayLike<number | null>): void {
  const tidy = (values: ArrayLike<number | null>) =>
    Array.from(values, (v) => (v === null || Number.isNaN(v) ? null : v + 0));
  const [a, b] = [tidy(actual), tidy(expected)];
  if (!INEXACT.has(name)) return void expect(a).toEqual(b);
  a.forEach((value, i) => {
    if (value === null || b[i] === null) expect(value, `row ${i}`).toBe(b[i]);
    else
      expect(Math.abs(value - b[i]!), `row ${i}`).toBeLessThanOrEqual(
        4e-16 * Math.max(1e-300, Math.abs(value)) + 1e-15,
      );
  });
}

it("knows no function that is not tried here", () => {
  expect(Object.keys(USES).sort()).toEqual(Object.keys(FUNCTIONS).sort());
});

describe.each(Object.entries(USES))("%s", (name, uses) => {
  it("is in the direct evaluator what it is in SQL", async () => {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const cell = (column: string, i: number): string => {
      const found = rows.columns.get(column)!;
      if (found.type === "string")
        return found.codes[i]! < 0 ? "NULL::VARCHAR" : text(found.levels[found.codes[i]!]!);
      return Number.isNaN(found.values[i]) ? "NULL::DOUBLE" : double(found.values[i]!);
    };
    const lines = Array.from(
      { length: count },
      (_, i) => `(${i}, ${["n", "s", "t", "x", "y"].map((column) => cell(column, i)).join(", ")})`,
    );
    await connection.run(
      `CREATE TABLE rows AS SELECT * FROM (VALUES ${lines.join(", ")}) AS v(i, n, s, t, x, y)`,
    );
    for (const use of uses) {
      const sql = asNumber(
        expressionSql(use, (column) => ({ sql: column, type: column === "s" ? "string" : "number" })),
      );
      const answer = await connection.runAndReadAll(`SELECT (${sql})::DOUBLE AS x FROM rows ORDER BY i`);
      agrees(
        name,
        predictTable(showing(use), rows).raw,
        answer.getRows().map(([v]) => (typeof v === "number" ? v : null)),
      );
    }
    connection.closeSync();
  });

  it.each(["onnx", "wasm"] as const)(
    "is in the graph what it is in the direct evaluator (%s)",
    async (runtime) => {
      for (const use of uses) {
        const { bytes, layout } = writeOnnx(showing(use));
        const session = await openSession(runtime, bytes);
        agrees(name, (await runGraph(session, layout, rows)).raw, predictTable(showing(use), rows).raw);
        await session.release();
      }
    },
  );
});

it("computes in the graph all but what texts need", () => {
  const outside = Object.entries(USES).filter(([, uses]) =>
    uses.some((use) => layGraph(showing(use)).before.length > 0),
  );
  expect(outside.map(([name]) => name)).toEqual([
    "round",
    "lower",
    "upper",
    "trim",
    "length",
    "contains",
    "starts_with",
    "ends_with",
    "concat",
    "text",
    "number",
  ]);
});

describe("the calendar", () => {
  it("is right on every day of eight centuries, in the graph too", async () => {
    const days = 292_194;
    const first = Date.UTC(1600, 0, 1) / 1000;
    const grid: Table = {
      rows: days,
      columns: new Map([
        ["n", numbers(Array.from({ length: days }, () => 0))],
        ["t", numbers(Array.from({ length: days }, (_, i) => first + i * DAY + (i % DAY)))],
        ["s", strings([])],
        ["x", numbers([])],
        ["y", numbers([])],
      ]),
    };
    const key = ["year", "month", "day", "weekday", "hour"]
      .map((name) => call(name, t))
      .reduce((sum, next) => bin("+", bin("*", sum, lit(100)), next));
    const dated = showing(key);
    const expected = Float64Array.from({ length: days }, (_, i) => {
      const date = new Date((first + i * DAY + (i % DAY)) * 1000);
      const parts = [
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCDay() || 7,
        date.getUTCHours(),
      ];
      return parts.reduce((sum, next) => sum * 100 + next);
    });
    expect(
      Buffer.compare(Buffer.from(predictTable(dated, grid).raw.buffer), Buffer.from(expected.buffer)),
    ).toBe(0);
    const { bytes, layout } = writeOnnx(dated);
    const session = await openSession("onnx", bytes);
    const { raw } = await runGraph(session, layout, grid);
    expect(raw.every((value, i) => value === expected[i])).toBe(true);
    await session.release();
  });
});
