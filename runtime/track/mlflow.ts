/**
 * The same run in a real MLflow tracking server, over its REST API (`/api/2.0/mlflow/…`, artifacts through
 * `/api/2.0/mlflow-artifacts/artifacts/…`).
 */
import type { RunStatus } from "../store/runs.ts";

export interface MlflowServer {
  /** `http://host:5000` */
  readonly url: string;
  readonly experiment: string;
  /** Sent as a bearer token when given. */
  readonly token: string | null;
}

export interface TrackedRun {
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Path in the run's artifacts, and how to read it. */
  readonly artifacts: readonly { readonly path: string; read(): Promise<Buffer> }[];
}

/** MLflow's limits for one batch. */
const BATCH = { metrics: 1000, params: 100, tags: 100 } as const;
const VALUE_BYTES = 6000;
const PATIENCE_MS = 20_000;

const STATUS: Readonly<Record<RunStatus, string>> = {
  running: "RUNNING",
  passed: "FINISHED",
  failed: "FAILED",
  blocked: "FAILED",
  interrupted: "KILLED",
  killed: "KILLED",
};

/** What the server answered instead of what was asked. */
export class MlflowError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "MlflowError";
    this.code = code;
  }
}

/**
 * Writes a finished run and returns MLflow's run id.
 * @throws MlflowError for an answer that refuses, TypeError when the server cannot be reached
 */
export async function publishRun(
  server: MlflowServer,
  run: TrackedRun,
  signal: AbortSignal,
): Promise<string> {
  const client = new Client(server, signal);
  const experiment = await client.experiment(server.experiment);
  const created = await client.post<{ run: { info: { run_id: string; artifact_uri: string } } }>(
    "runs/create",
    {
      experiment_id: experiment,
      run_name: run.name,
      start_time: run.started,
    },
  );
  const { run_id: id, artifact_uri: place } = created.run.info;
  const params = Object.entries(run.params).map(([key, value]) => ({
    key: keyOf(key),
    value: shortened(value),
  }));
  const tags = Object.entries(run.tags).map(([key, value]) => ({ key, value }));
  const metrics = Object.entries(run.metrics).map(([key, value]) => ({
    key: keyOf(key),
    value,
    timestamp: run.finished,
    step: 0,
  }));
  const batches = Math.max(
    Math.ceil(params.length / BATCH.params),
    Math.ceil(metrics.length / BATCH.metrics),
    Math.ceil(tags.length / BATCH.tags),
  );
  for (let i = 0; i < batches; i++) {
    const part = <T>(all: readonly T[], size: number) => all.slice(i * size, (i + 1) * size);
    await client.post("runs/log-batch", {
      run_id: id,
      params: part(params, BATCH.params),
      metrics: part(metrics, BATCH.metrics),
      tags: part(tags, BATCH.tags),
    });
  }
  for (const { path, read } of run.artifacts) await client.put(place, path, await read());
  await client.post("runs/update", { run_id: id, status: STATUS[run.status], end_time: run.finished });
  return id;
}

/** MLflow's keys hold letters, digits, `_-. /:`; `f1(average=macro)` becomes `f1_average_macro`. */
export function keyOf(name: string): string {
  return name.replaceAll(/[^\w\-. /:]+/g, "_").replace(/_+$/, "");
}

/** MLflow refuses longer values of parameters. */
function shortened(value: string): string {
  return Buffer.byteLength(value) <= VALUE_BYTES
    ? value
    : `${Buffer.from(value).subarray(0, VALUE_BYTES - 4)}…`;
}

class Client {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;

  constructor({ url, token }: MlflowServer, signal: AbortSignal) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = token === null ? {} : { authorization: `Bearer ${token}` };
    this.#signal = signal;
  }

  /** The experiment's id; it is made when there is none of the name. */
  async experiment(name: string): Promise<string> {
    try {
      return (await this.post<{ experiment_id: string }>("experiments/create", { name })).experiment_id;
    } catch (error) {
      if (!(error instanceof MlflowError) || error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
    }
    const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const found = await this.#json<{ experiment: { experiment_id: string } }>("GET", path);
    return found.experiment.experiment_id;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>("POST", path, JSON.stringify(body));
  }

  /** Artifacts go through the server where it serves them (`mlflow-artifacts:/1/abc/artifacts`, the default). */
  async put(place: string, path: string, bytes: Buffer): Promise<void> {
    const folder = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(place)?.[1];
    if (folder === undefined) {
      throw new MlflowError("ARTIFACTS", `the server keeps artifacts at ${place} and does not serve them`);
    }
    const where = [...folder.split("/"), ...path.split("/")].map(encodeURIComponent).join("/");
    await this.#send(
      "PUT",
      `/api/2.0/mlflow-artifacts/artifacts/${where}`,
      bytes,
      "application/octet-stream",
    );
  }

  async #json<T>(method: string, path: string, body?: string): Promise<T> {
    const answer = await this.#send(method, `/api/2.0/mlflow/${path}`, body, "application/json");
    return (await answer.json()) as T;
  }

  async #send(
    method: string,
    path: string,
    body: string | Buffer | undefined,
    type: string,
  ): Promise<Response> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (answer.ok) return answer;
    const text = await answer.text();
    let code = String(answer.status);
    let message = text.slice(0, 200);
    try {
      const told = JSON.parse(text) as { error_code?: string; message?: string };
      code = told.error_code ?? code;
      message = told.message ?? message;
    } catch {
      // Not MLflow's own answer (a proxy's page): its first words are what there is.
    }
    throw new MlflowError(code, message);
  }
}
