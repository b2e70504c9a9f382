/** Deployments and batches as steps, on a store and a registry on disk. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { withSession, writeParquet } from "../../runtime/data/session.ts";
import type { Json, StepContext, StepFailure, StepResult } from "../../runtime/execute/step.ts";
import { exportModel } from "../../runtime/portable/export.ts";
import type { PortableModel } from "../../runtime/portable/form.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { openRegistry, type Registry } from "../../runtime/registry/registry.ts";
import { runBatch } from "../../runtime/serve/batch.ts";
import { runDeployment } from "../../runtime/serve/deployment.ts";
import { serveDeployment } from "../../runtime/serve/resolve.ts";
import { tableOf } from "../../runtime/serve/table.ts";
import { ranking, shareOf } from "../../runtime/serve/top.ts";
import { step as batchStep } from "../../runtime/steps/batch.ts";
import { step as deploymentStep } from "../../runtime/steps/deployment.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import { binaryModel, props as deploymentProps, goodRow, regressionModel } from "./model.ts";

let project: string;
let store: LocalStore;
let registry: Registry;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "mlops-serve-"));
  store = openStore(join(project, ".mlops"));
  registry = openRegistry(store.root);
});
afterEach(() => {
  registry.close();
  store.close();
  rmSync(project, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const nothing = () => {};

async function register(
  model: PortableModel = binaryModel,
  threshold: number | null = null,
  alias = "champion",
) {
  const rows = model === binaryModel ? [{ ...goodRow, since: 1_582_934_400, employed: 1 }] : [{ size: 1 }];
  const table = tableOf(model.inputs, rows);
  const files = await exportModel(
    model,
    { table, raw: predictTable(model, table).raw },
    { store, signal, log: nothing },
  );
  return registry.release({ name: "loan-approval", files, threshold, metrics: {}, by: "test" }, alias);
}

const schemaColumn = (
  name: string,
  type: ColumnSchema["type"],
  more: Partial<ColumnSchema> = {},
): ColumnSchema => ({
  name,
  type,
  nullable: true,
  role: null,
  positive: null,
  min: null,
  max: null,
  values: null,
  unique: false,
  pattern: null,
  format: null,
  redacted: false,
  doc: null,
  ...more,
});
const schema = [
  schemaColumn("id", "string", { role: "key" }),
  schemaColumn("age", "int"),
  schemaColumn("area", "category"),
  schemaColumn("employed", "boolean"),
  schemaColumn("grade", "category"),
  schemaColumn("income", "float"),
  schemaColumn("since", "date"),
];

function declare(
  id: string,
  props: object,
  refs: string[] = [],
  external: string | null = null,
): Declaration {
  const [kind = "", name = ""] = id.split(".");
  const source = { file: "loans.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    id,
    kind,
    name,
    variant: null,
    doc: null,
    owners: [],
    props: props as Declaration["props"],
    refs,
    external,
    hash: id,
    source,
    locations: {},
  };
}

function contextOf(
  declaration: Declaration,
  columns: readonly ColumnSchema[] = schema,
  rows?: StepResult["outputs"],
): StepContext {
  const declarations = [
    declare("dataset.loans", { path: "loans.csv", schema: columns }),
    declare("dataset.waiting", { path: "data/waiting-*.csv", schema: columns }),
    declare("model.scorer", { data: { ref: "dataset.loans" } }, ["dataset.loans"]),
    declare(
      "release.loan_approval",
      { model: { ref: "model.scorer" }, alias: "champion" },
      ["model.scorer"],
      "loan-approval",
    ),
    declaration,
  ];
  const program: Program = {
    ir: 1,
    language: 1,
    environment: null,
    spec: "loans.mlops",
    params: {},
    secrets: [],
    declarations,
    hash: "",
  };
  const inputs = new Map([
    ["dataset.waiting", { outputs: rows ?? {}, summary: { columns: columns as unknown as Json } }],
  ]);
  return {
    program,
    declaration,
    props: declaration.props,
    inputs,
    project,
    resume: join(project, "resume"),
    store,
    registry,
    signal,
    threads: 1,
    progress: nothing,
    track: nothing,
    log: nothing,
  };
}

const deploymentOf = (more: object = {}) =>
  declare("deployment.api", { ...deploymentProps, port: 8080, ...more }, ["release.loan_approval"], "loans");

async function refused(
  work: Promise<unknown>,
): Promise<{ code: string; values: Readonly<Record<string, string>>; pointer: string | undefined }> {
  const failure = await work.then(
    () => null,
    (error: StepFailure) => error,
  );
  expect(failure?.name).toBe("StepFailure");
  const { code, values, pointer } = failure!.diagnostic;
  return { code, values, pointer };
}

describe("a deployment", () => {
  it("pins the version under the alias, its signature and its OpenAPI", async () => {
    await register();
    const context = contextOf(deploymentOf());
    const { outputs, summary } = await runDeployment(context);
    expect(summary).toEqual({ name: "loans", release: "loan-approval", version: 1, path: "/predict" });
    const manifest = await store.readJson<Record<string, unknown>>(outputs["deployment.json"]!);
    expect(manifest).toMatchObject({
      release: "loan-approval",
      version: 1,
      alias: "champion",
      path: "/predict",
      port: 8080,
      classes: ["no", "yes"],
      token: null,
    });
    expect(manifest["example"]).toEqual(goodRow);
    expect(await store.readJson(outputs["openapi.json"]!)).toMatchObject({
      openapi: "3.1.0",
      info: { title: "loans" },
    });
    expect((await runDeployment(context)).outputs).toEqual(outputs);
  });

  it("is planned anew when the alias moves, forward or back", async () => {
    const context = contextOf(deploymentOf());
    const facts = async () => (await deploymentStep.externals!(context)).facts;
    expect(await facts()).toEqual({ "champion of loan-approval": "none" });
    await register();
    const first = await facts();
    await register(binaryModel, 0.7);
    expect(await facts()).not.toEqual(first);
    registry.rollback("loan-approval", "champion", "test");
    expect(await facts()).toEqual(first);
  });

  it("serves under the threshold that the version was registered with", async () => {
    await register(binaryModel, 0.9999);
    const served = await serveDeployment(contextOf(deploymentOf()).program, deploymentOf(), {
      store,
      registry,
      environment: {},
    });
    expect(served.manifest.threshold).toBe(0.9999);
    expect(compileRow(served.model)({ ...goodRow }).label).toBe("no");
  });

  it("knows the data's redacted columns and those that the model does not read", async () => {
    await register();
    const columns = [
      ...schema.map((one) => (one.name === "grade" ? { ...one, redacted: true } : one)),
      schemaColumn("note", "text"),
    ];
    const { program } = contextOf(deploymentOf(), columns);
    const served = await serveDeployment(program, deploymentOf(), { store, registry, environment: {} });
    expect([...served.redacted]).toEqual(["grade"]);
    expect([...served.ignored]).toEqual(["id", "note"]);
    expect(served.manifest.example["grade"]).toBe("A");
  });

  it("asks for a run first, a secret that is set, and a path of its own", async () => {
    expect(await refused(runDeployment(contextOf(deploymentOf())))).toEqual({
      code: "ML7001",
      values: { spec: "loans.mlops", release: "loan-approval", alias: "champion" },
      pointer: "/release",
    });
    await register();
    for (const path of ["predict", "/v2/x", "/health", "/a//b", "/:id", "/*", "/a b", "/"]) {
      expect(await refused(runDeployment(contextOf(deploymentOf({ path }))))).toMatchObject({
        code: "ML7003",
        pointer: "/path",
      });
    }
    const secured = deploymentOf({ token: { secret: "API_TOKEN" } });
    const { program } = contextOf(secured);
    for (const environment of [{}, { API_TOKEN: " " }]) {
      expect(
        await refused(serveDeployment(program, secured, { store, registry, environment })),
      ).toMatchObject({ code: "ML7002", values: { secret: "API_TOKEN" } });
    }
    const served = await serveDeployment(program, secured, {
      store,
      registry,
      environment: { API_TOKEN: "abc\n" },
    });
    expect(served.token).toBe("abc");
    expect(JSON.stringify(served.manifest)).not.toContain("abc");
  });
});

const rows = [
  { id: "a", age: 40, area: "urban", employed: true, grade: "B", income: 5000, since: "2020-02-29" },
  { id: "=1+2", age: 30, area: null, employed: false, grade: "C", income: null, since: null },
  { id: 'q"u,o\nte', age: 40, area: "urban", employed: true, grade: "B", income: 5000, since: "2020-02-29" },
  { id: "-12.5", age: 65, area: "moon", employed: true, grade: "A", income: 9000.5, since: "1999-12-31" },
  { id: "", age: 40, area: "urban", employed: true, grade: "B", income: 5000, since: "2020-02-29" },
];

async function waiting(given: readonly object[] = rows): Promise<StepResult["outputs"]> {
  const file = store.temporary(".json");
  writeFileSync(file, JSON.stringify(given));
  const parquet = store.temporary(".parquet");
  const types =
    "{id: 'VARCHAR', age: 'BIGINT', area: 'VARCHAR', employed: 'BOOLEAN', grade: 'VARCHAR', income: 'DOUBLE', since: 'DATE'}";
  await withSession({ root: store.root }, (session) =>
    writeParquet(
      session,
      `SELECT *, (row_number() OVER ()) - 1 AS __row, NULL::VARCHAR AS __part FROM read_json('${file}', columns = ${types})`,
      parquet,
    ),
  );
  return { rows: await store.putFile(parquet) };
}

const batchOf = (more: object = {}) =>
  declare(
    "batch.call_first",
    {
      release: { ref: "release.loan_approval", part: "champion" },
      input: { ref: "dataset.waiting" },
      output: "out/calls.csv",
      ...more,
    },
    ["release.loan_approval", "dataset.waiting"],
  );

const predicted = rows.map(({ id: _, ...row }) => compileRow(binaryModel)(row));
const probability = (at: number) => predicted[at]!.probabilities![predicted[at]!.predicted]!;
const score = (at: number) => predicted[at]!.probabilities![1]!;

describe("a batch", () => {
  it("writes CSV that spreadsheets open as it is, missing values empty", async () => {
    await register();
    const { summary, outputs } = await runBatch(contextOf(batchOf(), schema, await waiting()));
    const text = readFileSync(join(project, "out/calls.csv"), "utf8");
    const own = (at: number) => `${predicted[at]!.label},${probability(at)},${score(at)}`;
    expect(text.split("\r\n")).toEqual([
      "id,age,area,employed,grade,income,since,prediction,probability,score",
      `a,40,urban,true,B,5000.0,2020-02-29,${own(0)}`,
      `'=1+2,30,,false,C,,,${own(1)}`,
      `"q""u,o\nte",40,urban,true,B,5000.0,2020-02-29,${own(2)}`,
      `-12.5,65,moon,true,A,9000.5,1999-12-31,${own(3)}`,
      `"",40,urban,true,B,5000.0,2020-02-29,${own(4)}`,
      "",
    ]);
    expect(summary).toMatchObject({ rows: 5, written: 5, release: "loan-approval", version: 1 });
    expect((await store.read(outputs["predictions"]!)).toString()).toBe(text);
    expect(statSync(join(project, "out/calls.csv")).mode & 0o777).toBe(0o644);
  });

  it("begins with a byte order mark only where there is text beyond ASCII", async () => {
    await register();
    await runBatch(contextOf(batchOf(), schema, await waiting([{ ...rows[0], id: "Zoë" }])));
    expect(readFileSync(join(project, "out/calls.csv"), "utf8")).toMatch(/^\ufeffid,/);
  });

  it("writes Parquet with the dataset's own types", async () => {
    await register();
    await runBatch(
      contextOf(
        batchOf({ output: "calls.parquet", include: ["id", "since"], top: 0.5, ties: "id" }),
        schema,
        await waiting(),
      ),
    );
    const [read, types] = await withSession({ root: store.root }, async (session) => {
      const from = `SELECT * FROM read_parquet('${join(project, "calls.parquet")}')`;
      return [
        await session.rows(from),
        (await session.describe(from)).map(({ name, type }) => `${name} ${type}`),
      ] as const;
    });
    expect(types).toEqual([
      "id VARCHAR",
      "since DATE",
      "prediction VARCHAR",
      "probability DOUBLE",
      "score DOUBLE",
    ]);
    expect(read.map((row) => row["id"])).toEqual(["-12.5", "", "a"]);
    expect(read[1]).toMatchObject({ prediction: "yes", probability: probability(4), score: score(4) });
  });

  it("keeps the exact share with the highest scores, ties by the column, then by place", async () => {
    await register();
    const ids = async (more: object) => {
      await runBatch(contextOf(batchOf({ include: ["id"], ...more }), schema, await waiting()));
      const lines = readFileSync(join(project, "out/calls.csv"), "utf8")
        .replace('q""u,o\nte', "q")
        .split("\r\n");
      return lines.slice(1, -1).map((line) => line.split(",")[0]);
    };
    expect(await ids({ top: 0.4 })).toEqual(["-12.5", "a"]);
    expect(await ids({ top: 0.41 })).toEqual(["-12.5", "a", '"q"']);
    expect(await ids({ top: 0.4, ties: "id" })).toEqual(["-12.5", '""']);
    expect(await ids({ top: 1 })).toHaveLength(5);
    expect(await ids({ top: 0 })).toEqual([]);
  });

  it("is made again when its file was changed or removed", async () => {
    await register();
    const context = contextOf(batchOf(), schema, await waiting());
    const result = await runBatch(context);
    const present = () => batchStep.effectPresent!(context, result);
    expect(present()).toBe(true);
    writeFileSync(join(project, "out/calls.csv"), "edited");
    expect(present()).toBe(false);
    expect((await runBatch(context)).outputs).toEqual(result.outputs);
    expect(present()).toBe(true);
    rmSync(join(project, "out"), { recursive: true });
    expect(present()).toBe(false);
  });

  it("predicts values of a regression, and says which rows have none", async () => {
    await register(regressionModel);
    const columns = [schemaColumn("size", "float")];
    const write = async (sizes: (number | null)[]) => {
      const parquet = store.temporary(".parquet");
      const values = sizes.map((size, at) => `(${size ?? "NULL::DOUBLE"}, ${at}, NULL::VARCHAR)`).join(", ");
      await withSession({ root: store.root }, (session) =>
        writeParquet(
          session,
          `SELECT size::DOUBLE AS size, __row, __part FROM (VALUES ${values}) t(size, __row, __part)`,
          parquet,
        ),
      );
      return { rows: await store.putFile(parquet) };
    };
    await runBatch(contextOf(batchOf(), columns, await write([1, 4])));
    expect(readFileSync(join(project, "out/calls.csv"), "utf8")).toBe(
      "size,prediction,score\r\n1.0,12,12\r\n4.0,18,18\r\n",
    );
    expect(await refused(runBatch(contextOf(batchOf(), columns, await write([1, null]))))).toMatchObject({
      code: "ML7018",
      values: { dataset: "waiting", count: "1", row: "2", column: "size" },
    });
  });

  it("refuses what cannot be written or predicted, and leaves no file", async () => {
    await register();
    const data = await waiting();
    const without = schema.filter((one) => one.name !== "income");
    const retyped = schema.map((one) => (one.name === "age" ? { ...one, type: "string" as const } : one));
    const hidden = schema.map((one) => (one.name === "id" ? { ...one, redacted: true } : one));
    const cases: [object, readonly ColumnSchema[], string, string][] = [
      [{ output: "out/calls.xlsx" }, schema, "ML7010", "/output"],
      [{ output: "loans.csv" }, schema, "ML7011", "/output"],
      [{ output: "data/waiting-3.csv" }, schema, "ML7011", "/output"],
      [{}, without, "ML7012", "/input"],
      [{}, retyped, "ML7013", "/input"],
      [{}, [...schema, schemaColumn("score", "float")], "ML7014", "/include"],
      [{ include: ["idd"] }, schema, "ML7016", "/include"],
      [{ include: ["id"] }, hidden, "ML7017", "/include"],
    ];
    for (const [more, columns, code, pointer] of cases) {
      expect(await refused(runBatch(contextOf(batchOf(more), columns, data)))).toMatchObject({
        code,
        pointer,
      });
    }
    expect(existsSync(join(project, "out"))).toBe(false);
    writeFileSync(join(project, "out"), "a file where a folder should be");
    expect(await refused(runBatch(contextOf(batchOf(), schema, data)))).toMatchObject({ code: "ML7015" });
  });

  it("leaves redacted columns out when none are named", async () => {
    await register();
    const hidden = schema.map((one) => (one.name === "id" ? { ...one, redacted: true } : one));
    await runBatch(contextOf(batchOf(), hidden, await waiting()));
    expect(readFileSync(join(project, "out/calls.csv"), "utf8")).toMatch(/^age,area,/);
  });
});

describe("top", () => {
  it("is the ceiling of the decimal that was written", () => {
    expect([
      shareOf(0.1, 30),
      shareOf(0.07, 100),
      shareOf(0.29, 100),
      shareOf(1e-7, 10),
      shareOf(1, 7),
      shareOf(0, 7),
    ]).toEqual([3, 7, 29, 1, 7, 0]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.nat(1e6), (thousandths, count) => {
        expect(shareOf(thousandths / 1000, count)).toBe(Math.floor((thousandths * count + 999) / 1000));
      }),
    );
  });

  it("ranks every row once, whatever order they come in", () => {
    const entry = fc.tuple(
      fc.constantFrom(0.1, 0.5, 0.9, Number.NaN),
      fc.option(fc.constantFrom("a", "b", "c")),
    );
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const order = [
          ...ranking(
            Float64Array.from(entries, ([one]) => one),
            entries.map(([, tie]) => tie),
          ),
        ];
        expect(order.toSorted((a, b) => a - b)).toEqual(entries.map((_, i) => i));
        const keys = order.map((at) => [-(entries[at]![0] || -1), entries[at]![1] ?? "~", at] as const);
        expect(keys).toEqual(
          keys.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2])),
        );
      }),
    );
  });
});
