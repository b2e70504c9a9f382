/** One in-memory DuckDB database for one piece of work: opened late, capped, and always closed. */
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { DuckDBAppender, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { text } from "./sql.ts";

export interface SessionOptions {
  /** At most this many threads. */
  readonly threads?: number;
  /** The store's folder; what does not fit in memory goes to `tmp/` in it. */
  readonly root: string;
  /** Bytes that DuckDB may hold in memory; two fifths of what the process may use when not given. */
  readonly memory?: number;
}

export type Cell = null | boolean | number | string;

export interface Session {
  run(sql: string): Promise<void>;
  /** All rows; 64-bit integers come as numbers, so use it for counts and small answers. */
  rows(sql: string): Promise<Record<string, Cell>[]>;
  /** The single row of an aggregate. */
  row(sql: string): Promise<Record<string, Cell>>;
  /** Chunks of about 2,000 rows, in the query's order, without holding the whole result. */
  stream(sql: string): Promise<DuckDBResult>;
  /** Names and DuckDB types of a query's columns. */
  describe(sql: string): Promise<{ name: string; type: string }[]>;
  appender(table: string): Promise<DuckDBAppender>;
  /** Runs `work` with one thread, for results whose last bit would depend on how rows are shared out. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

let opened = 0;

/** Opens a session, hands it to `work`, and closes it whatever happens. */
export async function withSession<T>(
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  opened += 1;
  const spill = join(options.root, "tmp", `${process.pid}-duckdb-${opened}`);
  mkdirSync(join(options.root, "tmp"), { recursive: true });
  const threads = Math.max(1, Math.floor(options.threads ?? availableParallelism()));
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: `${Math.floor((options.memory ?? memoryShare()) / 1024)}KiB`,
    temp_directory: spill,
    // No extension is ever downloaded: a run needs no network.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      await connection.run("SET preserve_insertion_order = true");
      return await work({
        async run(sql) {
          await connection.run(sql);
        },
        async rows(sql) {
          return cells((await connection.runAndReadAll(sql)).getRowObjectsJS());
        },
        async row(sql) {
          const [first] = cells((await connection.runAndReadAll(sql)).getRowObjectsJS());
          if (!first) throw new Error(`no row: ${sql.slice(0, 200)}`);
          return first;
        },
        stream: (sql) => connection.stream(sql),
        async describe(sql) {
          const reader = await connection.runAndReadAll(`DESCRIBE ${sql}`);
          return reader
            .getRowObjectsJS()
            .map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }));
        },
        appender: (table) => connection.createAppender(table),
        async alone(inner) {
          await connection.run("SET threads = 1");
          try {
            return await inner();
          } finally {
            await connection.run(`SET threads = ${threads}`);
          }
        },
      });
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    rmSync(spill, { recursive: true, force: true });
  }
}

/** Copies a query's result into a Parquet file whose bytes depend on the rows alone. */
export async function writeParquet(session: Session, query: string, file: string): Promise<void> {
  // Several writers would cut row groups where their work happened to end.
  await session.alone(() =>
    session.run(`COPY (${query}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`),
  );
}

export type { DuckDBDataChunk };

/** `MLOPS_MEMORY` (bytes) caps what DuckDB holds where the machine's own limits say nothing; the rest is on disk. */
function memoryShare(): number {
  const given = Number(process.env["MLOPS_MEMORY"]);
  if (given > 0) return given;
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(memory * 0.4);
}

function cells(rows: readonly Record<string, unknown>[]): Record<string, Cell>[] {
  return rows.map((row) => {
    const plain: Record<string, Cell> = {};
    for (const [name, value] of Object.entries(row)) plain[name] = cell(value);
    return plain;
  });
}

function cell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.toISOString();
  return String(value);
}
