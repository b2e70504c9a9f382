/** samples/command through the command line: a log, a program, rows, another program. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copySample, mlops, ROOT, run, statuses } from "../samples/mlops.ts";

describe("samples/command", () => {
  it("checks without a finding and is in the one layout", async () => {
    const spec = join(ROOT, "samples/command/command.mlops");
    expect(JSON.parse((await mlops(["check", spec, "--json"])).out)).toEqual({ diagnostics: [] });
    expect((await mlops(["fmt", "--check", spec])).status).toBe(0);
  });

  it("runs, shows what programs print, and is reused until the log changes", async () => {
    const { folder, spec, remove } = copySample("command");
    try {
      const first = await mlops(["run", spec]);
      expect(first.status).toBe(0);
      expect(first.err).toContain("step.parsed: visits: 8, other lines: 1");
      expect(new Set(Object.values(statuses(await run(spec))))).toEqual(new Set(["reused"]));
      const log = join(folder, "visits.txt");
      writeFileSync(log, readFileSync(log, "utf8").replace("-- restarted --\n", ""));
      expect(statuses(await run(spec))).toEqual({ parsed: "ran", visits: "reused", summary: "reused" });
      writeFileSync(log, readFileSync(log, "utf8").replace("kiosk=west visitor=52", "visitor=52 kiosk=east"));
      expect(statuses(await run(spec))).toEqual({ parsed: "ran", visits: "ran", summary: "ran" });
    } finally {
      remove();
    }
  });

  it("points at the spec's line when a program fails", async () => {
    const { folder, spec, remove } = copySample("command");
    try {
      writeFileSync(join(folder, "parse.mjs"), 'console.error("no visits here"); process.exit(4);');
      const { status, err } = await mlops(["run", spec]);
      expect(status).toBe(3);
      expect(err).toContain("Mend `node parse.mjs`: it ended with exit code 4, saying: no visits here");
      expect(err).toContain('run = ["node", "parse.mjs", "{visits}", "{rows}"]');
    } finally {
      remove();
    }
  });
});
