/** The long form of test/execute/kill.test.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { killAtRandomMoments } from "../execute/kills.ts";

it("200 kills at random moments lose nothing, and the next run completes", { timeout: 600_000 }, async () => {
  const project = mkdtempSync(join(tmpdir(), "mlops-kills-"));
  try {
    const { faults, kills, midway } = await killAtRandomMoments(project, 200);
    expect(faults).toEqual([]);
    expect(kills).toBe(200);
    expect(midway).toBeGreaterThan(20);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
