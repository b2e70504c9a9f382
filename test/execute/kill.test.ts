import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runs } from "../../runtime/store/runs.ts";
import { openStore } from "../../runtime/store/store.ts";
import { inspectRemains, killAtRandomMoments, startChild, statusesOf, takeLog } from "./kills.ts";
import { STEPS } from "./pipeline.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "mlops-kill-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

describe("kill -9", () => {
  it("at random moments loses nothing, and the next run completes", async () => {
    const { faults, kills, midway } = await killAtRandomMoments(project, 20);
    expect(faults).toEqual([]);
    expect(kills).toBe(20);
    expect(midway).toBeGreaterThan(0);
  });

  it("leaves a run that is listed as killed, and no temporary files after the next one", async () => {
    const child = startChild(project, 0, 200);
    await child.ready;
    await sleep(300);
    child.process.kill("SIGKILL");
    await child.ended;
    const store = openStore(join(project, ".mlops"));
    expect(new Runs(store.database).find("last")?.status).toBe("killed");
    store.close();
    expect((await startChild(project, 0).ended).code).toBe(0);
    expect(readdirSync(join(project, ".mlops/tmp"))).toEqual([]);
  });
});

describe("Ctrl-C", () => {
  it("ends a run with 130; the next one goes on", async () => {
    const child = startChild(project, 0, 100);
    await child.ready;
    await sleep(250);
    child.process.kill("SIGINT");
    const { code, out } = await child.ended;
    expect(code).toBe(130);
    expect(Object.values(statusesOf(out))).toContain("interrupted");
    const { recorded, faults } = inspectRemains(project, 0);
    expect(faults).toEqual([]);
    takeLog(project);
    expect((await startChild(project, 0).ended).code).toBe(0);
    expect(takeLog(project).filter((name) => recorded.includes(name))).toEqual([]);
  });
});

describe("two processes on one project", () => {
  it("carry every step out once between them, and both complete", async () => {
    const two = [startChild(project, 0, 30), startChild(project, 0, 30)];
    const [one, other] = await Promise.all(two.map(({ ended }) => ended));
    expect([one?.err, other?.err, one?.code, other?.code]).toEqual(["", "", 0, 0]);
    expect(takeLog(project).sort()).toHaveLength(STEPS);
    const ran = [one, other].flatMap((end) =>
      Object.values(statusesOf(end!.out)).filter((status) => status === "ran"),
    );
    expect(ran).toHaveLength(STEPS);
    expect(inspectRemains(project, 0).faults).toEqual([]);
  });

  it("take over from each other when one is killed", async () => {
    const [first, second] = [startChild(project, 0, 60), startChild(project, 0, 60)];
    await Promise.all([first.ready, second.ready]);
    await sleep(150);
    first.process.kill("SIGKILL");
    await first.ended;
    const { code, err } = await second.ended;
    expect([code, err]).toEqual([0, ""]);
    expect(inspectRemains(project, 0).recorded).toHaveLength(STEPS);
  });
});
