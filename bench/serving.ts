/**
 * One-row predictions under load: this server, FastAPI + onnxruntime on the same model.onnx, and FastAPI +
 * scikit-learn on a model of the same size. Each server is one process; the load comes from another (autocannon).
 * The servers take turns, several rounds, and the medians are compared.
 *
 *     node bench/serving.ts            all, MLOPS_PYTHON or .venv/bin/python for the peers
 *     node bench/serving.ts --serve FOLDER PORT     only our server (what the benchmark starts)
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFastBin } from "../runtime/portable/fast-bin.ts";
import { signature } from "../runtime/portable/signature.ts";
import { makeManifest } from "../runtime/serve/manifest.ts";
import { startServer } from "../runtime/serve/server.ts";
import { deployment } from "../stdlib/kinds/deployment.ts";
import { median } from "./statistics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 16;
const DISTINCT = 500;

async function serveOurs(folder: string, port: number): Promise<void> {
  const model = readFastBin(readFileSync(join(folder, "fast.bin")));
  const { golden } = signature.parse(JSON.parse(readFileSync(join(folder, "signature.json"), "utf8")));
  const props = deployment.variants.deployment.schema.parse({ release: { ref: "release.bench" }, port });
  const version = { name: "bench", version: 1, alias: "champion", model: "sha256:" } as const;
  const manifest = makeManifest("bench", props, version, model, golden[0]!.row);
  const none = new Set<string>();
  await startServer({
    deployments: [{ manifest, model, redacted: none, ignored: none, token: null }],
    version: "0",
    host: "127.0.0.1",
    port,
  });
}

interface Load {
  readonly perSecond: number;
  /** Milliseconds, as autocannon rounds them. */
  readonly p50: number;
  readonly p99: number;
}

/** Loads a server from another process (this file again, with `--load`). */
function load(port: number, folder: string, seconds: number): Load {
  const args = [fileURLToPath(import.meta.url), "--load", folder, String(port), String(seconds)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the load ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Load;
}

/** Sends different rows over and over, so that no cache of one row's path flatters anyone. */
async function sendLoad(folder: string, port: number, seconds: number): Promise<void> {
  const { default: autocannon } = await import("autocannon");
  const { rows } = JSON.parse(readFileSync(join(folder, "rows.json"), "utf8")) as {
    readonly rows: readonly object[];
  };
  const requests = rows.slice(0, DISTINCT).map((row) => ({
    method: "POST" as const,
    path: "/predict",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(row),
  }));
  const url = `http://127.0.0.1:${port}`;
  const {
    requests: sent,
    latency,
    non2xx,
    errors,
  } = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests });
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 2xx, ${errors} requests failed`);
  console.log(JSON.stringify({ perSecond: sent.average, p50: latency.p50, p99: latency.p99 }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

interface Server {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
}

async function start(name: string, program: string, args: readonly string[]): Promise<Server> {
  const port = await freePort();
  // scikit-learn's boosting starts a team of OpenMP threads for each row otherwise, and is ten times slower.
  const env = { ...process.env, OMP_NUM_THREADS: "1" };
  const child = spawn(program, [...args, String(port)], { stdio: ["ignore", "ignore", "inherit"], env });
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answers = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answers) return { name, port, process: child };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} does not answer`);
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mlops-serving-"));
  const servers: Server[] = [];
  try {
    const { makeModel } = await import("./serving-model.ts");
    await makeModel(folder);
    const peer = join(root, "bench/serving.py");
    servers.push(
      await start("mlops serve", process.execPath, [fileURLToPath(import.meta.url), "--serve", folder]),
    );
    servers.push(await start("FastAPI + onnxruntime", python, [peer, "onnx", folder]));
    servers.push(await start("FastAPI + scikit-learn", python, [peer, "sklearn", folder]));
    const { golden } = signature.parse(JSON.parse(readFileSync(join(folder, "signature.json"), "utf8")));
    const body = JSON.stringify(golden[0]!.row);
    await assertSameAnswers(servers, body);
    for (const { port } of servers) load(port, folder, 2);
    const loads = servers.map((): Load[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      servers.forEach(({ port }, at) => void loads[at]!.push(load(port, folder, SECONDS)));
    }
    report(
      servers.map(({ name }) => name),
      loads,
    );
  } finally {
    for (const server of servers) server.process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ours and the peer on the same model.onnx must say the same, or nothing was compared. */
async function assertSameAnswers(servers: readonly Server[], body: string): Promise<void> {
  const answers = await Promise.all(
    servers.slice(0, 2).map(async ({ port }) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`http://127.0.0.1:${port}/predict`, { method: "POST", headers, body });
      return (await answer.json()) as { readonly label: string; readonly probability: number };
    }),
  );
  const [ours, theirs] = answers;
  if (
    ours === undefined ||
    theirs === undefined ||
    ours.label !== theirs.label ||
    Math.abs(ours.probability - theirs.probability) > 1e-12
  ) {
    throw new Error(`the servers disagree: ${JSON.stringify(answers)}`);
  }
}

function report(names: readonly string[], loads: readonly (readonly Load[])[]): void {
  const of = (at: number, what: keyof Load) => median(loads[at]!.map((one) => one[what]));
  names.forEach((name, at) => {
    const [perSecond, p50, p99] = [of(at, "perSecond"), of(at, "p50"), of(at, "p99")];
    console.log(
      `${name.padEnd(24)} ${perSecond.toFixed(0).padStart(7)} requests/s   p50 ${p50} ms   p99 ${p99} ms`,
    );
  });
  for (const at of [1, 2]) {
    const ratio = median(loads[0]!.map((one, round) => one.perSecond / loads[at]![round]!.perSecond));
    const bar = at === 1 ? " (bar: at least 3.00, at a lower p99)" : "";
    console.log(
      `ratio to ${names[at]}: ${ratio.toFixed(2)} requests/s, p99 ${(of(0, "p99") / of(at, "p99")).toFixed(2)}${bar}`,
    );
  }
}

const [flag, folder, port, seconds] = process.argv.slice(2);
if (flag === "--serve" && folder !== undefined) await serveOurs(folder, Number(port));
else if (flag === "--load" && folder !== undefined) await sendLoad(folder, Number(port), Number(seconds));
else await compare();
