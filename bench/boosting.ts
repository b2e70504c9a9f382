/**
 * Boosting beside LightGBM and scikit-learn's HistGradientBoosting: the same data, parameters and number of threads
 * (2), in turn, median of the rounds. Times hold binning and training. Data is made from a seed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fitBoostedTrees } from "../runtime/learn/boosting/boost.ts";
import { rawOutputs } from "../runtime/learn/raw.ts";
import { type BenchData, makeData, type Shape } from "./boosting-data.ts";
import { median } from "./statistics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const ROUNDS = 100;
const THREADS = 2;
/** LightGBM's time, how many times over, and AUC that may be lost. */
const BAR = { time: 2, auc: 0.003 };

const CASES: readonly { readonly name: string; readonly shape: Shape; readonly runs: number }[] = [
  {
    name: "32k × 14, mixed",
    shape: { rows: 32_000, held: 16_000, numbers: 8, categories: [2, 3, 7, 15, 40, 100], missing: 0.05 },
    runs: 7,
  },
  {
    name: "1M × 20, numbers",
    shape: { rows: 1_000_000, held: 100_000, numbers: 20, categories: [], missing: 0 },
    runs: 3,
  },
];

interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly auc: number;
}

async function ours(data: BenchData): Promise<Run> {
  const start = performance.now();
  const before = process.cpuUsage();
  const options = {
    trees: ROUNDS,
    depth: 6,
    leaves: 31,
    rate: 0.1,
    min_rows: 20,
    l2: 0,
    bins: 255,
    rows: 1,
    columns: 1,
    patience: 20,
    class_weights: "none",
  } as const;
  const hooks = {
    seed: 1,
    threads: THREADS,
    signal: new AbortController().signal,
    resume: null,
    columns: [],
    layers: null,
    log: () => undefined,
    progress: () => undefined,
    track: () => undefined,
  };
  const { learner } = await fitBoostedTrees(data.train, data.labels, options, hooks);
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6, auc: auc(rawOutputs(learner, data.test), data.testLabels) };
}

/** A peer's process, which makes one run for each line it is sent. */
function peer(name: string, folder: string, runs: number): { run(): Promise<Run>; end(): void } {
  const child = spawn(python, [join(root, "bench/boosting.py"), name, folder, String(ROUNDS), String(runs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async () => {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended early`);
      return JSON.parse(value) as Run;
    },
    end: () => void child.stdin.end(),
  };
}

/** Area under the ROC curve of scores without ties to speak of. */
function auc(scores: Float64Array, labels: Float64Array): number {
  const order = Array.from(labels.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  order.forEach((row, i) => {
    if (labels[row] !== 1) return;
    ranks += i + 1;
    positives++;
  });
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}

let missed = false;
for (const { name, shape, runs } of CASES) {
  const folder = mkdtempSync(join(tmpdir(), "mlops-boosting-"));
  const data = makeData(shape, folder);
  const lightgbm = peer("lightgbm", folder, runs);
  const sklearn = peer("sklearn", folder, runs);
  const all: Record<"mlops" | "lightgbm" | "sklearn", Run[]> = { mlops: [], lightgbm: [], sklearn: [] };
  for (let run = 0; run < runs; run++) {
    all.mlops.push(await ours(data));
    all.lightgbm.push(await lightgbm.run());
    all.sklearn.push(await sklearn.run());
  }
  lightgbm.end();
  sklearn.end();
  rmSync(folder, { recursive: true });
  console.log(`${name}, ${ROUNDS} rounds, ${THREADS} threads, median of ${runs}`);
  const middle = (who: keyof typeof all, what: keyof Run) => median(all[who].map((run) => run[what]));
  for (const who of ["mlops", "lightgbm", "sklearn"] as const) {
    const [wall, cpu, area] = (["wall", "cpu", "auc"] as const).map((what) => middle(who, what)) as [
      number,
      number,
      number,
    ];
    console.log(
      `  ${who.padEnd(9)} ${wall.toFixed(2).padStart(6)} s  CPU ${cpu.toFixed(2).padStart(6)} s  AUC ${area.toFixed(4)}`,
    );
  }
  const ratio = (who: "lightgbm" | "sklearn", what: "wall" | "cpu") =>
    median(all.mlops.map((run, i) => run[what] / all[who][i]![what]));
  const lost = middle("lightgbm", "auc") - middle("mlops", "auc");
  console.log(
    `  ratio to LightGBM: time ${ratio("lightgbm", "wall").toFixed(2)} (bar: at most ${BAR.time}), CPU ${ratio("lightgbm", "cpu").toFixed(2)}, AUC ${(-lost).toFixed(4)}; to scikit-learn: time ${ratio("sklearn", "wall").toFixed(2)}, CPU ${ratio("sklearn", "cpu").toFixed(2)}`,
  );
  if (ratio("lightgbm", "wall") > BAR.time || lost > BAR.auc) missed = true;
}
if (missed) console.log("The bar was missed.");
