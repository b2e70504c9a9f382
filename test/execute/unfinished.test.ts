/** What an interrupted step leaves for its next attempt. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../runtime/execute/run.ts";
import { collectGarbage } from "../../runtime/store/gc.ts";
import { type Bench, executorsOf, program, project, type Work, write } from "./support.ts";

let bench: Bench;
beforeEach(() => {
  bench = project();
});
afterEach(() => bench.close());

let folder = "";
const stops = new Set<string>();
/** Writes a line where it goes on from; the first attempt is interrupted, or fails. */
const work: Work = async (context) => {
  folder = context.resume;
  if (stops.delete("at once")) throw new Error("no data yet");
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, "lines"), "x");
  if (stops.delete("interrupt")) interrupt.abort();
  context.signal.throwIfAborted();
  if (stops.delete("fail")) throw new Error("the disk is full");
  return { ...(await write(context)), summary: { lines: readFileSync(join(folder, "lines"), "utf8") } };
};
let interrupt = new AbortController();

async function run(n = 1) {
  interrupt = new AbortController();
  const place = bench.place(program({ id: "work.a", props: { n } }), executorsOf(work).executors);
  const { steps } = await runProgram({ ...place, signal: interrupt.signal });
  return steps[0]!;
}

const collect = (within: number, dryRun = false) =>
  collectGarbage(bench.store, { roots: [], keep: 0, within, dryRun, grace: -60 });

describe("what a step keeps of unfinished work", () => {
  it.each(["interrupt", "fail"])(
    "is there for the next attempt (%s), and gone when that succeeds",
    async (how) => {
      stops.add(how);
      expect((await run()).status).toBe(how === "fail" ? "failed" : "interrupted");
      expect(existsSync(folder)).toBe(true);
      const { status, result } = await run();
      expect([status, result?.summary["lines"]]).toEqual(["ran", "xx"]);
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("is of the step's key: another meaning begins anew", async () => {
    stops.add("fail");
    await run(1);
    const first = folder;
    expect((await run(2)).result?.summary["lines"]).toBe("x");
    expect(existsSync(first)).toBe(true);
  });

  it("is left alone by gc while it is young, and collected when it is old", async () => {
    stops.add("fail");
    await run();
    expect(collect(3600).unfinished).toBe(0);
    expect(collect(-60, true)).toMatchObject({ unfinished: 1, bytes: expect.any(Number) });
    expect(existsSync(folder)).toBe(true);
    expect(collect(-60).unfinished).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  it("is collected when its step has finished all the same: the process died in between", async () => {
    await run();
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, "lines"), "x");
    expect(collect(3600)).toMatchObject({ unfinished: 1 });
    expect(existsSync(folder)).toBe(false);
  });

  it("is renewed by whoever goes on from it", async () => {
    stops.add("fail");
    await run();
    for (const path of [join(folder, "lines"), folder]) utimesSync(path, 0, 0);
    stops.add("at once");
    await run();
    expect(collect(3600).unfinished).toBe(0);
  });
});
