/** `mlops doctor`: what this machine can run, and why not the rest. */
import { statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import type { EngineState } from "../../runtime/engine/engines.ts";
import type { CommandModule, Terminal } from "../command.ts";
import { EXIT } from "../command.ts";

const GIGABYTE = 1e9;
/** Less than this left is worth a word. */
const LITTLE_DISK = 2 * GIGABYTE;

interface Report {
  readonly node: { readonly version: string; readonly needed: string; readonly ok: boolean };
  readonly platform: string;
  readonly threads: number;
  readonly memory_gb: number;
  readonly disk: { readonly folder: string; readonly free_gb: number; readonly ok: boolean };
  readonly duckdb: { readonly version: string | null; readonly ok: boolean; readonly why: string };
  readonly engines: readonly EngineState[];
  /** The engine that computes ONNX graphs here. */
  readonly engine: string | null;
  readonly ok: boolean;
}

export const command: CommandModule = {
  define(command) {
    command.addHelpText("after", "\nExample:\n  mlops doctor --json");
  },
  async run({ terminal, cwd, json }) {
    const report = await examine(cwd);
    if (json) terminal.out(JSON.stringify(report, null, 2));
    else print(terminal, report);
    return report.ok ? EXIT.done : EXIT.outside;
  },
};

async function examine(cwd: string): Promise<Report> {
  const { chosenEngine, detectEngines } = await import("../../runtime/engine/engines.ts");
  const [engines, duckdb] = [await detectEngines(), await examineDuckdb()];
  const node = {
    version: process.versions.node,
    needed: "22.13",
    ok: atLeast(process.versions.node, [22, 13]),
  };
  const { bavail, bsize } = statfsSync(cwd);
  const free = bavail * bsize;
  const disk = { folder: cwd, free_gb: gigabytes(free), ok: free >= LITTLE_DISK };
  const engine = chosenEngine(engines);
  return {
    node,
    platform: `${process.platform}-${process.arch}`,
    threads: availableParallelism(),
    memory_gb: gigabytes(totalmem()),
    disk,
    duckdb,
    engines,
    engine,
    ok: node.ok && duckdb.ok && engine !== null,
  };
}

async function examineDuckdb(): Promise<Report["duckdb"]> {
  try {
    const { DuckDBInstance, version } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run("SELECT 1");
    connection.closeSync();
    return { version: version(), ok: true, why: "it loads and computes" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { version: null, ok: false, why: `it does not load: ${reason.split("\n")[0]}` };
  }
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, oursMinor = 0] = version.split(".").map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}

const gigabytes = (bytes: number): number => Math.round((bytes / GIGABYTE) * 10) / 10;

function print(terminal: Terminal, report: Report): void {
  const mark = (ok: boolean) => (ok ? "ok  " : "no  ");
  const { node, disk, duckdb, engines, engine } = report;
  terminal.out(`${mark(node.ok)}Node ${node.version} on ${report.platform} (needs ${node.needed})`);
  terminal.out(`${mark(true)}${report.threads} threads, ${report.memory_gb} GB of memory`);
  terminal.out(`${mark(disk.ok)}${disk.free_gb} GB free in ${disk.folder}`);
  terminal.out(`${mark(duckdb.ok)}DuckDB ${duckdb.version ?? ""}: ${duckdb.why}`);
  for (const { name, package: packageName, version, works, why } of engines) {
    terminal.out(`${mark(works)}${name}: ${packageName}${version === null ? "" : ` ${version}`}: ${why}`);
  }
  terminal.out(
    engine === null
      ? "No engine works: install onnxruntime-web, which needs no native code."
      : `Models are computed by ${engine}.`,
  );
}
