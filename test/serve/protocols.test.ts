import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { compileRow } from "../../runtime/portable/predict.ts";
import { buildServer } from "../../runtime/serve/server.ts";
import type { ServedDeployment } from "../../runtime/serve/serving.ts";
import { binaryModel, deployed, goodRow, multiclassModel, regressionModel } from "./model.ts";

const open: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function serverOf(...deployments: ServedDeployment[]): Promise<FastifyInstance> {
  const { app } = await buildServer({ deployments, version: "1.2.3" });
  open.push(app);
  return app;
}

async function post(app: FastifyInstance, url: string, payload: object | string, type = "application/json") {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const answer = await app.inject({ method: "POST", url, headers: { "content-type": type }, payload: text });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

const expected = compileRow(binaryModel)({ ...goodRow });
const poor = { age: 18, area: null, employed: false, grade: "C", income: 0, since: null };

describe("MLflow's /invocations", () => {
  const columns = Object.keys(goodRow);
  const data = [Object.values(goodRow), Object.values(poor)];
  const series = Object.fromEntries(columns.map((name, i) => [name, data.map((row) => row[i])]));
  const nested = Object.fromEntries(columns.map((name, i) => [name, data.map((row) => [row[i]])]));
  it.each([
    ["dataframe_split", { dataframe_split: { index: [0, 1], columns, data } }],
    ["dataframe_records", { dataframe_records: [goodRow, poor] }],
    ["instances", { instances: [goodRow, poor] }],
    ["inputs", { inputs: series }],
    ["inputs of shape [N, 1]", { inputs: nested }],
  ])("takes %s", async (_, body) => {
    const app = await serverOf(deployed());
    expect(await post(app, "/invocations", body)).toEqual({
      status: 200,
      body: { predictions: ["yes", "no"] },
    });
  });

  it("takes bare rows of instances in the signature's order", async () => {
    const app = await serverOf(deployed());
    const ordered = binaryModel.inputs.map(({ name }) => (goodRow as Record<string, unknown>)[name]);
    expect((await post(app, "/invocations", { instances: [ordered] })).body).toEqual({
      predictions: ["yes"],
    });
  });

  it("takes CSV, quoted fields, empty cells and all", async () => {
    const app = await serverOf(deployed());
    const text =
      '\ufeffage,"area",employed,grade,income,since\r\n40,"urban",True,B,5e3,2020-02-29\r\n18,,0,C,0,\r\n';
    expect(await post(app, "/invocations", text, "text/csv; charset=utf-8")).toEqual({
      status: 200,
      body: { predictions: ["yes", "no"] },
    });
  });

  it("answers probabilities when params ask for them, and values for regression", async () => {
    const app = await serverOf(deployed());
    const { body } = await post(app, "/invocations", {
      dataframe_records: [goodRow],
      params: { output: "probabilities" },
    });
    expect(body).toEqual({
      predictions: [{ no: expected.probabilities![0], yes: expected.probabilities![1] }],
    });
    const price = await serverOf(deployed(regressionModel));
    expect((await post(price, "/invocations", { inputs: { size: [1, 2] } })).body).toEqual({
      predictions: [12, 14],
    });
  });

  it.each([
    [
      "none of the four",
      {},
      "The body has none; expected exactly one of dataframe_split, dataframe_records, instances, inputs.",
    ],
    [
      "two of the four",
      { instances: [], inputs: {} },
      "The body has instances and inputs; expected exactly one of dataframe_split, dataframe_records, instances, inputs.",
    ],
    [
      "a mistyped form",
      { dataframe_record: [] },
      '"dataframe_record" is not expected; the body takes dataframe_split, dataframe_records, instances, inputs and params.',
    ],
    [
      "ragged rows",
      { dataframe_split: { columns: ["age"], data: [[1, 2]] } },
      "dataframe_split.data: row 0 has 2 values; expected 1 values, one for each column.",
    ],
    [
      "a column twice",
      { dataframe_split: { columns: ["age", "age"], data: [] } },
      "The column age is given twice.",
    ],
    [
      "columns of two lengths",
      { inputs: { age: [1, 2], area: ["x"] } },
      "inputs.area has 1 values; expected 2, as the columns before it.",
    ],
    [
      "an unknown parameter",
      { instances: [goodRow], params: { temperature: 1 } },
      "params.temperature is unknown; the only parameter is output.",
    ],
    ["no rows", { dataframe_records: [] }, "The batch is empty; expected at least one row."],
    [
      "a bad value",
      { dataframe_records: [goodRow, { ...goodRow, age: "old" }] },
      'Row 1: age is "old"; expected a whole number from 18 to 120.',
    ],
  ])("refuses %s in MLflow's form", async (_, body, message) => {
    const answer = await post(await serverOf(deployed()), "/invocations", body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error_code: "BAD_REQUEST", message });
  });

  it("names the line of broken CSV and the cell of a wrong value", async () => {
    const app = await serverOf(deployed());
    const broken = await post(app, "/invocations", "age,area\n1,2,3\n", "text/csv");
    expect(broken).toMatchObject({
      status: 400,
      body: { message: "The body is not CSV: line 2: 3 fields, but the first line names 2." },
    });
    const wrong = await post(app, "/invocations", "age,employed,grade\nforty,true,A\n", "text/csv");
    expect(wrong.body).toMatchObject({
      message: 'Row 0: age is "forty"; expected a whole number from 18 to 120.',
    });
    const lost = await post(app, "/invocations", "agee,age,employed,grade\n1,40,true,A\n", "text/csv");
    expect(lost.body).toMatchObject({ message: "Row 0: agee is no field of this model. Did you mean age?" });
  });

  it("takes NaN for a missing value, as Python's clients write it, and only outside of strings", async () => {
    const app = await serverOf(deployed());
    const text = JSON.stringify({
      dataframe_records: [{ ...goodRow, income: "NaN?", area: '\\"NaN' }],
    }).replace('"NaN?"', "NaN");
    expect(await post(app, "/invocations", text)).toEqual({ status: 200, body: { predictions: ["yes"] } });
    const broken = await post(app, "/invocations", '{"instances": [NaN, NaN, oops]}');
    expect(broken.body).toMatchObject({
      message: "The body is not JSON: at line 1, column 26 (position 25) expected a value.",
    });
    expect((await post(app, "/predict", text)).status).toBe(400);
    const { body } = await post(
      app,
      "/v2/models/loans/infer",
      JSON.stringify({ inputs: tensors([goodRow], (n) => [n]) }).replace("5000", "NaN"),
    );
    expect(body).toMatchObject({ outputs: [{ data: ["yes"] }, {}] });
  });

  it("has /ping, /health and /version beside it", async () => {
    const app = await serverOf(deployed());
    for (const url of ["/ping", "/health"]) {
      const { statusCode, body } = await app.inject({ url });
      expect([statusCode, body]).toEqual([200, "\n"]);
    }
    expect((await app.inject({ url: "/version" })).body).toBe("1.2.3");
  });

  it("is under /deployments/NAME where one address serves several", async () => {
    const app = await serverOf(
      deployed(),
      deployed(regressionModel, { name: "prices", props: { path: "/price" } }),
    );
    expect((await post(app, "/invocations", { instances: [goodRow] })).status).toBe(404);
    expect((await post(app, "/deployments/loans/invocations", { instances: [goodRow] })).body).toEqual({
      predictions: ["yes"],
    });
    expect((await post(app, "/deployments/prices/invocations", { instances: [{ size: 1 }] })).body).toEqual({
      predictions: [12],
    });
  });
});

function tensors(rows: readonly Record<string, unknown>[], shape: (n: number) => number[]) {
  const types: Record<string, string> = {
    age: "INT32",
    area: "BYTES",
    employed: "BOOL",
    grade: "BYTES",
    income: "FP64",
    since: "BYTES",
  };
  return Object.keys(goodRow).map((name) => ({
    name,
    datatype: types[name],
    shape: shape(rows.length),
    data: rows.map((row) => row[name]),
  }));
}

describe("the Open Inference Protocol", () => {
  it("describes the server and the model", async () => {
    const app = await serverOf(deployed());
    expect((await app.inject({ url: "/v2" })).json()).toEqual({
      name: "mlops",
      version: "1.2.3",
      extensions: [],
    });
    for (const url of ["/v2/models/loans", "/v2/models/loan-approval", "/v2/models/loans/versions/3"]) {
      const metadata = (await app.inject({ url })).json() as Record<string, unknown>;
      expect(metadata).toMatchObject({ versions: ["3"], platform: "mlops_portable" });
      expect(metadata["inputs"]).toContainEqual({ name: "income", datatype: "FP64", shape: [-1, 1] });
      expect(metadata["outputs"]).toEqual([
        { name: "label", datatype: "BYTES", shape: [-1] },
        { name: "probabilities", datatype: "FP64", shape: [-1, 2] },
        { name: "raw", datatype: "FP64", shape: [-1, 1] },
      ]);
    }
    for (const url of [
      "/v2/health/live",
      "/v2/health/ready",
      "/v2/models/loans/ready",
      "/v2/models/loans/versions/3/ready",
    ]) {
      expect((await app.inject({ url })).statusCode).toBe(200);
    }
  });

  it.each([
    ["[N]", (n: number) => [n]],
    ["[N, 1]", (n: number) => [n, 1]],
  ])("infers from tensors of shape %s", async (_, shape) => {
    const app = await serverOf(deployed());
    const { status, body } = await post(app, "/v2/models/loans/versions/3/infer", {
      id: "7",
      inputs: tensors([goodRow, poor], shape),
    });
    const other = compileRow(binaryModel)({ ...poor }).probabilities!;
    expect(status).toBe(200);
    expect(body).toEqual({
      model_name: "loans",
      model_version: "3",
      id: "7",
      outputs: [
        { name: "label", datatype: "BYTES", shape: [2], data: ["yes", "no"] },
        {
          name: "probabilities",
          datatype: "FP64",
          shape: [2, 2],
          data: [...expected.probabilities!, ...other],
        },
      ],
    });
  });

  it("takes nested [N, 1] data, and answers only the outputs asked for", async () => {
    const app = await serverOf(deployed(multiclassModel));
    const inputs = [{ name: "size", datatype: "FP32", shape: [2, 1], data: [[9], [-9]] }];
    const { body } = await post(app, "/v2/models/loans/infer", { inputs, outputs: [{ name: "raw" }] });
    expect(body["outputs"]).toEqual([
      { name: "raw", datatype: "FP64", shape: [2, 3], data: [-8, 0, 8, 10, 0, -10] },
    ]);
  });

  const input = { name: "age", datatype: "INT64", shape: [1], data: [40] };
  it.each([
    [
      "no inputs",
      {},
      'The body has no list inputs; expected {"inputs": [{"name", "shape", "datatype", "data"}]}.',
    ],
    [
      "a tensor that its shape does not fit",
      { inputs: [{ ...input, shape: [2] }] },
      "The input age: data has 1 values, but shape says 2.",
    ],
    [
      "a shape of more columns",
      { inputs: [{ ...input, shape: [1, 2], data: [1, 2] }] },
      "The input age: shape [1, 2] is not [N] or [N, 1].",
    ],
    [
      "an unknown datatype",
      { inputs: [{ ...input, datatype: "INT" }] },
      "The input age: datatype must be one of BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FP16, FP32, FP64, BYTES.",
    ],
    [
      "a datatype that the column has not",
      { inputs: [{ ...input, datatype: "BYTES", data: ["x"] }] },
      "The input age: datatype BYTES; expected INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FP16, FP32, FP64.",
    ],
    ["an input twice", { inputs: [input, input] }, "The input age is given twice."],
    [
      "tensors of two lengths",
      { inputs: [input, { name: "area", datatype: "BYTES", shape: [2], data: ["x", "y"] }] },
      "The input area has 2 rows; expected 1, as the inputs before it.",
    ],
    [
      "the binary extension",
      { inputs: [{ ...input, parameters: { binary_data_size: 8 } }] },
      "The input age: the binary tensor extension is not spoken here; send data as JSON.",
    ],
    [
      "an unknown output",
      { inputs: tensors([goodRow], (n) => [n]), outputs: [{ name: "score" }] },
      "There is no output score; the outputs are label, probabilities, raw.",
    ],
    ["no rows", { inputs: tensors([], (n) => [n]) }, "The batch is empty; expected at least one row."],
    [
      "an unknown input",
      {
        inputs: [
          ...tensors([goodRow], (n) => [n]),
          { name: "ages", datatype: "INT64", shape: [1], data: [1] },
        ],
      },
      "Row 0: ages is no field of this model. Did you mean age?",
    ],
  ])("refuses %s in the protocol's form", async (_, body, message) => {
    const answer = await post(await serverOf(deployed()), "/v2/models/loans/infer", body);
    expect([answer.status, answer.body["error"]]).toEqual([400, message]);
  });

  it("says which models and versions there are", async () => {
    const app = await serverOf(deployed());
    expect(await post(app, "/v2/models/lons/infer", {})).toEqual({
      status: 404,
      body: { error: "There is no model lons; this server has loans, loan-approval." },
    });
    expect((await app.inject({ url: "/v2/models/loans/versions/9" })).json()).toEqual({
      error: "loans has no version 9 here; version 3 is served.",
    });
  });
});
