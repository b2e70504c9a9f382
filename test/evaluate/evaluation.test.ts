import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readJudgement } from "../../runtime/evaluate/judgement.ts";
import type { StepFailure } from "../../runtime/execute/step.ts";
import type { TransformStep } from "../../runtime/portable/form.ts";
import { type Bench, bench, evaluation, logit, metrics, program, type Row, ref } from "./bench.ts";

let place: Bench;
beforeEach(() => {
  place = bench();
});
afterEach(() => place.close());

/** The logit, the class, and a group. */
const rows = (part: string, given: readonly (readonly [number, string, (string | null)?])[]): Row[] =>
  given.map(([x, y, area = "town"]) => ({ part, x, y, area }));

const TRAIN = rows("train", [
  [-2, "no", "land"],
  [-1, "no", "land"],
  [1, "yes"],
  [2, "yes"],
  [0.5, "yes", "land"],
]);
const TEST = rows("test", [
  [3, "yes"],
  [2, "yes"],
  [1, "no"],
  [-1, "yes", "land"],
  [-2, "no", "land"],
  [-3, "no", null],
]);
const TUNE = rows("tune", [
  [2, "yes"],
  [1.5, "no"],
  [1, "yes"],
  [-1, "no"],
]);

async function evaluate(
  written: Record<string, unknown>,
  data: readonly Row[] = [...TRAIN, ...TEST, ...TUNE],
) {
  await place.dataset("dataset.loans", data, "y", "yes");
  await place.model("model.scorer", logit("x", 1, { inputs: [...logit("x").inputs, AREA] }));
  const spec = program({
    "dataset.other": {},
    "features.applicant": { from: ref("dataset.loans") },
    "model.scorer": { data: ref("dataset.loans", "train"), tune: ref("dataset.loans", "tune") },
    "evaluation.scored": evaluation({ resamples: 200, plots: false, ...written }),
  });
  return place.run(spec, "evaluation.scored");
}
/** Not used by the learner; the one rule may use it. */
const AREA = {
  name: "area",
  type: "category",
  nullable: true,
  min: null,
  max: null,
  values: null,
  format: null,
  doc: null,
} as const;

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (failure: StepFailure) => failure.diagnostic,
  );
  expect(error).not.toBeNull();
  return error!;
};

describe("an evaluation", () => {
  it("judges the part's rows with the served model, and keeps numbers, intervals and predictions", async () => {
    const { summary, outputs } = await evaluate({ metrics: metrics("accuracy", "auc", "confusion") });
    expect(summary["rows"]).toBe(6);
    expect(summary["metrics"]).toEqual({ accuracy: 4 / 6, auc: 8 / 9 });
    expect(summary["confusion"]).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(summary["threshold"]).toBe(0.5);
    const [low, high] = (summary["intervals"] as { accuracy: [number, number] }).accuracy;
    expect(low).toBeLessThan(4 / 6);
    expect(high).toBeGreaterThan(4 / 6);
    const kept = readJudgement(await place.store.read(outputs["predictions.bin"]!));
    expect([...kept.scored.truth]).toEqual([1, 1, 0, 1, 0, 0]);
    expect([...kept.scored.predicted]).toEqual([1, 1, 1, 0, 0, 0]);
    expect([...kept.rowIds]).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it("leaves rows without a label out", async () => {
    const holes = [...TRAIN, ...TUNE, ...TEST, { part: "test", x: 9, y: null, area: "town" }];
    expect((await evaluate({ metrics: metrics("accuracy") }, holes)).summary["rows"]).toBe(6);
  });

  it("computes each slice, missing values as their own, and says which have too few rows", async () => {
    const { summary } = await evaluate({ metrics: metrics("accuracy"), slices: ["area"], min_rows: 2 });
    expect(summary["slices"]).toEqual({
      area: {
        land: { rows: 2, metrics: { accuracy: 0.5 }, status: "ok" },
        town: { rows: 3, metrics: { accuracy: 2 / 3 }, status: "ok" },
        "(missing)": { rows: 1, metrics: { accuracy: 1 }, status: "insufficient" },
      },
    });
  });

  it("slices by columns that the features derive, spelled as the language does", async () => {
    const x = { is: "column", name: "x" } as const;
    const steps = [
      { op: "impute_number", column: "x", value: 5 },
      {
        op: "derive",
        output: "half",
        type: "number",
        expression: { is: "binary", op: "/", left: x, right: { is: "literal", value: 2 } },
      },
      {
        op: "derive",
        output: "sure",
        type: "number",
        expression: {
          is: "binary",
          op: ">",
          left: { is: "column", name: "half" },
          right: { is: "literal", value: 1 },
        },
      },
      { op: "scale", column: "sure", output: "sure", offset: 3, factor: 7 },
    ] as const satisfies TransformStep[];
    const transform = await place.store.put(JSON.stringify({ format: 1, steps }));
    place.results.set("features.applicant", { outputs: { transform }, summary: {} });
    const data = ref("features.applicant", "test");
    const { summary } = await evaluate({ metrics: metrics("accuracy"), slices: ["sure"], min_rows: 1, data });
    expect(summary["slices"]).toMatchObject({ sure: { false: { rows: 5 }, true: { rows: 1 } } });
  });

  it("sets the baselines of the training part beside them; they never ask the label", async () => {
    const { summary, outputs } = await evaluate({ metrics: metrics("accuracy", "f1", "auc") });
    expect(summary["baselines"]).toEqual({
      majority: { accuracy: 0.5, auc: 0.5, f1: 6 / 9 },
      // town → yes, land → no, missing → yes (as everyone)
      one_rule: { accuracy: 0.5, auc: expect.any(Number), f1: 4 / 7 },
    });
    const report = await place.store.readJson<{ one_rule: string }>(outputs["evaluation.json"]!);
    expect(report.one_rule).toContain("area = land → no; area = town → yes");
  });

  it("chooses the cheapest threshold on another part, and judges there", async () => {
    // Letting a `no` through costs 5: on `tune`, 0.88 (logit 2) misses one yes (1) and is the cheapest.
    const { summary, notes } = await evaluate({
      metrics: metrics("cost", "recall"),
      cost: { false_positive: 5, false_negative: 1 },
      threshold_on: ref("dataset.loans", "tune"),
    });
    const chosen = 1 / (1 + Math.exp(-2));
    expect(summary["threshold"]).toBeCloseTo(chosen, 15);
    // On `test` the rows at 3 and 2 are positive: of three yes one is missed, no false alarm.
    expect(summary["metrics"]).toEqual({ cost: 1 / 6, recall: 2 / 3 });
    expect(notes?.[0]).toMatch(/^threshold 0\.88\d+ costs least on loans\.tune: 0\.25 a row$/);
  });

  it("reports what costs come to at the model's own threshold when no part chooses another", async () => {
    const { summary } = await evaluate({
      metrics: metrics("recall"),
      cost: { false_positive: 5, false_negative: 1 },
    });
    expect(summary["threshold"]).toBe(0.5);
    expect(Object.keys(summary["metrics"] as object)).toEqual(["cost", "recall"]);
  });

  it("gives the same bytes again", async () => {
    const written = { metrics: metrics("f1", "auc"), slices: ["area"], plots: true };
    const first = await evaluate(written);
    expect(await evaluate(written)).toEqual(first);
    expect(await evaluate({ ...written, metrics: metrics("auc", "f1") })).toEqual(first);
  });

  it("draws the plots as SVG", async () => {
    const { outputs } = await evaluate({ metrics: metrics("f1"), plots: true });
    const plots = Object.keys(outputs).filter((name) => name.startsWith("plots/"));
    expect(plots.sort()).toEqual(
      ["calibration", "confusion", "importance", "precision_recall", "roc"].map(
        (name) => `plots/${name}.svg`,
      ),
    );
    for (const name of plots)
      expect(await place.store.readText(outputs[name]!)).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it("says how many resamples could not tell", async () => {
    const few = [
      ...TRAIN,
      ...TUNE,
      ...rows("test", [
        [3, "yes"],
        [1, "no"],
        [2, "no"],
      ]),
    ];
    const { summary, notes } = await evaluate({ metrics: metrics("auc") }, few);
    const { auc } = summary["undefined_resamples"] as { auc: number };
    expect(auc).toBeGreaterThan(20);
    expect(summary["intervals"]).toEqual({ auc: null });
    expect(notes).toEqual([`auc cannot be told on ${auc} of 200 resamples; they widen its interval`]);
  });
});

describe("an evaluation refuses", () => {
  it("a metric that does not fit the task", async () => {
    const found = await failureOf(evaluate({ metrics: metrics("accuracy", "rmse") }));
    expect(found).toMatchObject({
      code: "ML6003",
      pointer: "/metrics/1",
      values: { metric: "rmse", task: "binary" },
    });
  });

  it("a cost metric without costs", async () => {
    expect(await failureOf(evaluate({ metrics: metrics("profit") }))).toMatchObject({ code: "ML6006" });
  });

  it("to slice by a column that is no group", async () => {
    const many = Array.from({ length: 201 }, (_, i): Row => ({ part: "test", x: i, y: "yes", area: "town" }));
    const found = await failureOf(
      evaluate({ metrics: metrics("accuracy"), slices: ["x"] }, [...TRAIN, ...many]),
    );
    expect(found).toMatchObject({ code: "ML6005", values: { column: "x", count: "201" } });
  });

  it("rows without a single label", async () => {
    const none: Row[] = [...TRAIN, { part: "test", x: 1, y: null, area: "town" }];
    const unlabelled = [{ part: "test", x: 1, y: null, area: "town" }];
    await place.dataset("dataset.other", unlabelled, "y", "yes");
    const other = evaluate({ metrics: metrics("accuracy"), data: ref("dataset.other") });
    expect(await failureOf(other)).toMatchObject({ code: "ML6004", values: { data: "other", target: "y" } });
    expect(await failureOf(evaluate({ metrics: metrics("accuracy") }, none))).toMatchObject({
      code: "ML4109",
    });
  });
});
