import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import type { StepFailure, StepResult } from "../../runtime/execute/step.ts";
import { step as gateStep } from "../../runtime/steps/gate.ts";
import {
  type Bench,
  baseline,
  bench,
  champion,
  evaluation,
  is,
  logit,
  metrics,
  number,
  program,
  type Row,
  ref,
  scored,
} from "./bench.ts";

let place: Bench;
beforeEach(() => {
  place = bench();
});
afterEach(() => place.close());

interface Rule {
  readonly condition: IrExpression;
  readonly by?: string;
  readonly with?: { readonly call: "confidence"; readonly args: { readonly level: number } };
  readonly as?: "optional";
  readonly message?: string;
}

const rule = (condition: IrExpression, more: Omit<Rule, "condition"> = {}): Rule => ({ condition, ...more });
const sure = (level: number) => ({ call: "confidence", args: { level } }) as const;

/** `x` is the logit; of 20 rows in town all are right, of 10 on land 4. */
const ROWS: Row[] = [
  { part: "train", x: 1, y: "yes", area: "town" },
  { part: "train", x: 2, y: "yes", area: "town" },
  { part: "train", x: -1, y: "no", area: "land" },
  ...Array.from(
    { length: 20 },
    (_, i): Row => ({ part: "test", x: i < 10 ? 2 : -2, y: i < 10 ? "yes" : "no", area: "town" }),
  ),
  ...Array.from(
    { length: 10 },
    (_, i): Row => ({ part: "test", x: 2, y: i < 4 ? "yes" : "no", area: "land" }),
  ),
];

const written = (
  rules: readonly Rule[],
  more: Record<string, unknown> = {},
  release: Record<string, unknown> | null = {},
) =>
  program({
    "model.scorer": { data: ref("dataset.loans", "train") },
    "evaluation.scored": evaluation({
      metrics: metrics("accuracy", "f1", "auc", "precision"),
      slices: ["area"],
      min_rows: 5,
      resamples: 500,
      plots: false,
      ...more,
    }),
    "gate.ready": { require: rules as never, on: ref("evaluation.scored") },
    ...(release === null
      ? {}
      : {
          "release.out": {
            name: "loans",
            model: ref("model.scorer"),
            gate: ref("gate.ready"),
            alias: "champion",
            ...release,
          },
        }),
  });

async function judge(
  rules: readonly Rule[],
  more: Record<string, unknown> = {},
  rows: readonly Row[] = ROWS,
): Promise<StepResult> {
  await place.dataset("dataset.loans", rows, "y", "yes");
  await place.model("model.scorer", logit("x"));
  const spec = written(rules, more);
  await place.run(spec, "evaluation.scored");
  return place.run(spec, "gate.ready");
}

const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (failure: StepFailure) => failure.diagnostic,
  );

describe("a gate", () => {
  it("passes when every rule holds, and prints the numbers", async () => {
    const result = await judge([
      rule(is(scored("accuracy"), ">=", number(0.8))),
      rule(is(scored("accuracy"), ">", baseline("majority", "accuracy"))),
    ]);
    expect(result.verdict).toBe("passed");
    expect(result.summary["status"]).toBe("passed");
    expect(result.notes).toEqual([
      "scored.accuracy 0.8000 >= 0.8 passed, both are equal",
      "scored.accuracy 0.8000 > baseline(majority).accuracy (0.4667) passed by 0.3333",
    ]);
    expect(result.diagnostics).toEqual([]);
  });

  it("fails when one rule does not, by how much, with its message, at the rule's place", async () => {
    const result = await judge([
      rule(is(scored("accuracy"), ">=", number(0.9)), { message: "not good enough" }),
      rule(is(scored("accuracy"), ">=", number(0.1))),
    ]);
    expect(result.verdict).toBe("failed");
    expect(result.notes?.[0]).toBe('scored.accuracy 0.8000 >= 0.9 failed by 0.1000 "not good enough"');
    expect(result.diagnostics).toEqual([
      expect.objectContaining({ code: "ML6020", declaration: "gate.ready", pointer: "/require/0" }),
    ]);
    expect(result.summary["rules"]).toMatchObject([
      {
        text: "scored.accuracy >= 0.9",
        status: "failed",
        value: 0.8,
        bound: 0.9,
        message: "not good enough",
      },
      { status: "passed" },
    ]);
  });

  it("compares doubles exactly and shows enough digits to see it", async () => {
    const result = await judge([rule(is(scored("accuracy"), ">=", number(0.8 + Number.EPSILON)))]);
    expect(result.verdict).toBe("failed");
    expect(result.notes?.[0]).toContain("0.8 >= 0.8000000000000003 failed by 2.2e-16");
  });

  it("computes with metrics, functions and conditions", async () => {
    const min: IrExpression = {
      is: "call",
      name: "min",
      args: [scored("accuracy"), scored("f1")],
      named: {},
      path: [],
    };
    const either = is(is(scored("accuracy"), ">", number(0.99)), "or", is(min, ">", number(0.5)));
    const not: IrExpression = { is: "unary", op: "not", operand: is(scored("accuracy"), "<", number(0.5)) };
    const scaled = is(
      scored("accuracy"),
      ">=",
      is(is(baseline("majority", "accuracy"), "*", number(2)), "-", number(0.2)),
    );
    const result = await judge([rule(is(either, "and", not)), rule(scaled)]);
    expect(result.verdict).toBe("passed");
    expect((result.summary["rules"] as { text: string }[]).map((one) => one.text)).toEqual([
      "(scored.accuracy > 0.99 or min(scored.accuracy, scored.f1) > 0.5) and not scored.accuracy < 0.5",
      "scored.accuracy >= baseline(majority).accuracy * 2 - 0.2",
    ]);
  });
});

describe("nothing passes for lack of evidence:", () => {
  it("a metric that cannot be told is insufficient, and blocks", async () => {
    const never = ROWS.map((row) => ({ ...row, x: -1 }));
    const result = await judge(
      [rule(is(scored("precision"), ">=", number(0))), rule(is(scored("accuracy"), ">", number(0)))],
      {},
      never,
    );
    expect(result.verdict).toBe("insufficient");
    expect(result.diagnostics).toEqual([expect.objectContaining({ code: "ML6021" })]);
    expect(result.notes?.[0]).toBe(
      "scored.precision >= 0 insufficient: precision cannot be told from these rows",
    );
  });

  it("not even a negated condition", async () => {
    const never = ROWS.map((row) => ({ ...row, x: -1 }));
    const not: IrExpression = { is: "unary", op: "not", operand: is(scored("precision"), "<", number(0)) };
    expect((await judge([rule(not)], {}, never)).verdict).toBe("insufficient");
  });

  it("an optional rule without evidence does not block", async () => {
    const never = ROWS.map((row) => ({ ...row, x: -1 }));
    const optional = rule(is(scored("precision"), ">=", number(0)), { as: "optional" });
    const other = rule(is(scored("accuracy"), ">", number(0)));
    expect((await judge([optional, other], {}, never)).verdict).toBe("passed");
    // But it cannot carry the gate alone.
    const alone = await judge([optional], {}, never);
    expect(alone.verdict).toBe("insufficient");
    expect(alone.diagnostics).toEqual([expect.objectContaining({ code: "ML6022" })]);
  });

  it("an optional rule that fails does", async () => {
    expect((await judge([rule(is(scored("accuracy"), ">", number(0.99)), { as: "optional" })])).verdict).toBe(
      "failed",
    );
  });

  it("a metric that the evaluation does not compute is refused", async () => {
    expect(await refusal(judge([rule(is(scored("recall"), ">=", number(0)))]))).toMatchObject({
      code: "ML6010",
      pointer: "/require/0/condition",
      values: { metric: "recall", evaluation: "scored", metrics: "accuracy, auc, f1, precision" },
    });
  });

  it("a baseline that was not fitted is refused", async () => {
    const found = await refusal(judge([rule(is(scored("accuracy"), ">", baseline("mean", "accuracy")))]));
    expect(found).toMatchObject({
      code: "ML6014",
      values: { baseline: "mean", baselines: "majority, one_rule" },
    });
  });

  it("a condition without a metric is refused", async () => {
    expect(await refusal(judge([rule(is(number(1), ">", number(0)))]))).toMatchObject({ code: "ML6017" });
  });
});

describe("by slice", () => {
  const byArea = rule(is(scored("accuracy"), ">=", number(0.7)), {
    by: "area",
    message: "no group left behind",
  });

  it("one bad slice fails the gate, whatever the others are", async () => {
    const result = await judge([rule(is(scored("accuracy"), ">=", number(0.7))), byArea]);
    expect(result.verdict).toBe("failed");
    expect(result.summary["rules"]).toMatchObject([
      { status: "passed", value: 0.8 },
      {
        status: "failed",
        value: 0.4,
        slices: { land: { status: "failed", value: 0.4, rows: 10 }, town: { status: "passed", value: 1 } },
      },
    ]);
    expect(result.notes?.slice(1)).toEqual([
      'scored.accuracy 0.4000 >= 0.7 by area failed by 0.3000 "no group left behind"',
      "  land (10 rows): 0.4000 failed by 0.3000",
    ]);
  });

  it("a slice with too few rows blocks unless the rule is optional", async () => {
    const few = ROWS.filter((row, i) => row.area === "town" || row.part === "train" || i % 5 === 0);
    const small = await judge([byArea], {}, few);
    expect(small.verdict).toBe("insufficient");
    expect(small.notes?.[1]).toBe("  land (2 rows): insufficient: 2 rows, min_rows is 5");
    expect((await judge([{ ...byArea, as: "optional" }], {}, few)).verdict).toBe("passed");
  });

  it("compares baselines on the slice's own rows", async () => {
    const result = await judge([
      rule(is(scored("accuracy"), ">=", baseline("majority", "accuracy")), { by: "area" }),
    ]);
    // On land the model says yes to all, as the majority does; in town the majority is right on half.
    expect(result.summary["rules"]).toMatchObject([
      { slices: { land: { value: 0.4, bound: 0.4 }, town: { value: 1, bound: 0.5 } } },
    ]);
  });

  it("needs a slice of the evaluation", async () => {
    const found = await refusal(judge([rule(is(scored("accuracy"), ">", number(0)), { by: "x" })]));
    expect(found).toMatchObject({ code: "ML6011", pointer: "/require/0/by" });
  });
});

describe("with confidence", () => {
  it("the whole interval must hold", async () => {
    // Accuracy 0.8 on 30 rows: 95% of resamples lie within about 0.63 and 0.93.
    const low = await judge([rule(is(scored("accuracy"), ">=", number(0.6)), { with: sure(0.95) })]);
    expect(low.verdict).toBe("passed");
    expect(low.notes?.[0]).toMatch(
      /^scored\.accuracy 0\.8000 >= 0\.6 with confidence\(0\.95\) passed by 0\.2000, the difference lies in \[0\.0\d+, 0\.3\d+\]$/,
    );
    expect(
      (await judge([rule(is(scored("accuracy"), ">=", number(0.75)), { with: sure(0.95) })])).verdict,
    ).toBe("failed");
  });

  it("differences are resampled in pairs", async () => {
    // The model and itself never differ, though each alone varies.
    const same = rule(is(scored("accuracy"), ">=", scored("accuracy")), { with: sure(0.99) });
    expect((await judge([same])).verdict).toBe("passed");
    const half = is(is(scored("accuracy"), "-", baseline("majority", "accuracy")), ">", number(0));
    expect((await judge([rule(half, { with: sure(0.95) })])).verdict).toBe("passed");
  });

  it("an interval that cannot be told is insufficient", async () => {
    const two = [
      ...ROWS.filter((row) => row.part === "train"),
      ...ROWS.filter((row) => row.part === "test").slice(9, 11),
    ];
    const result = await judge([rule(is(scored("auc"), ">", number(0.5)), { with: sure(0.95) })], {}, two);
    expect(result.verdict).toBe("insufficient");
    expect(result.notes?.[0]).toContain("too many resamples could not tell");
  });

  it("needs resamples", async () => {
    const found = await refusal(
      judge([rule(is(scored("auc"), ">", number(0.5)), { with: sure(0.95) })], { resamples: 0 }),
    );
    expect(found).toMatchObject({ code: "ML6018" });
  });
});

describe("the champion", () => {
  const noWorse = rule(is(scored("accuracy"), ">=", is(champion("accuracy"), "-", number(0.01))));
  const absolute = rule(is(scored("accuracy"), ">=", number(0.5)));

  async function promote(model = logit("x", -1), threshold: number | null = null) {
    await place.model("model.old", model);
    const files = place.results.get("model.old")!.outputs;
    place.registry.release({ name: "loans", files, threshold, metrics: {}, by: "test" }, "champion");
  }

  it("is skipped on a first release, and the gate must stand on another rule", async () => {
    const result = await judge([noWorse, absolute]);
    expect(result.verdict).toBe("passed");
    expect(result.notes?.[0]).toBe("scored.accuracy >= champion.accuracy - 0.01 skipped: first release");
    const alone = await judge([noWorse]);
    expect(alone.verdict).toBe("insufficient");
    expect(alone.diagnostics).toEqual([expect.objectContaining({ code: "ML6022" })]);
  });

  it("is scored again on the same rows, never by its stored number", async () => {
    await promote(); // says the opposite: right on 6 of 30
    const worse = await judge([rule(is(champion("accuracy"), ">=", scored("accuracy"))), absolute]);
    expect(worse.verdict).toBe("failed");
    expect(worse.summary["champion"]).toBe("loans@1");
    expect(worse.summary["rules"]).toMatchObject([{ value: 0.2, bound: 0.8 }, {}]);
  });

  it("predicts at the threshold that it was released with", async () => {
    await promote(logit("x", 0.5), 0.99); // positive from 0.99 on: never
    const result = await judge([rule(is(champion("accuracy"), "<", scored("accuracy")))]);
    expect(result.summary["rules"]).toMatchObject([{ value: 16 / 30 }]);
  });

  it("is never the candidate itself", async () => {
    await promote();
    await place.model("model.scorer", logit("x"));
    const files = place.results.get("model.scorer")!.outputs;
    place.registry.release({ name: "loans", files, threshold: null, metrics: {}, by: "test" }, "champion");
    const result = await judge([noWorse]);
    expect(result.summary["champion"]).toBe("loans@1");
  });

  it("is pinned in the plan, and stays pinned when the candidate takes its place", async () => {
    const spec = written([noWorse]);
    const pinned = async () => (await gateStep.externals!(place.context(spec, "gate.ready"))).facts;
    await place.model("model.scorer", logit("x"));
    expect(await pinned()).toEqual({ "champion of loans (champion)": "none" });
    await promote();
    const before = await pinned();
    expect(Object.values(before!)[0]).toMatch(/^loans@1 sha256:/);
    const files = place.results.get("model.scorer")!.outputs;
    place.registry.release({ name: "loans", files, threshold: null, metrics: {}, by: "test" }, "champion");
    expect(await pinned()).toEqual(before);
    expect(await gateStep.externals!(place.context(written([absolute]), "gate.ready"))).toEqual({});
  });

  it("must find its columns in the data", async () => {
    await promote(logit("income"));
    expect(await refusal(judge([noWorse]))).toMatchObject({
      code: "ML6013",
      values: { column: "income", champion: "loans@1", data: "loans" },
    });
  });

  it("must answer the same question", async () => {
    await promote(logit("x", 1, { classes: ["bad", "good"] }));
    expect(await refusal(judge([noWorse]))).toMatchObject({ code: "ML6016" });
  });

  it("may have its classes in another order", async () => {
    await promote(logit("x", -1, { classes: ["yes", "no"] })); // P(no) rises as x falls: the same model
    const result = await judge([
      rule(is(scored("accuracy"), "==", champion("accuracy"))),
      rule(is(scored("auc"), "==", champion("auc"))),
    ]);
    expect(result.verdict).toBe("passed");
  });

  it("means nothing without a release that uses the gate", async () => {
    await place.dataset("dataset.loans", ROWS, "y", "yes");
    await place.model("model.scorer", logit("x"));
    const spec = written([noWorse], {}, null);
    await place.run(spec, "evaluation.scored");
    expect(await refusal(place.run(spec, "gate.ready"))).toMatchObject({
      code: "ML6012",
      values: { found: "no release uses it" },
    });
  });
});
