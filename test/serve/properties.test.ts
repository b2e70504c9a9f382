import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { InputColumn } from "../../runtime/portable/form.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { jsonMistake } from "../../runtime/serve/json-text.ts";
import { Problems } from "../../runtime/serve/problem.ts";
import { compileChecker } from "../../runtime/serve/request.ts";
import { buildServer } from "../../runtime/serve/server.ts";
import { tableOf } from "../../runtime/serve/table.ts";
import { binaryModel, deployed, goodRow } from "./model.ts";

let app: FastifyInstance;
const bugs: Error[] = [];
beforeAll(async () => {
  const deployment = deployed(binaryModel, { props: { body_limit: 20_000, batch_limit: 50 } });
  ({ app } = await buildServer({
    deployments: [deployment],
    version: "0",
    onBug: (error) => void bugs.push(error),
  }));
});
afterAll(() => app.close());

const value = (column: InputColumn): fc.Arbitrary<unknown> => {
  const present = {
    age: fc.integer({ min: 18, max: 120 }),
    area: fc.oneof(
      fc.constantFrom("urban", "rural"),
      fc.string({ minLength: 1 }).filter((text) => !text.includes("\0")),
    ),
    employed: fc.boolean(),
    grade: fc.constantFrom("A", "B", "C"),
    income: fc.double({ min: 0, max: 1e6, noNaN: true }),
    since: fc
      .date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  }[column.name]!;
  return column.nullable
    ? fc.oneof({ weight: 4, arbitrary: present }, { weight: 1, arbitrary: fc.constantFrom(null, "") })
    : present;
};
const text = (column: InputColumn) => column.type === "category" || column.type === "date";
const row = fc.record(
  Object.fromEntries(
    binaryModel.inputs.map((column) => [
      column.name,
      value(column).map((one) => (one === "" && !text(column) ? null : one)),
    ]),
  ),
);

it("the same rows give the same numbers in a table, one by one, and over HTTP", async () => {
  const checker = compileChecker(binaryModel.inputs, {
    missing: "impute",
    redacted: new Set(),
    ignored: new Set(),
  });
  const evaluate = compileRow(binaryModel);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const problems = new Problems();
      const checked = rows.map((one, at) => checker.row(one, at, problems));
      expect(problems.list).toEqual([]);
      const table = predictTable(binaryModel, tableOf(binaryModel.inputs, checked));
      const batch = await app.inject({ method: "POST", url: "/predict?raw=true", payload: rows });
      const { predictions } = batch.json() as {
        readonly predictions: readonly {
          readonly raw: number[];
          readonly probabilities: Record<string, number>;
        }[];
      };
      for (const [at, one] of rows.entries()) {
        const single = (
          await app.inject({ method: "POST", url: "/predict?raw=true", payload: one })
        ).json() as { raw: number[] };
        expect(predictions[at]!.raw).toEqual([table.raw[at]]);
        expect(predictions[at]!.probabilities["yes"]).toBe(table.probabilities![at * 2 + 1]);
        expect(single.raw).toEqual([table.raw[at]]);
        expect([...evaluate(one as Record<string, unknown>).raw]).toEqual([table.raw[at]]);
      }
    }),
    { numRuns: 60 },
  );
});

const routes = ["/predict", "/invocations", "/v2/models/loans/infer"];
const shaped = fc.oneof(
  fc.json(),
  fc.string(),
  fc.jsonValue().map((one) => JSON.stringify({ rows: one })),
  fc.jsonValue().map((one) => JSON.stringify({ ...goodRow, age: one })),
  fc.jsonValue().map((one) => JSON.stringify([goodRow, one])),
  fc
    .record({ columns: fc.jsonValue(), data: fc.jsonValue() })
    .map((one) => JSON.stringify({ dataframe_split: one })),
  fc.jsonValue().map((one) => JSON.stringify({ dataframe_records: one })),
  fc.jsonValue().map((one) => JSON.stringify({ instances: [[one]], params: one })),
  fc.jsonValue().map((one) => JSON.stringify({ inputs: one, outputs: one })),
  fc
    .record({
      name: fc.constantFrom("age", "area", "x"),
      datatype: fc.constantFrom("FP64", "BYTES", "BOOL", "?"),
      shape: fc.jsonValue(),
      data: fc.jsonValue(),
    })
    .map((one) => JSON.stringify({ inputs: [one] })),
  // Whole requests with a piece cut out or changed.
  fc.tuple(fc.nat(), fc.string({ maxLength: 3 })).map(([at, put]) => {
    const whole = JSON.stringify(goodRow);
    return whole.slice(0, at % whole.length) + put + whole.slice((at % whole.length) + 1);
  }),
);

it("no body is ever answered with a 5xx, and every refusal is JSON that says why", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      shaped,
      fc.constantFrom("application/json", "text/csv", "text/plain", "application/json; charset=latin1", ""),
      async (url, payload, type) => {
        const answer = await app.inject({
          method: "POST",
          url,
          headers: type === "" ? {} : { "content-type": type },
          payload,
        });
        expect(answer.statusCode).toBeLessThan(500);
        if (answer.statusCode >= 400) {
          const said = answer.json() as {
            readonly error?: string | { readonly message: string };
            readonly message?: string;
          };
          const message = typeof said.error === "string" ? said.error : (said.error?.message ?? said.message);
          expect(message).toMatch(/\S/);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(bugs).toEqual([]);
});

it("hostile names and depths are refused like any other", async () => {
  const deep = `${"[".repeat(8_000)}1${"]".repeat(8_000)}`;
  for (const payload of [
    '{"__proto__": {"age": 40}, "constructor": 1, "toString": "x"}',
    `{"age": ${deep}}`,
    deep,
    `{"rows": ${deep}}`,
    `{"${"x".repeat(15_000)}": 1}`,
    "[".repeat(19_000),
  ]) {
    for (const url of routes) {
      const answer = await app.inject({
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        payload,
      });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
    }
  }
  expect(bugs).toEqual([]);
});

it("the place of a JSON mistake is found exactly when the platform's parser refuses", () => {
  const near = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
    const place = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, place) + put + text.slice(place + 1);
  });
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" }), near), (text) => {
      const mistake = jsonMistake(text);
      expect(mistake === null).toBe(parses(text));
      // What stands before the mistake is a beginning of some JSON text: cut there, the end is what is missed.
      if (mistake !== null)
        expect(jsonMistake(text.slice(0, mistake.position))?.position ?? mistake.position).toBe(
          mistake.position,
        );
    }),
    { numRuns: 2000 },
  );
});
