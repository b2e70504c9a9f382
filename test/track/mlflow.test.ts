/** What is sent to an MLflow server, and what happens when it does not answer as it should. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { keyOf, MlflowError, publishRun, type TrackedRun } from "../../runtime/track/mlflow.ts";
import { copySample, mlops, ROOT } from "../samples/mlops.ts";

interface Request {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** A server that answers each path from a table, and what it was asked. */
async function answering(
  answers: Readonly<Record<string, { status?: number; body: unknown }>>,
): Promise<{ url: string; asked: Request[] }> {
  const asked: Request[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = (request.url ?? "").replace("/api/2.0/", "");
      asked.push({
        path,
        authorization: request.headers.authorization,
        body: Buffer.concat(chunks).toString(),
      });
      const { status = 200, body } = answers[path.replace(/\?.*/, "")] ?? { body: {} };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const RUN: TrackedRun = {
  name: "r1",
  status: "passed",
  started: 1,
  finished: 2,
  params: Object.fromEntries(Array.from({ length: 105 }, (_, i) => [`p${i}`, "x"])),
  metrics: { "judged.f1(average=macro)": 0.5 },
  tags: {},
  artifacts: [{ path: "judged/plots/roc.svg", read: async () => Buffer.from("<svg/>") }],
};
const created = {
  body: { run: { info: { run_id: "abc", artifact_uri: "mlflow-artifacts:/7/abc/artifacts" } } },
};
const never = new AbortController().signal;

describe("a run sent to MLflow", () => {
  it("is made in its experiment, in batches of a hundred parameters, with its artifacts, and ended", async () => {
    const { url, asked } = await answering({
      "mlflow/experiments/create": {
        status: 400,
        body: { error_code: "RESOURCE_ALREADY_EXISTS", message: "there" },
      },
      "mlflow/experiments/get-by-name": { body: { experiment: { experiment_id: "7" } } },
      "mlflow/runs/create": created,
    });
    expect(await publishRun({ url, experiment: "a b", token: "t0ken" }, RUN, never)).toBe("abc");
    expect(asked.map(({ path }) => path)).toEqual([
      "mlflow/experiments/create",
      "mlflow/experiments/get-by-name?experiment_name=a%20b",
      "mlflow/runs/create",
      "mlflow/runs/log-batch",
      "mlflow/runs/log-batch",
      "mlflow-artifacts/artifacts/7/abc/artifacts/judged/plots/roc.svg",
      "mlflow/runs/update",
    ]);
    expect(asked.every(({ authorization }) => authorization === "Bearer t0ken")).toBe(true);
    const [first, second] = asked
      .slice(3, 5)
      .map(({ body }) => JSON.parse(body) as Record<string, unknown[]>);
    expect([first?.["params"]?.length, second?.["params"]?.length]).toEqual([100, 5]);
    expect(first?.["metrics"]).toEqual([
      { key: "judged.f1_average_macro", value: 0.5, timestamp: 2, step: 0 },
    ]);
    expect(JSON.parse(asked.at(-1)!.body)).toEqual({ run_id: "abc", status: "FINISHED", end_time: 2 });
  });

  it("is refused with the server's own words", async () => {
    const { url } = await answering({
      "mlflow/experiments/create": {
        status: 403,
        body: { error_code: "PERMISSION_DENIED", message: "not yours" },
      },
    });
    const refused = publishRun({ url, experiment: "e", token: null }, RUN, never);
    await expect(refused).rejects.toThrow(new MlflowError("PERMISSION_DENIED", "not yours"));
  });

  it("keeps keys to what MLflow allows", () => {
    expect(keyOf("recall(top=0.1)")).toBe("recall_top_0.1");
    expect(keyOf("scored.auc")).toBe("scored.auc");
  });

  it("costs the run nothing when nobody listens there", async () => {
    const sample = copySample("loan");
    try {
      const answer = await mlops(["run", sample.spec], ROOT, { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" });
      expect(answer.status).toBe(0);
      expect(answer.err).toContain("warning[ML8014]");
    } finally {
      sample.remove();
    }
  });
});
