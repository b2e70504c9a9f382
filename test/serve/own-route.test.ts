import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { compileRow } from "../../runtime/portable/predict.ts";
import { buildServer } from "../../runtime/serve/server.ts";
import { binaryModel, deployed, goodRow, multiclassModel, regressionModel } from "./model.ts";

const open: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

interface Problem {
  readonly row: number | null;
  readonly field: string;
}
/** Members of answers and of errors; a test reads those that it expects. */
interface Answer {
  readonly label: string;
  readonly value: number;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly raw: readonly number[];
  readonly predictions: readonly unknown[];
  readonly error: { readonly message: string; readonly problems: readonly Problem[]; readonly total: number };
  readonly model: string;
  readonly version: number;
}

async function serverOf(...deployments: Parameters<typeof buildServer>[0]["deployments"]) {
  const server = await buildServer({ deployments, version: "1.2.3" });
  open.push(server.app);
  return server.app;
}

async function post(
  app: FastifyInstance,
  payload: unknown,
  path = "/predict",
  headers: Record<string, string> = {},
) {
  const answer = await app.inject({
    method: "POST",
    url: path,
    headers: { "content-type": "application/json", ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
  return { status: answer.statusCode, body: answer.json() as Answer, headers: answer.headers };
}

describe("one object", () => {
  it("is answered with label, its probability, all probabilities, and who answered", async () => {
    const app = await serverOf(deployed());
    const { status, body } = await post(app, goodRow);
    const expected = compileRow(binaryModel)({ ...goodRow });
    expect(status).toBe(200);
    expect(body).toEqual({
      label: "yes",
      probability: expected.probabilities![1],
      probabilities: { no: expected.probabilities![0], yes: expected.probabilities![1] },
      model: "loan-approval",
      version: 3,
    });
  });

  it("answers raw outputs when asked", async () => {
    const app = await serverOf(deployed());
    const { body } = await post(app, goodRow, "/predict?raw=true");
    expect(body.raw).toEqual([...compileRow(binaryModel)({ ...goodRow }).raw]);
  });

  it("answers a number for regression and every class for more than two", async () => {
    expect((await post(await serverOf(deployed(regressionModel)), { size: 4 })).body.value).toBe(18);
    const { body } = await post(await serverOf(deployed(multiclassModel)), { size: 9 });
    expect(body.label).toBe("gentoo");
    expect(Object.keys(body.probabilities)).toEqual(["adelie", "chinstrap", "gentoo"]);
    expect(body.probability).toBe(body.probabilities["gentoo"]);
  });

  it("predicts under the threshold that the version was registered with", async () => {
    const app = await serverOf(deployed(binaryModel, { manifest: { threshold: 0.999 } }));
    const { body } = await post(app, goodRow);
    expect(body.label).toBe("no");
    expect(body.probability).toBe(body.probabilities["no"]);
  });

  it("takes an absent nullable field as missing, and an unknown category as none of the known ones", async () => {
    const app = await serverOf(deployed());
    const { area: _, income: __, since: ___, ...rest } = goodRow;
    const absent = await post(app, rest);
    expect(absent.body).toEqual((await post(app, { ...rest, area: null, income: null, since: "" })).body);
    expect((await post(app, { ...rest, area: "moon" })).body).toEqual(absent.body);
  });

  it("ignores other columns of the training data, so that a whole record can be sent", async () => {
    const app = await serverOf(deployed(binaryModel, { ignored: ["id", "approved"] }));
    expect((await post(app, { ...goodRow, id: "x", approved: "no" })).status).toBe(200);
  });
});

describe("a batch", () => {
  it("is an array or {rows}, answered in order", async () => {
    const app = await serverOf(deployed());
    const rows = [goodRow, { ...goodRow, employed: false, age: 18, income: 0, area: "rural", grade: "C" }];
    const bare = await post(app, rows);
    const singles = await Promise.all(rows.map(async (row) => (await post(app, row)).body));
    expect(bare.body.predictions).toEqual(
      singles.map(({ model: _, version: __, ...prediction }) => prediction),
    );
    expect(bare.body).toMatchObject({ model: "loan-approval", version: 3 });
    expect((await post(app, { rows })).body).toEqual(bare.body);
  });

  it("names the row of every bad field", async () => {
    const app = await serverOf(deployed());
    const { status, body } = await post(app, [
      goodRow,
      { ...goodRow, age: 7 },
      { ...goodRow, grade: "D", employed: null },
    ]);
    expect(status).toBe(422);
    expect(body.error.problems.map((p) => [p.row, p.field])).toEqual([
      [1, "age"],
      [2, "employed"],
      [2, "grade"],
    ]);
  });

  it("must have a row, and at most batch_limit", async () => {
    const app = await serverOf(deployed(binaryModel, { props: { batch_limit: 2 } }));
    expect((await post(app, [])).status).toBe(400);
    expect((await post(app, [goodRow, goodRow])).status).toBe(200);
    const over = await post(app, [goodRow, goodRow, goodRow]);
    expect(over.status).toBe(413);
    expect(over.body.error.message).toBe("The batch has 3 rows; at most 2 are taken at once.");
  });
});

describe("a bad field", () => {
  const cases: [string, object, { field: string; value?: unknown; expected: string; message: string }][] = [
    [
      "of a wrong type",
      { age: "40" },
      {
        field: "age",
        value: "40",
        expected: "a whole number from 18 to 120",
        message: 'age is "40"; expected a whole number from 18 to 120.',
      },
    ],
    [
      "that is no whole number",
      { age: 40.5 },
      {
        field: "age",
        value: 40.5,
        expected: "a whole number from 18 to 120",
        message: "age is 40.5; expected a whole number from 18 to 120.",
      },
    ],
    [
      "below its least",
      { income: -1 },
      {
        field: "income",
        value: -1,
        expected: "a number, at least 0, or null",
        message: "income is -1; expected a number, at least 0, or null.",
      },
    ],
    [
      "above its most",
      { age: 121 },
      {
        field: "age",
        value: 121,
        expected: "a whole number from 18 to 120",
        message: "age is 121; expected a whole number from 18 to 120.",
      },
    ],
    [
      "that may not be null",
      { employed: null },
      {
        field: "employed",
        value: null,
        expected: "true or false",
        message: "employed is null; expected true or false.",
      },
    ],
    [
      "that must be there",
      { employed: undefined },
      {
        field: "employed",
        expected: "true or false",
        message: "employed is missing; expected true or false.",
      },
    ],
    [
      "outside one_of",
      { grade: "b" },
      {
        field: "grade",
        value: "b",
        expected: 'one of "A", "B", "C"',
        message: 'grade is "b"; expected one of "A", "B", "C". Did you mean "B"?',
      },
    ],
    [
      "that is a number for a category",
      { area: 3 },
      {
        field: "area",
        value: 3,
        expected: "a string, or null",
        message: 'area is 3; expected a string, or null. Did you mean "3"?',
      },
    ],
    [
      "that is no date of the calendar",
      { since: "2021-02-29" },
      {
        field: "since",
        value: "2021-02-29",
        expected: "a date such as 2026-01-31, or null",
        message: 'since is "2021-02-29"; expected a date such as 2026-01-31, or null.',
      },
    ],
    [
      "with a NUL",
      { area: "ur\0ban" },
      {
        field: "area",
        value: "ur\0ban",
        expected: "a string without NUL, or null",
        message: 'area is "ur\\u0000ban"; expected a string without NUL, or null.',
      },
    ],
    [
      "that is an object",
      { area: { a: 1 } },
      {
        field: "area",
        value: "an object",
        expected: "a string, or null",
        message: "area is an object; expected a string, or null.",
      },
    ],
    [
      "that does not exist",
      { incme: 3 },
      {
        field: "incme",
        expected: "the field income",
        message: "incme is no field of this model. Did you mean income?",
      },
    ],
  ];
  it.each(cases)("%s is named with what was expected", async (_, change, problem) => {
    const app = await serverOf(deployed());
    const { status, body } = await post(app, { ...goodRow, ...change });
    expect(status).toBe(422);
    expect(body.error.problems).toEqual([{ row: null, ...problem }]);
    expect(body.error.message).toBe(problem.message);
  });

  it("is reported with all the others", async () => {
    const app = await serverOf(deployed());
    const { body } = await post(app, { age: 1, employed: "yes", wat: 1, grade: "A" });
    expect(body.error.problems.map((p) => p.field).sort()).toEqual(["age", "employed", "wat"]);
    expect(body.error.message).toMatch(/ \(and 2 more\)$/);
  });

  it("is a number that JSON cannot hold", async () => {
    const app = await serverOf(deployed());
    const text = JSON.stringify(goodRow).replace("5000", "1e999");
    const { status, body } = await post(app, text);
    expect(status).toBe(422);
    expect(body.error.problems[0]).toMatchObject({ field: "income", value: "Infinity" });
  });

  it("is any absent one under missing = refuse", async () => {
    const app = await serverOf(deployed(binaryModel, { props: { missing: "refuse" } }));
    const { area: _, ...rest } = goodRow;
    expect((await post(app, rest)).body.error.problems).toMatchObject([
      { field: "area", message: "area is missing; expected a string, or null." },
    ]);
    expect((await post(app, { ...rest, area: null })).status).toBe(200);
  });

  it("is never repeated when its column is redacted", async () => {
    const app = await serverOf(deployed(binaryModel, { redacted: ["age", "grade"] }));
    const { body } = await post(app, { ...goodRow, age: 12345, grade: "Bx" });
    expect(JSON.stringify(body)).not.toMatch(/12345|Bx/);
    expect(body.error.problems).toMatchObject([
      { field: "age", value: "[redacted]" },
      { field: "grade", value: "[redacted]" },
    ]);
    const page = await app.inject({ url: "/docs" });
    const description = await app.inject({ url: "/openapi.json" });
    expect(page.body + description.body).not.toMatch(/"age": ?40/);
  });

  it("is counted past the hundred that are listed", async () => {
    const app = await serverOf(deployed());
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`strange field number ${i}`, i]));
    const { body } = await post(app, { ...goodRow, ...many });
    expect(body.error.problems).toHaveLength(100);
    expect(body.error.total).toBe(5000);
  });
});

it("has no answer where a linear model meets a missing number that it cannot fill", async () => {
  const app = await serverOf(deployed(regressionModel));
  const { status, body } = await post(app, { size: null });
  expect(status).toBe(422);
  expect(body.error.problems).toMatchObject([
    { field: "size", message: "The model has no answer where size is missing; expected a number." },
  ]);
  expect((await post(app, [{ size: 1 }, {}])).body.error.problems).toMatchObject([{ row: 1, field: "size" }]);
});

describe("a bad request", () => {
  it("names where JSON breaks, and never what stood there", async () => {
    const app = await serverOf(deployed());
    const { status, body } = await post(app, '{\n  "age": 40,\n  "area": secret\n}');
    expect(status).toBe(400);
    expect(body.error.message).toBe(
      "The body is not JSON: at line 3, column 11 (position 25) expected a value.",
    );
  });

  it.each([
    ["an empty body", "", 400],
    ["null", "null", 400],
    ["a bare value", "3", 422],
    ["a string", '"x"', 422],
    ["rows of no objects", "[1]", 422],
  ])("is %s", async (_, payload, status) => {
    expect((await post(await serverOf(deployed()), payload)).status).toBe(status);
  });

  it("is not UTF-8, or not declared as JSON", async () => {
    const app = await serverOf(deployed());
    const bytes = await app.inject({
      method: "POST",
      url: "/predict",
      headers: { "content-type": "application/json" },
      payload: Buffer.from([0x7b, 0xff, 0x7d]),
    });
    expect([bytes.statusCode, bytes.json().error.message]).toEqual([400, "The body is not UTF-8."]);
    const xml = await post(app, "<a/>", "/predict", { "content-type": "text/xml" });
    expect([xml.status, xml.body.error.message]).toEqual([
      415,
      'The body is "text/xml"; expected application/json.',
    ]);
  });

  it("may begin with a byte order mark and say its charset", async () => {
    const app = await serverOf(deployed());
    const answer = await post(app, `\ufeff${JSON.stringify(goodRow)}`, "/predict", {
      "content-type": "application/json; charset=utf-8",
    });
    expect(answer.status).toBe(200);
  });

  it("is larger than body_limit", async () => {
    const app = await serverOf(deployed(binaryModel, { props: { body_limit: 100 } }));
    const { status, body } = await post(app, [goodRow, goodRow]);
    expect([status, body.error.message]).toEqual([413, "The body is larger than 100 bytes."]);
  });

  it("is on a wrong path or with a wrong method", async () => {
    const app = await serverOf(deployed());
    const get = await app.inject({ url: "/predict" });
    expect([get.statusCode, get.headers["allow"], get.json().error.message]).toEqual([
      405,
      "POST",
      "/predict takes POST.",
    ]);
    const lost = await post(app, goodRow, "/predct");
    expect([lost.status, lost.body.error.message]).toEqual([
      404,
      "There is nothing here. Predictions are at /predict; /docs describes them.",
    ]);
  });
});

describe("limits", () => {
  it("asks for the bearer token, and never says what it is", async () => {
    const app = await serverOf(deployed(binaryModel, { token: "s3cret-token" }));
    for (const authorization of [
      "",
      "Bearer wrong",
      "Bearer s3cret-toke",
      "Basic s3cret-token",
      "s3cret-token",
    ]) {
      const { status, body, headers } = await post(app, goodRow, "/predict", { authorization });
      expect([status, headers["www-authenticate"]]).toEqual([401, "Bearer"]);
      expect(JSON.stringify(body)).not.toContain("s3cret");
    }
    expect((await post(app, goodRow, "/predict", { authorization: "Bearer s3cret-token" })).status).toBe(200);
    expect((await post(app, { dataframe_records: [goodRow] }, "/invocations")).status).toBe(401);
    expect((await post(app, {}, "/v2/models/loans/infer")).status).toBe(401);
    expect((await app.inject({ url: "/health" })).statusCode).toBe(200);
  });

  it("says when to come back after too many requests, over all of a deployment's routes", async () => {
    const app = await serverOf(deployed(binaryModel, { props: { rate_limit: 2 } }));
    const codes = [
      await post(app, goodRow),
      await post(app, { dataframe_records: [goodRow] }, "/invocations"),
      await post(app, goodRow),
    ];
    expect(codes.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(Number(codes[2]!.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(codes[2]!.body.error.message).toBe("At most 2 requests a second are taken from one address.");
    expect((await app.inject({ url: "/health" })).statusCode).toBe(200);
  });
});
