import { utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../runtime/execute/run.ts";
import { collectGarbage, type GarbageOptions, verifyStore } from "../../runtime/store/gc.ts";
import { Runs } from "../../runtime/store/runs.ts";
import { type Bench, executorsOf, program, project } from "../execute/support.ts";

let bench: Bench;
beforeEach(() => {
  bench = project();
});
afterEach(() => bench.close());

const { executors } = executorsOf();
const run = (n: number) =>
  runProgram({
    ...bench.place(program({ id: "work.a", props: { n } }), executors),
    signal: new AbortController().signal,
  });

const collect = (options: Partial<GarbageOptions> = {}) =>
  collectGarbage(bench.store, { roots: [], keep: 1, within: -60, dryRun: false, grace: -60, ...options });

const outputOf = async (n: number) => (await run(n)).steps[0]!.result!.outputs["rows"]!;

describe("collectGarbage", () => {
  it("removes what only old runs used, and keeps what the newest used", async () => {
    const old = await outputOf(1);
    const kept = await outputOf(2);
    const { runs, steps, objects } = collect();
    // The artifact and the program of run r1.
    expect({ runs, steps, objects }).toEqual({ runs: 1, steps: 1, objects: 2 });
    expect([bench.store.has(old), bench.store.has(kept)]).toEqual([false, true]);
    expect((await run(2)).report.steps[0]?.status).toBe("reused");
    expect((await run(1)).report.steps[0]?.status).toBe("ran");
  });

  it("keeps what was used lately, whatever the number of runs", async () => {
    await run(1);
    await run(2);
    expect(collect({ within: 3600 })).toMatchObject({ runs: 0, steps: 0, objects: 0 });
  });

  it("keeps roots: the files of registered versions", async () => {
    const released = await outputOf(1);
    await run(2);
    collect({ roots: [released] });
    expect(bench.store.has(released)).toBe(true);
  });

  it("leaves objects alone that were written just now: a running step may be about to name them", async () => {
    const fresh = await bench.store.put("not yet named by any record");
    collect({ grace: 3600 });
    expect(bench.store.has(fresh)).toBe(true);
    collect();
    expect(bench.store.has(fresh)).toBe(false);
  });

  it("renews the time of an old object that is put again", async () => {
    const digest = await bench.store.put("old");
    utimesSync(bench.store.path(digest), 0, 0);
    await bench.store.put("old");
    collect({ grace: 3600 });
    expect(bench.store.has(digest)).toBe(true);
  });

  it("takes nothing from a run that goes on", async () => {
    await run(1);
    await run(2);
    new Runs(bench.store.database).start({ spec: "x", program: await bench.store.put("{}"), params: {} });
    const fresh = await bench.store.put("of the run that goes on");
    expect(collect({ keep: 0 })).toMatchObject({ steps: 2 - 1 });
    expect(bench.store.has(fresh)).toBe(true);
    expect((await run(2)).report.steps[0]?.status).toBe("reused");
  });

  it("only counts with dryRun", async () => {
    const old = await outputOf(1);
    await run(2);
    const counted = collect({ dryRun: true });
    expect(bench.store.has(old)).toBe(true);
    expect(new Runs(bench.store.database).list()).toHaveLength(2);
    expect(collect()).toEqual(counted);
  });
});

describe("verifyStore", () => {
  it("names each damaged object and the step that made it", async () => {
    const digest = await outputOf(1);
    expect(await verifyStore(bench.store)).toEqual([]);
    writeFileSync(bench.store.path(digest), "something else");
    expect(await verifyStore(bench.store)).toEqual([{ digest, origin: "`rows` of work.a (run r1)" }]);
  });
});

describe("a damaged artifact", () => {
  it("is named by the next run, and made anew", async () => {
    const digest = await outputOf(1);
    writeFileSync(bench.store.path(digest), "something else");
    const { report, exit } = await run(1);
    expect(report.steps[0]).toMatchObject({
      status: "ran",
      why: [`its artifact rows is damaged (${digest})`],
    });
    expect(report.diagnostics).toMatchObject([
      { code: "ML8008", declaration: "work.a", values: { name: "rows" } },
    ]);
    expect(exit).toBe(0);
    expect(bench.store.check(digest)).toBe("whole");
  });
});
