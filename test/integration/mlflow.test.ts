/** A real MLflow server holds the run that `mlops run` made: read back with MLflow's own client. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copySample, mlops, ROOT, type RunReport } from "../samples/mlops.ts";

const PACKAGE = "mlflow==3.17.2";

/** A virtual environment of its own; null, and said, where it cannot be made. */
function install(): string | null {
  const base = process.env["MLOPS_PYTHON"];
  if (base === undefined) return null;
  const folder = join(ROOT, "node_modules/.cache/mlops-mlflow");
  const python = join(folder, "bin/python");
  const stamp = join(folder, PACKAGE);
  if (existsSync(stamp)) return python;
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(base, ["-m", "venv", folder]);
  const installed = spawnSync(python, ["-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE]);
  if (made.status !== 0 || installed.status !== 0) {
    console.warn(`a real MLflow server: skipped, ${PACKAGE} cannot be installed`);
    return null;
  }
  writeFileSync(stamp, "");
  return python;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

const READ = `
import json, sys
import mlflow
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name("loan")
run = client.search_runs([experiment.experiment_id])[0]
def walk(path=None):
    for one in client.list_artifacts(run.info.run_id, path):
        if one.is_dir:
            yield from walk(one.path)
        else:
            yield one.path
plot = client.download_artifacts(run.info.run_id, "scored/plots/roc.svg")
print(json.dumps({
    "name": run.info.run_name, "status": run.info.status, "params": run.data.params, "metrics": run.data.metrics,
    "tags": run.data.tags, "artifacts": sorted(walk()), "plot": open(plot).read()[:4],
}))
`;

const python = install();

describe.skipIf(python === null)("a real MLflow server", () => {
  const folder = mkdtempSync(join(tmpdir(), "mlops-mlflow-"));
  const sample = copySample("loan");
  let server: ChildProcess;
  let url = "";

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const store = `sqlite:///${join(folder, "mlflow.db")}`;
    const artifacts = join(folder, "artifacts");
    const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"];
    server = spawn(python!, [...args, "--backend-store-uri", store, "--artifacts-destination", artifacts], {
      cwd: folder,
      stdio: "ignore",
      detached: true,
    });
    for (let i = 0; i < 240; i++) {
      const healthy = await fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (healthy) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error("the MLflow server did not start within two minutes");
  });

  afterAll(() => {
    if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    sample.remove();
  });

  it("holds the same parameters, metrics, artifacts and plots as the project", async () => {
    const answer = await mlops(["run", sample.spec, "--json"], ROOT, { MLFLOW_TRACKING_URI: url });
    expect(answer.err).not.toContain("ML8014");
    expect(answer.status).toBe(0);
    const report = JSON.parse(answer.out) as RunReport;
    const found = JSON.parse(execFileSync(python!, ["-c", READ, url], { encoding: "utf8" })) as {
      name: string;
      status: string;
      params: Record<string, string>;
      metrics: Record<string, number>;
      tags: Record<string, string>;
      artifacts: string[];
      plot: string;
    };
    expect(found).toMatchObject({ name: report.run, status: "FINISHED", plot: "<svg" });
    expect(found.params).toMatchObject({
      trees: "200",
      "scorer.depth": "4",
      "scorer.variant": "gradient_boosted_trees",
    });
    const ours = Object.entries(report.metrics["scored"] ?? {}).map(([key, value]) => [
      `scored.${key}`,
      value,
    ]);
    expect(found.metrics).toEqual(Object.fromEntries(ours));
    expect(found.tags["mlops.gate.ready"]).toBe("passed");
    expect(found.artifacts).toEqual(
      expect.arrayContaining(["scorer/model.onnx", "scorer/signature.json", "scored/plots/roc.svg"]),
    );
  });
});
