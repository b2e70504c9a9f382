/**
 * DuckDB instances, each lent to one session at a time. Opening and closing one costs about 10 ms, and a run opens a
 * dozen sessions: an idle instance is kept for the next. Closing its last connection leaves nothing that holds the process.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBInstance } from "@duckdb/node-api";

export interface InstanceOptions {
  /** The store's folder; what does not fit in memory goes to `tmp/` in it. */
  readonly root: string;
  /** Bytes that DuckDB may hold in memory. */
  readonly memory: number;
}

export interface Instance extends InstanceOptions {
  readonly database: DuckDBInstance;
  readonly spill: string;
}

/** More are never needed at once: steps run side by side on few cores. */
const KEPT = 4;
const idle: Instance[] = [];
let opened = 0;
let isWatched = false;

export async function takeInstance(options: InstanceOptions): Promise<Instance> {
  const fits = idle.findIndex((one) => one.root === options.root && one.memory === options.memory);
  if (fits >= 0) return idle.splice(fits, 1)[0]!;
  const { DuckDBInstance } = await import("@duckdb/node-api");
  opened += 1;
  const spill = join(options.root, "tmp", `${process.pid}-duckdb-${opened}`);
  mkdirSync(join(options.root, "tmp"), { recursive: true });
  const database = await DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.floor(options.memory / 1024)}KiB`,
    temp_directory: spill,
    // No extension is ever downloaded: a run needs no network.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  return { ...options, database, spill };
}

/** Keeps an instance that holds nothing any more. */
export function putBack(instance: Instance): void {
  if (!isWatched) {
    isWatched = true;
    process.once("exit", () => idle.splice(0).forEach(removeSpill));
  }
  idle.push(instance);
  if (idle.length > KEPT) close(idle.shift()!);
}

export function close(instance: Instance): void {
  instance.database.closeSync();
  removeSpill(instance);
}

const removeSpill = ({ spill }: Instance): void => rmSync(spill, { recursive: true, force: true });
