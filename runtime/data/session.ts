/** An in-memory DuckDB database for one piece of work: opened late, capped, and left empty. */
import { availableParallelism, totalmem } from "node:os";
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { close, putBack, takeInstance } from "./instances.ts";
import { identifier, text } from "./sql.ts";

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
  /** From here on the session reads these files and folders, and nothing else outside; there is no way back. */
  seal(files: readonly string[], folders: readonly string[]): Promise<void>;
}

/** Opens a session, hands it to `work`, and ends it whatever happens. */
export async function withSession<T>(
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const instance = await takeInstance({
    root: options.root,
    memory: options.memory ?? memoryShare(),
  });
  const threads = Math.max(1, Math.floor(options.threads ?? availableParallelism()));
  let reusable = false;
  try {
    const connection = await instance.database.connect();
    try {
      await connection.run(
        `SET threads = ${threads}; SET TimeZone = 'UTC'; SET preserve_insertion_order = true`,
      );
      let sealed = false;
      const result = await work(
        sessionOf(connection, threads, () => {
          sealed = true;
        }),
      );
      if (!sealed) {
        await empty(connection);
        reusable = true;
      }
      return result;
    } finally {
      connection.closeSync();
    }
  } finally {
    if (reusable) putBack(instance);
    else close(instance);
  }
}

function sessionOf(connection: DuckDBConnection, threads: number, onSeal: () => void): Session {
  return {
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
    async seal(files, folders) {
      onSeal();
      await connection.run(`SET allowed_paths = [${files.map(text).join(", ")}]`);
      await connection.run(`SET allowed_directories = [${folders.map(text).join(", ")}]`);
      await connection.run("SET enable_external_access = false");
    },
  };
}

/** Leaves nothing of a session's tables and views to the next. */
async function empty(connection: DuckDBConnection): Promise<void> {
  const made = await connection.runAndReadAll(
    `SELECT 'VIEW' AS kind, schema_name, view_name AS name FROM duckdb_views() WHERE NOT internal
     UNION ALL SELECT 'TABLE', schema_name, table_name FROM duckdb_tables() WHERE NOT internal`,
  );
  for (const { kind, schema_name, name } of made.getRowObjectsJS()) {
    await connection.run(
      `DROP ${kind} IF EXISTS ${identifier(String(schema_name))}.${identifier(String(name))} CASCADE`,
    );
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
