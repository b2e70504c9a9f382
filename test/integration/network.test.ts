/** Networks beside scikit-learn's MLPClassifier and MLPRegressor: the same layers, data, batches and number of passes. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { binaryAuc } from "../../runtime/evaluate/metrics/ranking.ts";
import { everyRow } from "../../runtime/evaluate/scored.ts";
import type { Frame, LearnHooks, Target } from "../../runtime/learn/frame.ts";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import { VARIANTS } from "../../runtime/learn/variants.ts";
import { accuracy, frameOf, hooks, numeric } from "../learn/frames.ts";

interface Case {
  readonly task: Target["task"];
  readonly columns: number[][];
  readonly y: number[];
  readonly train: boolean[];
  readonly epochs: number;
  /** Area under the ROC curve, accuracy of classes, or R²: the mean of three seeds. */
  readonly score: number;
}

const python = process.env["MLOPS_PYTHON"];
const here = fileURLToPath(new URL(".", import.meta.url));
const data = join(here, "../../../shared/data");
const withData = existsSync(join(data, "german-credit.csv"));
let cases: Record<string, Case>;

beforeAll(() => {
  if (python === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "mlops-network-"));
  const out = join(folder, "cases.json");
  const args = [join(here, "network.py"), out, ...(withData ? [data] : [])];
  const { status, stderr } = spawnSync(python, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  cases = JSON.parse(readFileSync(out, "utf8")) as Record<string, Case>;
  rmSync(folder, { recursive: true });
});

const name = (j: number) => `x${String(j).padStart(3, "0")}`;

/** The rows that are of the training part, or the others. */
function partOf({ task, columns, y, train }: Case, training: boolean): { frame: Frame; target: Target } {
  const taken = (values: readonly number[]) => values.filter((_, row) => train[row] === training);
  const labels = taken(y);
  const classes =
    task === "regression" ? [] : Array.from({ length: Math.max(...y) + 1 }, (_, k) => `class ${k}`);
  return {
    frame: frameOf(labels.length, ...columns.map((values, j) => numeric(name(j), taken(values)))),
    target: { task, values: Float64Array.from(labels), classes },
  };
}

/** The mean score of three seeds. */
async function scoreOf(one: Case, props: object, more: Partial<LearnHooks> = {}): Promise<number> {
  const [train, test] = [partOf(one, true), partOf(one, false)];
  let sum = 0;
  for (const seed of [1, 2, 3]) {
    const given = { data: { ref: "dataset.x" }, epochs: one.epochs, ...props, seed };
    const fitting = VARIANTS.network.fit(
      given,
      train.frame,
      train.target,
      { ...hooks(seed).hooks, ...more },
      null,
    );
    const { learner } = await fitting;
    const { values } = test.target;
    const raw = rawOutputs(learner, test.frame);
    if (one.task === "multiclass") sum += accuracy(learner, test.frame, test.target);
    else if (one.task === "binary") sum += binaryAuc(raw, values, 1)(everyRow(values.length))!;
    else {
      const mean = values.reduce((total, y) => total + y, 0) / values.length;
      const error = raw.reduce((total, y, i) => total + (y - values[i]!) ** 2, 0);
      sum += 1 - error / values.reduce((total, y) => total + (y - mean) ** 2, 0);
    }
  }
  return sum / 3;
}

/** scikit-learn's Adam. */
const LIKE_PEER = {
  hidden: [32, 16],
  batch: 64,
  optimizer: { call: "adamw", args: { lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0 } },
  schedule: { call: "constant", args: { warmup: 0 } },
};

describe.skipIf(python === undefined)("a network over columns is as good as scikit-learn's", () => {
  it.each(["moons", "Friedman 1", "digits", ...(withData ? ["German credit", "loans"] : [])])(
    "%s",
    async (which) => {
      const one = cases[which]!;
      const score = await scoreOf(one, LIKE_PEER);
      console.log(`${which}: ${score.toFixed(4)}, scikit-learn ${one.score.toFixed(4)}`);
      expect(score).toBeGreaterThan(one.score - 0.015);
    },
  );

  it("and one of convolutions better on images", async () => {
    const one = cases["digits"]!;
    const layers: Layer[] = [
      { layer: "conv2d", args: { filters: 16, size: 3, activation: "relu" } },
      { layer: "max_pool", args: { size: 2 } },
      { layer: "flatten", args: {} },
      { layer: "dense", args: { units: 32, activation: "relu" } },
    ];
    const image = { architecture: { ref: "architecture.small" }, image: { height: 8, width: 8 } };
    const columns = one.columns.map((_, j) => name(j));
    const score = await scoreOf(one, { ...LIKE_PEER, ...image }, { layers, columns });
    console.log(
      `digits, convolutions: ${score.toFixed(4)}, scikit-learn's dense layers ${one.score.toFixed(4)}`,
    );
    expect(score).toBeGreaterThan(Math.max(0.97, one.score));
  });
});
