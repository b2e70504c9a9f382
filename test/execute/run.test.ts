import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Program } from "../../language/ir/program.ts";
import type { RunEvent } from "../../runtime/execute/events.ts";
import { type RunOutcome, runProgram } from "../../runtime/execute/run.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import type { Executors } from "../../runtime/plan/inspect.ts";
import { Runs } from "../../runtime/store/runs.ts";
import { type Bench, executorsOf, program, project, ref, slowly, type Work, write } from "./support.ts";

let bench: Bench;
beforeEach(() => {
  bench = project();
});
afterEach(() => bench.close());

function run(
  written: Program,
  executors: Executors,
  more: {
    signal?: AbortSignal;
    parallel?: number;
    threads?: number;
    onEvent?: (event: RunEvent) => void;
  } = {},
): Promise<RunOutcome> {
  return runProgram({ ...bench.place(written, executors), signal: new AbortController().signal, ...more });
}

const statuses = ({ report }: RunOutcome) =>
  Object.fromEntries(report.steps.map(({ name, status }) => [name, status]));
const why = ({ report }: RunOutcome, name: string) => report.steps.find((step) => step.name === name)?.why;

const chain = program(
  { id: "work.a", props: { depth: 4 } },
  { id: "work.b", props: { from: ref("work.a") } },
  { id: "work.c", props: { from: ref("work.b") } },
);

describe("runProgram", () => {
  it("runs every step once and reuses all of them the next time", async () => {
    const { executors, calls } = executorsOf();
    const first = await run(chain, executors);
    expect(statuses(first)).toEqual({ a: "ran", b: "ran", c: "ran" });
    expect(first.report).toMatchObject({ run: "r1", status: "passed" });
    expect(first.exit).toBe(0);
    const second = await run(chain, executors);
    expect(statuses(second)).toEqual({ a: "reused", b: "reused", c: "reused" });
    expect(why(second, "b")).toEqual(["unchanged"]);
    expect(calls).toEqual({ a: 1, b: 1, c: 1 });
  });

  it("gives a step the results of everything above it", async () => {
    const seen: Record<string, string[]> = {};
    const { executors } = executorsOf(async (context) => {
      seen[context.declaration.name] = [...context.inputs.keys()].sort();
      return write(context);
    });
    await run(chain, executors);
    expect(seen).toEqual({ a: [], b: ["work.a"], c: ["work.a", "work.b"] });
  });

  it("reuses a step whose upstream ran again and came to the same bytes", async () => {
    const same = (depth: number) =>
      program(
        { id: "work.a", props: { depth, output: "always this" } },
        { id: "work.b", props: { from: ref("work.a") } },
      );
    const { executors, calls } = executorsOf();
    await run(same(4), executors);
    const second = await run(same(5), executors);
    expect(statuses(second)).toEqual({ a: "ran", b: "reused" });
    expect(why(second, "b")).toContain("work a ran and came to the same");
    expect(calls).toEqual({ a: 2, b: 1 });
  });

  it("sees through a step: what stands above it counts although its own bytes are the same", async () => {
    const rows = (value: string) =>
      program(
        { id: "work.rows", props: { value } },
        { id: "work.fitted", props: { from: ref("work.rows"), output: "the same transform" } },
        { id: "work.scored", props: { from: ref("work.fitted") } },
      );
    const { executors } = executorsOf();
    await run(rows("one"), executors);
    expect(statuses(await run(rows("two"), executors))).toEqual({
      rows: "ran",
      fitted: "ran",
      scored: "ran",
    });
  });

  it("runs independent steps side by side, and no more than it may", async () => {
    let now = 0;
    let most = 0;
    const { executors } = executorsOf(async (context) => {
      now += 1;
      most = Math.max(most, now);
      await slowly(20)(context);
      now -= 1;
      return write(context);
    });
    const six = program(...[1, 2, 3, 4, 5, 6].map((n) => ({ id: `work.w${n}`, props: { n } })));
    await run(six, executors, { parallel: 2 });
    expect(most).toBe(2);
  });

  it("shares the threads among the steps that run side by side", async () => {
    const threads: number[] = [];
    const { executors } = executorsOf(async (context) => {
      threads.push(context.threads);
      await slowly(20)(context);
      return write(context);
    });
    await run(program({ id: "work.a", props: { n: 1 } }, { id: "work.b", props: { n: 2 } }), executors, {
      threads: 8,
      parallel: 2,
    });
    expect(threads).toEqual([8, 4]);
  });

  it("carries two declarations of the same meaning out once", async () => {
    const { executors, calls } = executorsOf(slowly(30));
    const twins = program({ id: "work.a", props: { n: 1 } }, { id: "work.b", props: { n: 1 } });
    const outcome = await run(twins, executors, { parallel: 2 });
    expect(Object.values(statuses(outcome)).sort()).toEqual(["ran", "reused"]);
    expect(Object.values(calls)).toEqual([1]);
  });

  it("tells progress with a share and what is left", async () => {
    const events: RunEvent[] = [];
    const { executors } = executorsOf(async (context) => {
      context.progress(1, 4, "round 1");
      context.log("half way");
      return write(context);
    });
    await run(program({ id: "work.a" }), executors, { onEvent: (event) => void events.push(event) });
    expect(events.map(({ type }) => type)).toEqual(["start", "step", "progress", "log", "settled"]);
    expect(events[2]).toMatchObject({ id: "work.a", share: 0.25, note: "round 1" });
  });
});

describe("a step that does not pass", () => {
  const branches = program(
    { id: "work.gate", props: { n: 1 } },
    { id: "work.release", props: { from: ref("work.gate") } },
    { id: "work.served", props: { from: ref("work.release") } },
    { id: "work.other", props: { n: 2 } },
  );
  const only =
    (name: string, fail: Work): Work =>
    (context) =>
      context.declaration.name === name ? fail(context) : write(context);

  it("blocks what depends on it and lets the other branches go on", async () => {
    const { executors } = executorsOf(
      only("gate", async () => ({ outputs: {}, summary: { status: "failed" }, verdict: "failed" })),
    );
    const outcome = await run(branches, executors);
    expect(statuses(outcome)).toEqual({
      gate: "failed",
      release: "blocked",
      served: "blocked",
      other: "ran",
    });
    expect(why(outcome, "release")).toEqual(["work gate said no"]);
    expect(outcome.report.status).toBe("failed");
    expect(outcome.exit).toBe(2);
  });

  it("asks a step that said no again", async () => {
    let verdict: "failed" | "passed" = "failed";
    const { executors } = executorsOf(only("gate", async () => ({ outputs: {}, summary: {}, verdict })));
    await run(branches, executors);
    verdict = "passed";
    const second = await run(branches, executors);
    expect(statuses(second)).toEqual({ gate: "ran", release: "ran", served: "ran", other: "reused" });
    expect(why(second, "gate")).toEqual(["it failed last time"]);
  });

  it("is blocked as a whole when only evidence is missing", async () => {
    const { executors } = executorsOf(
      only("gate", async () => ({ outputs: {}, summary: {}, verdict: "insufficient" })),
    );
    const outcome = await run(branches, executors);
    expect(outcome.report.status).toBe("blocked");
    expect(why(outcome, "release")).toEqual(["work gate lacks evidence"]);
    expect(outcome.exit).toBe(2);
  });

  it("gives a StepFailure's diagnostic and its exit code", async () => {
    const diagnostic = { code: "ML4001", values: { path: "x" }, declaration: "work.gate", pointer: "/path" };
    const { executors } = executorsOf(
      only("gate", async () => {
        throw new StepFailure(diagnostic);
      }),
    );
    const outcome = await run(branches, executors);
    const [root, ...others] = outcome.report.diagnostics;
    expect(root).toEqual(diagnostic);
    // What it stops leads back to it.
    expect(new Set(others.map(({ code }) => code))).toEqual(new Set(["ML8050"]));
    expect(others[0]?.because).toEqual(diagnostic);
    expect(others[1]?.because?.because).toEqual(diagnostic);
    expect(outcome.exit).toBe(1);
  });

  it("turns an unknown error into exit code 3 and a full disk into its own diagnostic", async () => {
    let thrown: Error = new Error("boom");
    const { executors } = executorsOf(
      only("gate", async () => {
        throw thrown;
      }),
    );
    const unknown = await run(branches, executors);
    expect(unknown.exit).toBe(3);
    expect(unknown.report.diagnostics[0]).toMatchObject({ code: "ML8003", values: { reason: "boom" } });
    thrown = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect((await run(branches, executors)).report.diagnostics[0]?.code).toBe("ML8002");
    expect(statuses(await run(branches, executors))["other"]).toBe("reused");
  });

  it("skips a kind that it has no executor for", async () => {
    const { executors } = executorsOf();
    const outcome = await run(program({ id: "monitor.watch" }, { id: "work.a" }), executors);
    expect(statuses(outcome)).toEqual({ watch: "skipped", a: "ran" });
    expect(outcome.exit).toBe(0);
  });
});

describe("Ctrl-C", () => {
  it("stops with 130, and the next run goes on from what was finished", async () => {
    const interrupt = new AbortController();
    const { executors, calls } = executorsOf(async (context) => {
      if (context.declaration.name === "b" && calls["b"] === 1) {
        interrupt.abort();
        await slowly(60_000)(context);
      }
      return write(context);
    });
    const outcome = await run(chain, executors, { signal: interrupt.signal });
    expect(statuses(outcome)).toEqual({ a: "ran", b: "interrupted", c: "skipped" });
    expect(outcome.exit).toBe(130);
    expect(outcome.report.status).toBe("interrupted");
    expect(statuses(await run(chain, executors))).toEqual({ a: "reused", b: "ran", c: "ran" });
  });
});

describe("tracking", () => {
  it("keeps steps, metrics with their intervals and series of a run", async () => {
    const { executors } = executorsOf(async (context) => {
      context.track("loss", 0.5, 1);
      context.track("loss", 0.25, 2);
      const { outputs } = await write(context);
      return { outputs, summary: { metrics: { f1: 0.8, odd: null }, intervals: { f1: [0.7, 0.9] } } };
    });
    const outcome = await run(program({ id: "work.scored" }), executors);
    expect(outcome.report.metrics).toEqual({ scored: { f1: 0.8, odd: null } });
    const runs = new Runs(bench.store.database);
    const last = runs.find("last");
    expect(last).toMatchObject({ number: 1, status: "passed", spec: "test.mlops" });
    expect(runs.metrics(1)).toEqual([{ step: "scored", metric: "f1", value: 0.8, interval: [0.7, 0.9] }]);
    expect(runs.steps(1)).toMatchObject([{ declaration: "work.scored", status: "ran", why: ["first run"] }]);
  });
});
