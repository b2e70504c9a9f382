/**
 * A cold `mlops run` of the loan sample (no state) against a Python script doing the same with pandas and
 * scikit-learn: whole processes, in turn, median of the pairs' ratios. Ours also exports to ONNX, checks the export, computes
 * bootstrap intervals and draws plots.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const RUNS = 7;

const work = mkdtempSync(join(tmpdir(), "mlops-cold-"));
cpSync(join(root, "samples/loan"), join(work, "loan"), {
  recursive: true,
  filter: (path) => (!path.includes(".mlops/") && !path.endsWith(".mlops")) || path.endsWith("loan.mlops"),
});

function seconds(program: string, args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, CI: "1" } });
  const took = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return took;
}

function ours(): number {
  rmSync(join(work, "loan/.mlops"), { recursive: true, force: true });
  return seconds(process.execPath, [
    join(root, "bin/mlops.js"),
    "run",
    join(work, "loan/loan.mlops"),
    "--json",
  ]);
}
const theirs = () =>
  seconds(python, [join(root, "bench/cold-run.py"), join(work, "loan/data/loan-prediction.csv"), work]);

ours();
theirs();
const pairs = Array.from({ length: RUNS }, () => ({ ours: ours(), theirs: theirs() }));
rmSync(work, { recursive: true, force: true });
const ratio = median(pairs.map((pair) => pair.ours / pair.theirs));
console.log(`cold run of the loan sample      mlops ${median(pairs.map((p) => p.ours)).toFixed(2)} s`);
console.log(`pandas + scikit-learn script    python ${median(pairs.map((p) => p.theirs)).toFixed(2)} s`);
console.log(`ratio ${ratio.toFixed(2)} (bar: at most 0.50)`);
