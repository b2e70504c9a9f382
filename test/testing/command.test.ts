/** `mlops test` as a process: what it prints, writes and ends with. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { copySample, mlops } from "../samples/mlops.ts";
import { project } from "./spec.ts";

const TESTS = `
test good {
  subject = applicant
  row one { income = 6000 }
  expect one.rich
}

test bad {
  subject = applicant
  row one { income = 6000 }
  expect one.rich == false "six thousand <is> \\"rich\\" & more"
}
`;
const loans = project(TESTS);
afterAll(() => loans.remove());
const test = (...args: string[]) => mlops(["test", "loans.mlops", ...args], loans.folder);

describe("mlops test", () => {
  it("says which claim failed, at its line, with what came out, and ends with 2", async () => {
    const { status, out, err } = await test();
    expect(status).toBe(2);
    expect(err).toBe("");
    const claim = readFileSync(loans.path, "utf8")
      .split("\n")
      .findIndex((text) => text.includes("expect one.rich == false"));
    const lines = out.replaceAll(/\d+ ms/g, "_ ms").split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "✓ good  1 claim  _ ms",
      "✗ bad  1 of 1 claim failed  _ ms",
      `  expect one.rich == false  loans.mlops:${claim + 1}:3`,
      '    six thousand <is> "rich" & more: one.rich is true, and false was expected',
    ]);
    expect(lines.at(-2)).toBe("2 tests: 1 passed, 1 failed");
  });

  it("tries the tests named, and ends with 0 when they pass", async () => {
    const { status, out } = await test("good");
    expect([status, out.trimEnd().split("\n").at(-1)]).toEqual([0, "1 test: 1 passed"]);
  });

  it("names the nearest test where one is unknown", async () => {
    const { status, err } = await test("god");
    expect(status).toBe(1);
    expect(err).toMatch(
      /^error\[ML6071\]: Name a test of loans\.mlops: `god` is none; did you mean `good`\?\n/,
    );
  });

  it("gives one JSON document, the same each time apart from the seconds", async () => {
    const read = async () =>
      JSON.parse((await test("--json")).out.replaceAll(/"seconds": [\d.e-]+/g, '"seconds": 0'));
    const first = await read();
    expect(first).toMatchObject({
      status: "failed",
      tests: [
        { name: "good", subject: "features.applicant", status: "passed", claims: [{ passed: true }] },
        { name: "bad", status: "failed", claims: [{ text: "expect one.rich == false", passed: false }] },
      ],
      diagnostics: [{ code: "ML6070", file: "loans.mlops" }],
    });
    expect(await read()).toEqual(first);
  });

  it("writes JUnit XML", async () => {
    await test("--junit", "tests.xml");
    const xml = readFileSync(join(loans.folder, "tests.xml"), "utf8");
    expect(xml).toContain('<testsuite name="loans.mlops" tests="2" failures="1" errors="0"');
    expect(xml).toMatch(
      /<testcase name="good" classname="features\.applicant" file="loans\.mlops" line="\d+" time="[\d.]+"\/>/,
    );
    expect(xml).toContain(
      'message="expect one.rich == false: six thousand &lt;is&gt; &quot;rich&quot; &amp; more: one.rich is true, and false was expected"',
    );
  });

  it("is said to have nothing to do where a spec has no tests, and what is wrong where it has errors", async () => {
    loans.write("");
    expect((await test()).err).toMatch(
      /^error\[ML6072\]: Write a `test` block into loans\.mlops: it has none/,
    );
    loans.write("test t {\n  subject = aplicant\n}\n");
    const { status, err } = await test();
    expect(status).toBe(1);
    expect(err).toMatch(/did you mean `applicant`/);
    loans.write(TESTS);
  });

  it("leaves plans, graphs and runs as they are", async () => {
    const names = async (...args: string[]) => (await mlops(args, loans.folder)).out;
    expect(await names("graph", "loans.mlops")).not.toMatch(/good|bad/);
    const plan = JSON.parse(await names("plan", "loans.mlops", "--json")) as { steps: { name: string }[] };
    expect(plan.steps.map(({ name }) => name)).not.toContain("good");
    expect(existsSync(join(loans.folder, "tests.xml"))).toBe(true);
  });
});

it("tests may stand in a spec of their own, which imports what they are about", async () => {
  const beside = join(loans.folder, "loans.tests.mlops");
  loans.write("");
  writeFileSync(beside, `mlops 1\n\nimport "./loans.mlops" { applicant }\n${TESTS}`);
  const answer = await mlops(["test", "loans.tests.mlops"], loans.folder);
  expect(answer.status).toBe(2);
  expect(answer.out).toContain("  expect one.rich == false  loans.tests.mlops:14:3\n");
});

describe("the loan sample", () => {
  it("passes its own tests, snapshot and all", async () => {
    const { folder, spec, remove } = copySample("loan");
    try {
      const { status, out } = await mlops(["test", spec, "--json"], folder);
      expect(status).toBe(0);
      const { tests } = JSON.parse(out) as { tests: { status: string }[] };
      expect(tests.map((one) => one.status)).toEqual(Array.from({ length: 5 }, () => "passed"));
    } finally {
      remove();
    }
  });
});
