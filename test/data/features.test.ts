import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadFrame, loadTable, loadTarget } from "../../runtime/data/load.ts";
import { type FittedTransform, readTransform } from "../../runtime/data/transform.ts";
import { transformTable } from "../../runtime/portable/transform-table.ts";
import { call, choose, col, column, failureOf, lit, op, Project, type Props } from "./support.ts";

const schema = [
  column("id", "int", { role: "key" }),
  column("income", "float", { nullable: true }),
  column("debt", "float", { nullable: true }),
  column("area", "category", { nullable: true }),
  column("note", "text", { nullable: true }),
  column("member", "boolean", { nullable: true }),
  column("opened", "date", { nullable: true }),
  column("ok", "category", { role: "label", positive: "yes", nullable: true }),
];
const header = "id,income,debt,area,note,member,opened,ok";
// Six rows to learn from, three to judge.
const lines = [
  "1,10,5,urban,red red fish,yes,2024-01-01,yes",
  "2,20,,rural,blue fish,no,2024-02-01,no",
  "3,,0,urban,,yes,,yes",
  "4,40,8,,one fish,,2024-03-01,no",
  "5,50,1,urban,two,no,2024-01-15,yes",
  "6,0,2,coast,red,yes,2024-01-01,yes",
  "7,1000,1,moon,red moon,no,2030-01-01,no",
  "8,,,,,,,yes",
  "9,3,4,rural,fish,yes,2024-01-01,",
];
const split = { by: "position", parts: { train: 0.67, test: 0.33 } };

async function loans(rows: readonly string[] = lines): Promise<Project> {
  const project = new Project().write("d.csv", `${header}\n${rows.join("\n")}\n`);
  await project.dataset("d", "csv", { path: "d.csv", schema, split });
  return project;
}

async function fitted(project: Project, props: Props): Promise<FittedTransform> {
  const result = await project.features("f", { from: { ref: "dataset.d" }, ...props });
  return readTransform(project.store, result.outputs["transform"]!);
}

const use = (name: string, args: Props = {}) => ({ call: name, args });
const value = (constant: unknown) => use("value", { value: constant });

describe("features", () => {
  it("impute with statistics of the training part, or a constant", async () => {
    const project = await loans();
    const { steps } = await fitted(project, {
      impute: {
        income: use("median"),
        debt: use("mean"),
        area: use("mode"),
        note: value("none"),
        member: use("mode"),
        opened: use("mode"),
      },
    });
    expect(steps).toEqual([
      { op: "impute_string", column: "area", value: "urban" },
      { op: "impute_number", column: "debt", value: 3.2 },
      { op: "impute_number", column: "income", value: 20 },
      { op: "impute_number", column: "member", value: 1 },
      { op: "impute_string", column: "note", value: "none" },
      { op: "impute_number", column: "opened", value: 1704067200 },
    ]);
  });

  it("derive in the order of what they read, from imputed values", async () => {
    const project = await loans();
    const { steps, columns } = await fitted(project, {
      impute: { income: use("median") },
      derive: {
        a: op(col("z"), "*", lit(2)),
        z: op(col("debt"), "/", col("income")),
        kind: choose(op(col("debt"), ">", lit(4)), lit("high"), lit("low")),
        since: call("days_between", col("opened"), col("opened")),
        late: op(col("opened"), ">=", lit("2024-02-01")),
      },
    });
    expect(steps.map((step) => ("output" in step ? step.output : step.column))).toEqual([
      "income",
      "z",
      "a",
      "kind",
      "late",
      "since",
    ]);
    expect(columns).toContainEqual({ name: "kind", type: "string", from: "kind" });
    const { frame } = await loadFrame(project.store, project.source("features.f", "train"), {
      encoding: "trees",
      target: "ok",
    });
    const numbers = Object.fromEntries(
      frame.features.flatMap((f) => (f.kind === "numeric" ? [[f.name, [...f.values]]] : [])),
    );
    // x / 0 and what reads a missing value are missing.
    expect(numbers["a"]).toEqual([1, Number.NaN, 0, 0.4, 0.04, Number.NaN]);
    expect(numbers["late"]).toEqual([0, 1, Number.NaN, 1, 0, 0]);
    const kind = frame.features.find((feature) => feature.name === "kind");
    expect(kind).toMatchObject({ kind: "category", levels: ["high", "low"] });
    expect(kind?.kind === "category" ? [...kind.codes] : []).toEqual([0, 1, 1, 0, 1, 1]);
  });

  it("leave keys, labels, texts and times out unless they are named", async () => {
    const project = await loans();
    expect((await fitted(project, {})).columns.map((c) => c.name)).toEqual([
      "area",
      "debt",
      "income",
      "member",
    ]);
    expect((await fitted(project, { drop: ["area"] })).columns.map((c) => c.name)).toEqual([
      "debt",
      "income",
      "member",
    ]);
    expect((await fitted(project, { only: ["debt"] })).columns.map((c) => c.name)).toEqual(["debt"]);
  });

  it("encode, scale, bucket and vectorize", async () => {
    const project = await loans();
    const { steps } = await fitted(project, {
      impute: { debt: value(0) },
      encode: { area: use("one_hot", { min_count: 2 }) },
      scale: { debt: use("standard") },
      bucket: { income: use("edges", { at: [10, 45] }) },
      vectorize: { note: use("tfidf", { max_terms: 2, min_rows: 1, ngrams: 1, sublinear: false }) },
    });
    expect(steps.slice(1)).toEqual([
      {
        op: "one_hot",
        column: "area",
        levels: ["urban"],
        outputs: ["area=urban"],
        other: { levels: ["coast", "rural"], output: "area=other" },
      },
      { op: "bucket", column: "income", output: "income", edges: [10, 45] },
      {
        op: "tfidf",
        column: "note",
        output: "note",
        terms: ["fish", "red"],
        idf: [Math.log(7 / 4) + 1, Math.log(7 / 3) + 1],
        ngrams: 1,
        sublinear: false,
      },
      {
        op: "scale",
        column: "debt",
        output: "debt",
        offset: 16 / 6,
        factor: Math.sqrt(94 / 6 - (16 / 6) ** 2),
      },
    ]);
    const test = await loadFrame(project.store, project.source("features.f", "test"), {
      encoding: "linear",
      target: "ok",
      steps,
    });
    expect(test.frame.rows).toBe(2); // the third has no label
    const features = Object.fromEntries(
      test.frame.features.map((f) => [f.name, f.kind === "numeric" ? [...f.values] : f]),
    );
    expect(features["area=other"]).toEqual([0, 0]); // a value that training never saw is no rare value
    expect(features["income"]).toEqual([2, Number.NaN]);
    expect(features["note"]).toMatchObject({ kind: "sparse", names: ["note:fish", "note:red"] });
  });

  it("encode by the target: smoothed means for serving, means of the other folds for training", async () => {
    const project = await loans();
    const transform = await fitted(project, { encode: { area: use("target", { smoothing: 2, folds: 2 }) } });
    expect(transform.steps).toEqual([
      {
        op: "target",
        column: "area",
        output: "area",
        levels: ["coast", "rural", "urban"],
        values: [(1 + 2 * (4 / 6)) / 3, (0 + 2 * (4 / 6)) / 3, (3 + 2 * (4 / 6)) / 5],
        default: 4 / 6,
      },
    ]);
    const train = project.source("features.f", "train");
    const areaOf = ({ frame }: Awaited<ReturnType<typeof loadFrame>>) => {
      const area = frame.features.find((feature) => feature.name === "area");
      return area?.kind === "numeric" ? [...area.values] : [];
    };
    const learnt = await loadFrame(project.store, train, { encoding: "trees", target: "ok" });
    const served = await loadFrame(project.store, train, {
      encoding: "trees",
      target: "ok",
      steps: learnt.steps,
    });
    const [step] = transform.steps;
    if (step?.op !== "target") throw new Error("no target encoding");
    const { levels, values } = step;
    expect(areaOf(served)).toEqual(
      [..."urban rural urban . urban coast".split(" ")].map((area) => values[levels.indexOf(area)] ?? 4 / 6),
    );
    // The only coast row gets no mean of its own.
    expect(areaOf(learnt)[5]).not.toBeCloseTo(values[0]!, 6);
    expect(areaOf(learnt)).not.toEqual(areaOf(served));
  });

  it("never learn from rows outside the training part", async () => {
    const props = {
      impute: { income: use("median"), area: use("mode") },
      derive: { burden: op(col("debt"), "/", col("income")) },
      encode: { area: use("target", { smoothing: 1, folds: 2 }) },
      scale: { burden: use("standard"), debt: use("robust") },
      vectorize: { note: use("tfidf", { max_terms: 50 }) },
    };
    const transformOf = async (rows: readonly string[]) => {
      const project = await loans(rows);
      return (await project.features("f", { from: { ref: "dataset.d" }, ...props })).outputs["transform"];
    };
    const before = await transformOf(lines);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer(), fc.integer(), fc.constantFrom("urban", "sea", "")), {
          minLength: 3,
          maxLength: 3,
        }),
        async (tests) => {
          const changed = tests.map(
            ([income, debt, area], i) =>
              `${7 + i},${income},${debt},${area},new words ${debt},no,2020-01-01,no`,
          );
          expect(await transformOf([...lines.slice(0, 6), ...changed])).toBe(before);
        },
      ),
      { numRuns: 5 },
    );
  });

  it("learn from the part that their models name", async () => {
    const project = await loans();
    project.declare("model.m", "decision_tree", { data: { ref: "features.f", part: "test" } });
    expect(await fitted(project, { impute: { debt: use("mean") } })).toMatchObject({
      fittedOn: "test",
      steps: [{ op: "impute_number", column: "debt", value: 2.5 }],
    });
    project.declare("model.n", "decision_tree", { data: { ref: "features.f", part: "train" } });
    expect(await failureOf(fitted(project, {}))).toMatchObject({ code: "ML4106" });
  });

  it.each<[string, Props, string, string]>([
    ["a circle", { derive: { a: col("b"), b: col("a") } }, "ML4104", "/derive/a"],
    ["an unknown column", { derive: { a: col("incme") } }, "ML4101", "/derive/a"],
    ["a median of words", { impute: { area: use("median") } }, "ML4103", "/impute/area"],
    ["a word for a number", { impute: { income: value("none") } }, "ML4103", "/impute/income"],
    ["text beside a number", { derive: { a: op(col("area"), "+", lit(1)) } }, "ML4110", "/derive/a"],
    ["a scale of words", { scale: { area: use("standard") } }, "ML4103", "/scale/area"],
    ["an encoding of numbers", { encode: { income: use("one_hot") } }, "ML4103", "/encode/income"],
    ["too rare terms", { vectorize: { note: use("tfidf", { min_rows: 9 }) } }, "ML4111", "/vectorize/note"],
  ])("refuse %s", async (_, props, code, pointer) => {
    expect(await failureOf(fitted(await loans(), props))).toMatchObject({ code, pointer });
  });

  it("refuse a column without any value in training", async () => {
    const project = await loans(lines.map((line) => line.replace(/^(\d,[^,]*),[^,]*/, "$1,")));
    expect(await failureOf(fitted(project, { impute: { debt: use("mean") } }))).toMatchObject({
      code: "ML4102",
    });
  });
});

describe("a frame", () => {
  it("of linear models has categories one-hot and refuses missing numbers", async () => {
    const project = await loans();
    await fitted(project, { impute: { income: use("median"), debt: use("median"), member: use("mode") } });
    const train = project.source("features.f", "train");
    const { frame, inputs, features } = await loadFrame(project.store, train, {
      encoding: "linear",
      target: "ok",
    });
    expect(frame.features.map((f) => f.name)).toEqual([
      "area=coast",
      "area=rural",
      "area=urban",
      "debt",
      "income",
      "member",
    ]);
    expect(features.every((feature) => feature.width === 1)).toBe(true);
    expect(inputs.map((input) => input.name)).toEqual(["area", "debt", "income", "member"]);
    await fitted(project, { impute: { income: use("median") } });
    expect(
      await failureOf(
        loadFrame(project.store, project.source("features.f", "train"), { encoding: "linear", target: "ok" }),
      ),
    ).toMatchObject({
      code: "ML4107",
      values: { column: "debt", count: "1" },
    });
  });

  it("refuses to read the target", async () => {
    const project = await loans();
    await fitted(project, { derive: { double: op(col("income"), "*", lit(2)) } });
    const source = project.source("features.f", "train");
    expect(
      await failureOf(loadFrame(project.store, source, { encoding: "trees", target: "income" })),
    ).toMatchObject({ code: "ML4105" });
  });

  it("equals what the portable steps make of the raw table", async () => {
    const project = await loans();
    await fitted(project, {
      impute: { income: use("median"), area: use("mode") },
      derive: { burden: op(col("debt"), "/", col("income")), rich: op(col("income"), ">", lit(15)) },
      encode: { area: use("ordinal") },
      scale: { burden: use("standard"), debt: use("min_max") },
      bucket: { income: use("quantile", { count: 3 }) },
      vectorize: { note: use("tfidf", { max_terms: 50, ngrams: 2 }) },
    });
    for (const part of ["train", "test"]) {
      const source = project.source("features.f", part);
      const learnt = await loadFrame(project.store, project.source("features.f", "train"), {
        encoding: "trees",
        target: "ok",
      });
      const loaded = await loadFrame(project.store, source, {
        encoding: "trees",
        target: "ok",
        steps: learnt.steps,
      });
      const table = await loadTable(
        project.store,
        source,
        loaded.inputs.map((input) => input.name),
        { labelled: "ok" },
      );
      expect([...table.rowIds]).toEqual([...loaded.rowIds]);
      const columns = transformTable(loaded.steps, table);
      for (const feature of loaded.frame.features) {
        const portable = columns.get(feature.name);
        if (feature.kind === "numeric" && portable?.type === "number")
          expect([...feature.values]).toEqual([...portable.values]);
        else if (feature.kind === "sparse" && portable?.type === "sparse") {
          const rows = [...portable.codes].map((code) => portable.rows[code] ?? { indices: [], values: [] });
          expect([...feature.indices]).toEqual(rows.flatMap((row) => [...row.indices]));
          expect([...feature.values]).toEqual(rows.flatMap((row) => [...row.values]));
        } else throw new Error(`${feature.name}: ${feature.kind} and ${portable?.type}`);
      }
    }
  });
});

describe("a target", () => {
  it("is binary with the positive class last, rows without a label left out", async () => {
    const project = await loans();
    const train = await loadTarget(project.store, project.source("dataset.d", "train"), "ok");
    expect(train).toMatchObject({ task: "binary", classes: ["no", "yes"] });
    expect([...train.values]).toEqual([1, 0, 1, 0, 1, 1]);
    const test = await loadTarget(project.store, project.source("dataset.d", "test"), "ok", train.classes);
    expect([...test.values]).toEqual([0, 1]);
    expect([...test.rowIds]).toEqual([6, 7]);
  });

  it("is a number of numbers, and a class of categories", async () => {
    const project = await loans();
    const train = project.source("dataset.d", "train");
    expect(await loadTarget(project.store, train, "income")).toMatchObject({
      task: "regression",
      classes: [],
    });
    expect(await loadTarget(project.store, train, "area")).toMatchObject({
      task: "multiclass",
      classes: ["coast", "rural", "urban"],
    });
    expect(await loadTarget(project.store, train, "member")).toMatchObject({
      task: "binary",
      classes: ["false", "true"],
    });
  });

  it("is refused when training never saw a class, or there is nothing to learn", async () => {
    const project = await loans();
    const test = project.source("dataset.d", "test");
    expect(
      await failureOf(loadTarget(project.store, test, "area", ["coast", "rural", "urban"])),
    ).toMatchObject({
      code: "ML4201",
      values: { unknown: "moon" },
    });
    expect(await failureOf(loadTarget(project.store, test, "note"))).toMatchObject({ code: "ML4203" });
    expect(
      await failureOf(loadTarget(project.store, project.source("dataset.d", "nope"), "ok")),
    ).toMatchObject({ code: "ML4109" });
  });
});
