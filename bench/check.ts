/**
 * `mlops check` of a spec of 1,000 lines, the whole process, against `node -e 0`: in turn, medians, from the bundle.
 * The first run of a build fills V8's compile cache and is not counted.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { largeSpec } from "./large-spec.ts";
import { median } from "./statistics.ts";

const RUNS = 25;
const LINES = 1_000;
const command = fileURLToPath(new URL("../bin/mlops.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mlops-check-"));

function milliseconds(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return took;
}

try {
  writeFileSync(join(folder, "spec.mlops"), largeSpec(LINES));
  const check = () => milliseconds([command, "check", "spec.mlops"]);
  check();
  const pairs = Array.from({ length: RUNS }, () => ({ node: milliseconds(["-e", "0"]), check: check() }));
  const node = median(pairs.map((pair) => pair.node));
  const ours = median(pairs.map((pair) => pair.check));
  const bar = 1.5 * node + 150;
  console.log(`node -e 0                        ${node.toFixed(0).padStart(5)} ms`);
  console.log(
    `mlops check of ${LINES} lines        ${ours.toFixed(0).padStart(5)} ms (bar: at most ${bar.toFixed(0)})`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
