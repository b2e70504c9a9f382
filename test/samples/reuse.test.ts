/** Meaning decides what runs again, and `why` says exactly what changed: on the loan sample. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copySample, mlops, type RunReport, run, statuses } from "./mlops.ts";

const sample = copySample("loan");
const original = readFileSync(sample.spec, "utf8");
const edit = (change: (text: string) => string) => {
  const changed = change(original);
  expect(changed).not.toBe(original);
  writeFileSync(sample.spec, changed);
};
const of = (report: RunReport, name: string) => report.steps.find((step) => step.name === name);

beforeAll(async () => {
  await run(sample.spec);
});
afterAll(() => sample.remove());

describe("mlops run --json", () => {
  it("has the documented shape", async () => {
    writeFileSync(sample.spec, original);
    const report = await run(sample.spec);
    expect(report.run).toMatch(/\S/);
    expect(report.steps.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "dataset loans",
      "features applicant",
      "model scorer",
      "evaluation scored",
      "gate ready",
      "release loan_approval",
      "deployment api",
    ]);
    expect(Object.keys(report.metrics["scored"] ?? {})).toEqual(
      expect.arrayContaining(["accuracy", "f1", "auc", "log_loss"]),
    );
    expect(report.gates["ready"]?.status).toBe("passed");
    expect(report.gates["ready"]?.rules).toHaveLength(4);
    expect(report.releases).toHaveProperty("loan_approval");
  });
});

describe("everything is reused", () => {
  const cases: readonly (readonly [string, (text: string) => string])[] = [
    ["a comment", (text) => text.replace("model scorer", "// the model\nmodel scorer")],
    ["a rename", (text) => text.replaceAll("scorer", "approver").replaceAll(/\bapplicant\b/g, "person")],
    [
      "a rename of a stateful declaration whose name is given",
      (text) => text.replaceAll("loan_approval", "approval"),
    ],
    [
      "a reorder of attributes, rules and declarations",
      (text) => {
        const model = text.slice(text.indexOf("model scorer"), text.indexOf("evaluation scored"));
        return `${text.replace(model, "").trimEnd()}\n\n${model.replace("  depth = 4\n  seed = 42\n", "  seed = 42\n  depth = 4\n")}`
          .replace(
            "  expect rows >= 500\n  expect nulls(LoanAmount) <= 5%\n",
            "  expect nulls(LoanAmount) <= 5%\n  expect rows >= 500\n",
          )
          .replace("metrics = [accuracy, f1, auc, log_loss]", "metrics = [log_loss, auc, f1, accuracy]");
      },
    ],
    [
      "another layout",
      (text) =>
        text
          .replaceAll("\n  ", "\n      ")
          .replace("70%", "0.7")
          .replace("[Education, Property_Area]", "[\n Education,\n Property_Area\n]"),
    ],
  ];
  it.each(cases)("after %s", async (_, change) => {
    edit(change);
    expect(new Set(Object.values(statuses(await run(sample.spec))))).toEqual(new Set(["reused"]));
  });
});

describe("what changed runs again", () => {
  it("another depth: the model and what follows it, and why names the attribute", async () => {
    edit((text) =>
      text
        .replace("depth = 4", "depth = 3")
        .replace("require scored.f1 >= 0.80", "require scored.f1 >= 0.50"),
    );
    const plan = await mlops(["plan", sample.spec, "--json"]);
    const planned = JSON.parse(plan.out) as { steps: { name: string; action: string; why: string[] }[] };
    expect(planned.steps.find((step) => step.name === "scorer")?.why.join()).toMatch(/depth.*4.*3/);
    const report = await run(sample.spec);
    expect(of(report, "loans")?.status).toBe("reused");
    expect(of(report, "applicant")?.status).toBe("reused");
    for (const name of ["scorer", "scored", "ready", "loan_approval", "api"])
      expect(of(report, name)?.status).toBe("ran");
    expect(of(report, "scorer")?.why.join()).toMatch(/depth.*4.*3/);
  });

  it("another row: why names the file", async () => {
    const data = join(sample.folder, "data/loan-prediction.csv");
    const rows = readFileSync(data, "utf8");
    writeFileSync(data, rows.replace(/,\d+,(\d*),(\d*),(\d*),Rural/, ",9999,$1,$2,$3,Rural"));
    const answer = await mlops(["plan", sample.spec, "--json"]);
    const planned = JSON.parse(answer.out) as { steps: { name: string; action: string; why: string[] }[] };
    const step = planned.steps.find(({ name }) => name === "loans");
    expect(step?.action).toBe("run");
    expect(step?.why.join()).toContain("data/loan-prediction.csv");
    writeFileSync(data, rows);
  });
});
