import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Program } from "../../language/ir/program.ts";
import { runProgram } from "../../runtime/execute/run.ts";
import type { StepExecutor } from "../../runtime/execute/step.ts";
import type { Executors } from "../../runtime/plan/inspect.ts";
import { planProgram } from "../../runtime/plan/plan.ts";
import { type Bench, executorsOf, program, project, ref, write } from "./support.ts";

let bench: Bench;
let { executors } = executorsOf();
beforeEach(() => {
  bench = project();
  ({ executors } = executorsOf());
});
afterEach(() => bench.close());

const run = (written: Program, table: Executors = executors) =>
  runProgram({ ...bench.place(written, table), signal: new AbortController().signal });

/** `{name: "action: reason; reason"}` */
async function plan(written: Program, table: Executors = executors): Promise<Record<string, string>> {
  const { steps } = await planProgram(bench.place(written, table));
  return Object.fromEntries(steps.map(({ name, action, why }) => [name, `${action}: ${why.join("; ")}`]));
}

const model = (props: object) => program({ id: "work.scorer", props: props as never });

describe("planProgram", () => {
  it("says first run, then unchanged", async () => {
    const written = program({ id: "work.a" }, { id: "work.b", props: { from: ref("work.a") } });
    expect(await plan(written)).toEqual({ a: "run: first run", b: "run: first run; work a runs first" });
    await run(written);
    expect(await plan(written)).toEqual({ a: "reuse: unchanged", b: "reuse: unchanged" });
  });

  it("writes nothing that a run would have to undo", async () => {
    await plan(model({ depth: 4 }));
    expect(await plan(model({ depth: 4 }))).toEqual({ scorer: "run: first run" });
  });

  it("puts each step after those it names, whatever the order of writing", async () => {
    const written = program({ id: "work.b", props: { from: ref("work.a") } }, { id: "work.a" });
    expect(Object.keys(await plan(written))).toEqual(["a", "b"]);
  });

  it("estimates the time of steps to run from the last time, side by side", async () => {
    const { executors: slow } = executorsOf(async (context) => {
      await new Promise((done) => setTimeout(done, 60));
      return write(context);
    });
    const two = (n: number) => program({ id: "work.a", props: { n } }, { id: "work.b", props: { n: n + 1 } });
    expect((await planProgram(bench.place(two(1), slow), 2)).unknown).toBe(2);
    await run(two(1), slow);
    const one = await planProgram(bench.place(two(10), slow), 1);
    const both = await planProgram(bench.place(two(10), slow), 2);
    expect(one.unknown).toBe(0);
    expect(one.seconds).toBeGreaterThan(both.seconds);
    expect(both.steps[0]?.seconds).toBeGreaterThan(0.05);
  });
});

describe("the exact reason", () => {
  it.each([
    [{ depth: 4 }, { depth: 5 }, "depth: 4 → 5"],
    [{}, { depth: 5 }, "depth: not set → 5"],
    [{ depth: 4 }, {}, "depth: 4 → not set"],
    [{ split: { seed: 1, train: 0.7 } }, { split: { seed: 2, train: 0.7 } }, "split.seed: 1 → 2"],
    [
      { impute: { age: { call: "median", args: {} } } },
      { impute: { age: { call: "mean", args: {} } } },
      "impute.age: median → mean",
    ],
    [
      { metrics: ["f1", "auc"] },
      { metrics: ["recall", "auc"] },
      'metrics: ["auc", "f1"] → ["auc", "recall"]',
    ],
    [
      { require: [{ condition: "a > 1" }, { condition: "b > 1" }] },
      { require: [{ condition: "b > 1" }, { condition: "a > 2" }] },
      'require: "a > 1" → "a > 2"',
    ],
  ])("%j then %j", async (before, after, reason) => {
    await run(model(before));
    expect(await plan(model(after))).toEqual({ scorer: `run: ${reason}` });
  });

  it("an expression, as it is written", async () => {
    const burden = (right: string) => ({
      derive: {
        burden: {
          is: "binary",
          op: "/",
          left: { is: "column", name: "amount" },
          right: { is: "column", name: right },
        },
      },
    });
    await run(model(burden("income")));
    expect(await plan(model(burden("salary")))).toEqual({
      scorer: "run: derive.burden: amount / income → amount / salary",
    });
  });

  it("a column of the schema", async () => {
    const column = { name: "income", type: "float", nullable: false, role: null, min: 0, doc: null };
    await run(model({ schema: [column] }));
    expect(await plan(model({ schema: [{ ...column, nullable: true }] }))).toEqual({
      scorer: "run: schema.income: float min 0 → float nullable min 0",
    });
  });

  it("the file that changed, relative to the project", async () => {
    const written = program({ id: "file.loans", props: { path: "loans.csv" } });
    const file = join(bench.project, "loans.csv");
    writeFileSync(file, "a,b\n1,2\n");
    await run(written);
    expect(await plan(written)).toEqual({ loans: "reuse: unchanged" });
    writeFileSync(file, "a,b\n1,3\n");
    expect(await plan(written)).toEqual({ loans: "run: file loans.csv changed" });
    rmSync(file);
    expect(await plan(written)).toEqual({ loans: "run: file loans.csv is missing" });
  });

  it("the step above whose output changed", async () => {
    const written = program(
      { id: "file.loans", props: { path: "loans.csv" } },
      { id: "work.a", props: { from: ref("file.loans") } },
    );
    writeFileSync(join(bench.project, "loans.csv"), "1");
    await run(written);
    writeFileSync(join(bench.project, "loans.csv"), "2");
    expect(await plan(written)).toMatchObject({ a: "run: file loans runs first" });
    const { report } = await run(written);
    expect(report.steps.map(({ why }) => why)).toEqual([
      ["file loans.csv changed"],
      ["file loans changed its output"],
    ]);
  });

  it("another reference", async () => {
    const two = [{ id: "work.a" }, { id: "work.b", props: { n: 1 } }];
    await run(program(...two, { id: "work.c", props: { from: ref("work.a") } }));
    expect((await plan(program(...two, { id: "work.c", props: { from: ref("work.b") } })))["c"]).toBe(
      "run: from: a → b",
    );
  });

  it("another part of the same reference", async () => {
    const of = (part: string) =>
      program({ id: "work.a" }, { id: "work.b", props: { from: ref("work.a", part) } });
    await run(of("train"));
    expect((await plan(of("test")))["b"]).toBe("run: from: a.train → a.test");
  });

  it("a new way of carrying the step out", async () => {
    await run(model({}));
    const newer: StepExecutor = { kind: "work", version: 2, load: async () => write };
    expect(await plan(model({}), new Map([["work", newer]]))).toEqual({
      scorer: "run: this mlops carries the step out in a new way (version 1 → 2)",
    });
  });

  it("a pinned fact, and an effect outside that is gone", async () => {
    const outside = { champion: "v1", present: true };
    const { executors: table } = executorsOf(write, [
      {
        kind: "gate",
        version: 1,
        externals: () => ({ facts: { champion: outside.champion } }),
        effectPresent: () => outside.present,
        load: async () => write,
      },
    ]);
    const written = program({ id: "gate.ready" });
    await run(written, table);
    outside.present = false;
    expect(await plan(written, table)).toEqual({ ready: "run: what it left outside is gone" });
    outside.champion = "v2";
    expect(await plan(written, table)).toEqual({ ready: "run: champion: v1 → v2" });
  });

  it("that the very same input was refused before, so that what follows stays blocked", async () => {
    const { executors: refusing } = executorsOf(async (context) =>
      context.declaration.name === "gate" ? { outputs: {}, summary: {}, verdict: "failed" } : write(context),
    );
    const written = program(
      { id: "work.gate" },
      { id: "work.release", props: { from: ref("work.gate") } },
      { id: "work.served", props: { from: ref("work.release") } },
    );
    await run(written, refusing);
    expect(await plan(written, refusing)).toEqual({
      gate: "run: it failed last time",
      release: "blocked: work gate said no to the very same input",
      served: "blocked: work release is blocked",
    });
  });
});

describe("nothing runs again for", () => {
  const original = program(
    { id: "work.rows", props: { n: 1 } },
    {
      id: "work.fitted",
      props: {
        from: ref("work.rows", "train"),
        metrics: ["f1", "auc"],
        require: [{ condition: "a" }, { condition: "b" }],
      },
    },
  );
  it.each<[string, Program]>([
    [
      "another order of declarations, attributes, sets and rules",
      program(
        {
          id: "work.fitted",
          props: {
            require: [{ condition: "b" }, { condition: "a" }],
            metrics: ["auc", "f1"],
            from: ref("work.rows", "train"),
          },
        },
        { id: "work.rows", props: { n: 1 } },
      ),
    ],
    [
      "new names",
      program(
        { id: "work.lines", props: { n: 1 } },
        {
          id: "work.scaled",
          props: {
            from: ref("work.lines", "train"),
            metrics: ["f1", "auc"],
            require: [{ condition: "a" }, { condition: "b" }],
          },
        },
      ),
    ],
  ])("%s", async (_, changed) => {
    await run(original);
    expect(new Set(Object.values(await plan(changed)).map((line) => line.split(":")[0]))).toEqual(
      new Set(["reuse"]),
    );
  });

  it("a value that was set before", async () => {
    await run(model({ depth: 4 }));
    await run(model({ depth: 5 }));
    expect(await plan(model({ depth: 4 }))).toEqual({ scorer: "reuse: as work scorer in run r1" });
  });
});

describe("what has an order", () => {
  it("runs again when it changes", async () => {
    await run(model({ layers: ["dense", "relu"] }));
    expect((await plan(model({ layers: ["relu", "dense"] })))["scorer"]).toMatch(/^run: layers/);
  });
});

describe("after a rename", () => {
  it("finds the declaration again and tells only what changed besides", async () => {
    const of = (name: string, depth: number) =>
      program({ id: "work.rows" }, { id: `work.${name}`, props: { depth, from: ref("work.rows") } });
    await run(of("scorer", 4));
    expect(await plan(of("approver", 4))).toMatchObject({
      approver: "reuse: unchanged since it was work scorer",
    });
    expect(await plan(of("approver", 5))).toMatchObject({ approver: "run: depth: 4 → 5" });
  });

  it("does not tell the new name of what a step reads", async () => {
    const of = (name: string, depth: number) =>
      program({ id: `work.${name}` }, { id: "work.scorer", props: { depth, from: ref(`work.${name}`) } });
    await run(of("rows", 4));
    expect((await plan(of("lines", 5)))["scorer"]).toBe("run: depth: 4 → 5");
  });
});
