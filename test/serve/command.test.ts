/** `mlops serve` as a process of its own: what it prints, how it refuses, and that SIGTERM loses no request. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportModel } from "../../runtime/portable/export.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { openRegistry } from "../../runtime/registry/registry.ts";
import { tableOf } from "../../runtime/serve/table.ts";
import { openStore } from "../../runtime/store/store.ts";
import { binaryModel, goodRow } from "./model.ts";

const spec = (deployments: string) => `mlops 1

secret API_TOKEN

dataset loans: csv {
  path = "loans.csv"

  schema {
    id: string key
    age: int min 18 max 120
    area: category nullable
    employed: boolean
    grade: category one_of ["A", "B", "C"]
    income: float nullable min 0
    since: date nullable
    approved: category label positive "yes"
  }

  split(seed = 42) { train = 70%, test = 30% }
}

model scorer: gradient_boosted_trees {
  data = loans.train
}

evaluation scored {
  model = scorer
  data = loans.test
  metrics = [f1]
}

gate ready {
  require scored.f1 >= 0.80
}

release loan_approval {
  name = "loan-approval"
  model = scorer
  gate = ready
}

${deployments}`;

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
let project: string;
const children: ChildProcess[] = [];

function write(name: string, deployments: string): string {
  const file = join(project, name);
  writeFileSync(file, spec(deployments));
  return file;
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "mlops-command-"));
  const store = openStore(join(project, ".mlops"));
  using registry = openRegistry(store.root);
  const table = tableOf(binaryModel.inputs, [{ ...goodRow, since: 1_582_934_400, employed: 1 }]);
  const golden = { table, raw: predictTable(binaryModel, table).raw };
  const files = await exportModel(binaryModel, golden, {
    store,
    signal: new AbortController().signal,
    log: () => {},
  });
  registry.release({ name: "loan-approval", files, threshold: null, metrics: {}, by: "test" }, "champion");
  store.close();
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(project, { recursive: true, force: true });
});

interface Process {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  readonly ended: Promise<number>;
}

function serve(args: readonly string[], environment: Record<string, string> = {}): Process {
  const child = spawn(process.execPath, [MAIN, "serve", ...args], {
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  children.push(child);
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += chunk.toString();
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk.toString();
  });
  return { child, output, ended: once(child, "close").then(([code]) => Number(code)) };
}

async function until(said: () => string, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(said());
    if (found !== null) return found[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const one = `deployment api {
  release = loan_approval.champion
  port = 0
}
`;

describe("mlops serve", () => {
  it("says where it answers and how to ask; SIGTERM finishes what has begun and exits 0", async () => {
    const { child, output, ended } = serve([write("one.mlops", one)]);
    const address = await until(() => output.out, /http:\/\/127\.0\.0\.1:\d+/);
    expect(output.out).toContain(
      `api  ${address}/predict\n  loan-approval version 1 (champion), predicts approved\n  curl -s ${address}/predict`,
    );
    const body = JSON.stringify(goodRow);
    const socket = connect(Number(new URL(address).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.write(
      `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill("SIGTERM");
    await until(() => output.err, /Stopping/);
    socket.write(body.slice(9));
    expect(await ended).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"label":"yes"/);
  });

  it("--try shows one request and its answer, readably or as JSON, and ends", async () => {
    const file = write("try.mlops", one);
    const text = serve([file, "--try"]);
    expect(await text.ended).toBe(0);
    expect(text.output.out).toMatch(
      /^POST http:.*\n {2}age +40\n[\s\S]*\n200 OK in [\d.]+ ms\n {2}label +"yes"\n/,
    );
    const json = serve([file, "--try", "--json"]);
    expect(await json.ended).toBe(0);
    const probability = compileRow(binaryModel)({ ...goodRow }).probabilities![1];
    expect(JSON.parse(json.output.out)).toMatchObject({
      deployments: [
        {
          name: "api",
          release: "loan-approval",
          version: 1,
          request: goodRow,
          status: 200,
          response: { label: "yes", probability },
        },
      ],
    });
  });

  it("sends the token when trying, and shows its name only", async () => {
    const file = write("token.mlops", one.replace("port = 0", "port = 0\n  token = API_TOKEN"));
    const without = serve([file, "--try"], { API_TOKEN: "" });
    expect(await without.ended).toBe(1);
    expect(without.output.err).toContain("ML7002");
    const { child, output, ended } = serve([file], { API_TOKEN: "hush-hush" });
    await until(() => output.out, /Ctrl-C/);
    expect(output.out).toContain('-H "authorization: Bearer $API_TOKEN"');
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    const tried = serve([file, "--try"], { API_TOKEN: "hush-hush" });
    expect(await tried.ended).toBe(0);
    expect(output.out + output.err + tried.output.out + tried.output.err).not.toContain("hush-hush");
  });

  it("serves deployments of one port together, and only the one that is named", async () => {
    const port = await freePort();
    const two = ["api", "partners"]
      .map(
        (name) =>
          `deployment ${name} {\n  release = loan_approval.champion\n  path = "/${name}"\n  port = ${port}\n}\n`,
      )
      .join("\n");
    const file = write("two.mlops", two);
    const both = serve([file, "--json"]);
    await until(() => both.output.out, /\n/);
    const { deployments } = JSON.parse(both.output.out) as {
      readonly deployments: readonly { readonly url: string }[];
    };
    expect(deployments.map(({ url }) => url)).toEqual([
      `http://127.0.0.1:${port}/api`,
      `http://127.0.0.1:${port}/partners`,
    ]);
    const taken = serve([file]);
    expect(await taken.ended).toBe(3);
    expect(taken.output.err).toContain("ML7005");
    both.child.kill("SIGTERM");
    expect(await both.ended).toBe(0);
    const partner = serve([file, "--deployment", "partners", "--try", "--json"]);
    expect(await partner.ended).toBe(0);
    expect(partner.output.out).toContain('"name":"partners"');
    expect(partner.output.out).not.toContain('"name":"api"');
  });

  it.each([
    ["ML7006", one, ["--deployment", "apo"]],
    ["ML7007", "", []],
    ["ML7001", one.replace("champion", "candidate"), []],
    ["ML7003", one.replace("port = 0", 'path = "predict"'), []],
    ["ML7004", `${one}\n${one.replace("api", "twin")}`.replaceAll("port = 0", "port = 8080"), []],
  ])("refuses with %s", async (code, deployments, options) => {
    const { output, ended } = serve([write(`${code}.mlops`, deployments), ...options]);
    expect(await ended).toBe(1);
    expect(output.err).toContain(code);
    expect(output.out).toBe("");
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
