/** Clients that exist speak to the server: MLflow's scoring client and Triton's (Open Inference Protocol). */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { compileRow } from "../../runtime/portable/predict.ts";
import { startServer } from "../../runtime/serve/server.ts";
import { binaryModel, deployed, goodRow } from "../serve/model.ts";

const here = dirname(fileURLToPath(import.meta.url));
const PACKAGES = ["mlflow-skinny==3.17.2", "pandas==3.1.1", "scipy==1.16.3", "tritonclient[http]==2.73.0"];

/** A virtual environment of their own, as their dependencies clash with the peers'; null where it cannot be made. */
function clients(): string | null {
  const python = process.env["MLOPS_PYTHON"];
  if (python === undefined) return null;
  const folder = join(here, "../../node_modules/.cache/mlops-serving-clients");
  const own = join(folder, "bin/python");
  const stamp = join(folder, PACKAGES.join(" ").replaceAll(/[^\w.=-]/g, "_"));
  if (existsSync(stamp)) return own;
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(python, ["-m", "venv", folder]);
  const installed = spawnSync(own, [
    "-m",
    "pip",
    "install",
    "-q",
    "--disable-pip-version-check",
    ...PACKAGES,
  ]);
  if (made.status !== 0 || installed.status !== 0) {
    console.warn("clients that exist: skipped, MLflow's and Triton's clients cannot be installed");
    return null;
  }
  writeFileSync(stamp, "");
  return own;
}

const python = clients();
const rows = [
  { ...goodRow },
  { age: 18, area: null, employed: false, grade: "C", income: 0, since: "1999-12-31" },
  { ...goodRow, area: "Zoë 東", income: 12345.678901234567 },
];

interface Answers {
  readonly mlflow: readonly string[];
  readonly mlflow_refusal: string;
  readonly live: boolean;
  readonly ready: boolean;
  readonly metadata: { readonly versions: readonly string[] };
  readonly triton: {
    readonly id: string;
    readonly label: readonly string[];
    readonly probabilities: readonly number[][];
  };
  readonly triton_refusal: string;
}

describe.skipIf(python === null)("clients that exist", () => {
  it("get the predictions of the direct evaluator, bit for bit, and readable refusals", async () => {
    const server = await startServer({ deployments: [deployed()], version: "0", host: "127.0.0.1", port: 0 });
    try {
      const args = [join(here, "serve.py"), server.address, "loans", JSON.stringify(rows)];
      const { stdout } = await promisify(execFile)(python as string, args, { timeout: 120_000 });
      const answers = JSON.parse(stdout) as Answers;
      const expected = rows.map((row) => compileRow(binaryModel)(row));
      const labels = expected.map((one) => one.label);
      expect(answers.mlflow).toEqual(labels);
      expect(answers.mlflow_refusal).toContain('age is \\"old\\"; expected a whole number from 18 to 120.');
      expect(answers).toMatchObject({ live: true, ready: true, metadata: { versions: ["3"] } });
      expect(answers.triton).toEqual({
        id: "42",
        label: labels,
        probabilities: expected.map((one) => [...one.probabilities!]),
      });
      expect(answers.triton_refusal).toContain("binary");
    } finally {
      await server.close(0);
    }
  });
});
