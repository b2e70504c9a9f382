/** The most memory that `mlops check` of a spec of 50,000 lines holds, the whole process with Node in it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { largeSpec } from "./large-spec.ts";
import { median } from "./statistics.ts";

const RUNS = 5;
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mlops-memory-"));
const report = join(folder, "report.mjs");

function megabytes(args: readonly string[]): number {
  const { status, stderr } = spawnSync(process.execPath, ["--import", report, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024;
}

try {
  // Kilobytes, by the system's own count.
  writeFileSync(
    report,
    'process.on("exit", () => console.error("maxRSS", process.resourceUsage().maxRSS));\n',
  );
  for (const lines of [1_000, 10_000, 50_000]) {
    writeFileSync(join(folder, "spec.mlops"), largeSpec(lines));
    const runs = Array.from({ length: RUNS }, () =>
      megabytes([join(root, "bin/mlops.js"), "check", "spec.mlops"]),
    );
    const bar = lines === 50_000 ? " (bar: at most 150)" : "";
    console.log(`${String(lines).padStart(6)} lines ${median(runs).toFixed(0).padStart(5)} MB${bar}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
