import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StepFailure, StepResult } from "../../runtime/execute/step.ts";
import { step as releaseStep } from "../../runtime/steps/release.ts";
import { type Bench, bench, evaluation, logit, metrics, program, ref } from "../evaluate/bench.ts";

let place: Bench;
beforeEach(() => {
  place = bench();
  place.results.set("gate.ready", { outputs: {}, summary: { status: "passed" } });
});
afterEach(() => place.close());

const SPEC = program({
  "model.scorer": { data: ref("dataset.loans", "train") },
  "evaluation.scored": evaluation({ metrics: metrics("f1") }),
  "gate.ready": { require: [], on: ref("evaluation.scored") },
  "release.out": {
    name: "loan-approval",
    model: ref("model.scorer"),
    gate: ref("gate.ready"),
    alias: "champion",
  },
});

const judged = (more: Record<string, unknown> = {}) =>
  place.results.set("evaluation.scored", {
    outputs: {},
    summary: { metrics: { f1: 0.9 }, threshold_chosen: false, ...more } as never,
  });

async function release(weight: number): Promise<StepResult> {
  await place.model("model.scorer", logit("x", weight));
  return place.run(SPEC, "release.out");
}
const present = (result: StepResult) =>
  releaseStep.effectPresent!(place.context(SPEC, "release.out"), result);

describe("a release", () => {
  it("registers the model's files under its external name and moves the alias", async () => {
    judged();
    const result = await release(1);
    expect(result.summary).toMatchObject({
      name: "loan-approval",
      version: 1,
      alias: "champion",
      previous: null,
    });
    expect(result.notes).toEqual(["loan-approval@1 is champion"]);
    const version = place.registry.resolve("loan-approval", "champion")!;
    expect(version.files).toEqual(place.results.get("model.scorer")!.outputs);
    expect(version.metrics).toEqual({ "scored.f1": 0.9 });
    expect(await place.store.readJson(version.model)).toEqual(version.files);
  });

  it("is the same when it is carried out again", async () => {
    judged();
    await release(1);
    const second = await release(2);
    expect(second.summary).toMatchObject({ version: 2, previous: 1 });
    expect(await release(2)).toEqual({ ...second, notes: expect.any(Array) });
    expect(place.registry.history()).toHaveLength(4);
  });

  it("carries the threshold that costs chose", async () => {
    judged({ threshold_chosen: true, threshold: 0.83 });
    await release(1);
    expect(place.registry.resolve("loan-approval", 1)?.threshold).toBe(0.83);
  });

  it("stands only behind a gate that passed", async () => {
    place.results.set("gate.ready", { outputs: {}, summary: { status: "failed" } });
    const failure = await release(1).then(
      () => null,
      (error: StepFailure) => error,
    );
    expect(failure?.diagnostic).toMatchObject({ code: "ML6034", values: { gate: "ready", release: "out" } });
    expect(place.registry.list()).toEqual([]);
  });
});

describe("a release that was carried out before is reused", () => {
  it("while its version is there", async () => {
    judged();
    const result = await release(1);
    expect(present(result)).toBe(true);
    const elsewhere = bench();
    expect(releaseStep.effectPresent!(elsewhere.context(SPEC, "release.out"), result)).toBe(false);
    elsewhere.close();
  });

  it("after a rollback by hand, which stands", async () => {
    judged();
    await release(1);
    const second = await release(2);
    place.registry.rollback("loan-approval", "champion", "ada");
    expect(present(second)).toBe(true);
    expect(place.registry.resolve("loan-approval", "champion")?.version).toBe(1);
  });

  it("but not when another run moved the alias meanwhile: the spec was changed back", async () => {
    judged();
    const first = await release(1);
    await release(2);
    expect(present(first)).toBe(false);
    expect((await release(1)).summary).toMatchObject({ version: 1, previous: 2 });
  });
});
