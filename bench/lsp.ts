/**
 * The language server as an editor feels it, beside a Langium server of the same grammar: random edits in a file of
 * 1,000 and of 10,000 lines, each followed at once by a completion or a hover and then by its diagnostics; broken text
 * against valid; the start; a workspace of 500 files. `MLOPS_BENCH_EDITS` sets how many edits (1,000).
 *
 * Langium's numbers come from fewer edits, as it needs longer for each. Its "ready" is that it can find a name of the
 * last file; ours is that every file has been checked too.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Random } from "../scripts/fuzz/random.ts";
import { prepareLangium } from "./langium-install.ts";
import { largeSpec } from "./large-spec.ts";
import { ServerProcess } from "./lsp-client.ts";
import { median } from "./statistics.ts";

const EDITS = Number(process.env["MLOPS_BENCH_EDITS"] ?? 1_000);
const FILES = 500;
const STARTS = 5;

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mlops-lsp-"));
const { peer, grammar, words } = prepareLangium(root);
const SERVERS = {
  mlops: [join(root, "bin/mlops.js"), "lsp"],
  Langium: [peer, "serve", grammar, words],
} as const;
type Name = keyof typeof SERVERS;

const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.95))] ??
  Number.NaN;

interface Times {
  readonly completion: number[];
  readonly hover: number[];
  readonly diagnostics: number[];
}

/** Words that keep a text valid, or may not. */
const KEYS = ["x", "1", ".", " ", "(", "{", '"', "\n", "="] as const;

/** An open document that is edited and put back, edit by edit. */
class Document {
  readonly uri = pathToFileURL(join(folder, "spec.mlops")).href;
  readonly #server: ServerProcess;
  readonly #lines: readonly string[];
  #version = 1;

  constructor(server: ServerProcess, text: string) {
    this.#server = server;
    this.#lines = text.split("\n");
    const textDocument = { uri: this.uri, languageId: "mlops", version: 1, text };
    server.notify("textDocument/didOpen", { textDocument });
  }

  /** Behind some letter of some line. */
  place(random: Random): { line: number; character: number } {
    for (;;) {
      const line = random.below(this.#lines.length);
      const { length } = this.#lines[line]!;
      if (length > 0) return { line, character: 1 + random.below(length) };
    }
  }

  close(): void {
    this.#server.notify("textDocument/didClose", { textDocument: { uri: this.uri } });
  }

  put(at: { line: number; character: number }, text: string): void {
    this.#change({ start: at, end: at }, text);
  }

  /** Takes back what `put` has written. */
  take(at: { line: number; character: number }, text: string): void {
    const end =
      text === "\n" ? { line: at.line + 1, character: 0 } : { ...at, character: at.character + text.length };
    this.#change({ start: at, end }, "");
  }

  #change(range: object, text: string): void {
    this.#version += 1;
    const textDocument = { uri: this.uri, version: this.#version };
    this.#server.notify("textDocument/didChange", { textDocument, contentChanges: [{ range, text }] });
  }
}

async function edits(server: ServerProcess, text: string, count: number): Promise<Times> {
  const random = new Random(1, 0);
  const times: Times = { completion: [], hover: [], diagnostics: [] };
  const document = new Document(server, text);
  await server.published(document.uri);
  for (let edit = -Math.min(20, count); edit < count; edit += 1) {
    const at = document.place(random);
    const key = random.pick(KEYS);
    const what = edit % 2 === 0 ? "completion" : "hover";
    const shown = server.published(document.uri);
    const start = performance.now();
    document.put(at, key);
    const position = key === "\n" ? at : { ...at, character: at.character + 1 };
    await server.request(`textDocument/${what}`, { textDocument: { uri: document.uri }, position });
    const answered = performance.now() - start;
    await shown;
    const told = performance.now() - start;
    const back = server.published(document.uri);
    document.take(at, key);
    await back;
    // The first edits warm both up.
    if (edit < 0) continue;
    times[what].push(answered);
    times.diagnostics.push(told);
  }
  return times;
}

/** Milliseconds to the diagnostics of edits that leave a text valid, or that break it. */
async function toDiagnostics(
  server: ServerProcess,
  text: string,
  key: string,
  count: number,
): Promise<number> {
  const random = new Random(2, 0);
  const document = new Document(server, text);
  await server.published(document.uri);
  const times: number[] = [];
  for (let edit = 0; edit < count; edit += 1) {
    const at = { line: document.place(random).line, character: 0 };
    for (const change of ["put", "take"] as const) {
      const shown = server.published(document.uri);
      const start = performance.now();
      document[change](at, key);
      await shown;
      if (change === "put") times.push(performance.now() - start);
    }
  }
  document.close();
  return median(times);
}

async function withServer<T>(name: Name, use: (server: ServerProcess) => Promise<T>): Promise<T> {
  const server = new ServerProcess(SERVERS[name], folder);
  try {
    await server.initialize(null);
    return await use(server);
  } finally {
    await server.close();
  }
}

/** From the start of the process to the first diagnostics of a file of 65 lines. */
async function coldStart(name: Name): Promise<number> {
  const start = performance.now();
  return withServer(name, async (server) => {
    const document = new Document(server, largeSpec(60));
    await server.published(document.uri);
    return performance.now() - start;
  });
}

/** A folder of specs that take their parameters from one of them; the last one has a mistake. */
function makeWorkspace(): string {
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  writeFileSync(join(workspace, "a.mlops"), "param rounds: int = 200\nparam seed: int = 42\n");
  const spec = largeSpec(60).replace(/^(mlops|param) .*\n/gm, "");
  const text = `import "./a.mlops" { rounds, seed }\n${spec}`;
  for (let n = 1; n < FILES; n += 1) {
    const number = String(n).padStart(3, "0");
    writeFileSync(
      join(workspace, `f${number}.mlops`),
      n === FILES - 1 ? `${text}\nmodel last: none {}\n` : text,
    );
  }
  return workspace;
}

async function workspaceReady(name: Name, workspace: string): Promise<{ ready: number; megabytes: number }> {
  const start = performance.now();
  const server = new ServerProcess(SERVERS[name], workspace);
  try {
    const checked = server.published(pathToFileURL(join(workspace, `f${FILES - 1}.mlops`)).href);
    await server.initialize(workspace);
    if (name === "mlops") await checked;
    for (;;) {
      const found = (await server.request("workspace/symbol", { query: "last" })) as
        | readonly unknown[]
        | null;
      if (found !== null && found.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { ready: performance.now() - start, megabytes: server.megabytes() };
  } finally {
    await server.close();
  }
}

const row = (label: string, mine: number, theirs: number, unit: string, bar: string): void =>
  console.log(
    `${label.padEnd(34)} mlops ${mine.toFixed(0).padStart(6)} ${unit}   Langium ${theirs.toFixed(0).padStart(6)} ${unit}   ratio ${(theirs / mine).toFixed(1).padStart(6)}${bar === "" ? "" : `   (bar: at most ${bar})`}`,
  );

try {
  for (const [lines, bar] of [
    [1_000, "30 ms"],
    [10_000, "100 ms"],
  ] as const) {
    const text = largeSpec(lines);
    const measure = (name: Name, count: number) =>
      withServer(name, async (server) => ({
        times: await edits(server, text, count),
        megabytes: server.megabytes(),
      }));
    const mine = await measure("mlops", EDITS);
    const theirs = await measure("Langium", Math.max(8, Math.floor(EDITS / (lines / 100))));
    console.log(`\n${lines.toLocaleString("en")} lines, ${EDITS} edits`);
    for (const what of ["completion", "hover", "diagnostics"] as const) {
      const limit = what === "diagnostics" ? "150 ms" : bar;
      row(`${what} p50`, median(mine.times[what]), median(theirs.times[what]), "ms", "");
      row(`${what} p95`, p95(mine.times[what]), p95(theirs.times[what]), "ms", limit);
    }
    row("memory", mine.megabytes, theirs.megabytes, "MB", "");
  }

  const text = largeSpec(10_000);
  const count = Math.max(8, Math.floor(EDITS / 20));
  const [, valid, broken] = await withServer("mlops", async (server) => [
    await toDiagnostics(server, text, "\n", 20), // warms it up
    await toDiagnostics(server, text, "\n", count),
    await toDiagnostics(server, text, "{ (", count),
  ]);
  console.log(`\nbroken text against valid, 10,000 lines: ${(broken! / valid!).toFixed(2)} (bar: at most 2)`);

  const starts = { mlops: [] as number[], Langium: [] as number[] };
  await coldStart("mlops"); // fills V8's compile cache, as the first use of a build does
  for (let run = 0; run < STARTS; run += 1)
    for (const name of ["mlops", "Langium"] as const) starts[name].push(await coldStart(name));
  console.log();
  row("cold start to first diagnostics", median(starts.mlops), median(starts.Langium), "ms", "500 ms");

  const workspace = makeWorkspace();
  const mine = await workspaceReady("mlops", workspace);
  const theirs = await workspaceReady("Langium", workspace);
  row(`workspace of ${FILES} files ready`, mine.ready, theirs.ready, "ms", "1500 ms");
  row("memory", mine.megabytes, theirs.megabytes, "MB", "250 MB");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
