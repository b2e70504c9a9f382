/** Metadata in SQLite: one file, many processes (WAL, busy timeout). Each module creates its own tables. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long a statement waits for another process, in milliseconds. */
const PATIENCE = 10_000;
/** Between two tries of what SQLite does not wait for itself, in milliseconds. */
const PAUSE = 5;
const SQLITE_BUSY = 5;

/** In a project's state folder. */
export const DATABASE_FILE = "mlops.db";

/** Opens `<root>/mlops.db`, creating folder and file. The caller closes it. */
export function openDatabase(root: string): DatabaseSync {
  mkdirSync(root, { recursive: true });
  const database = new DatabaseSync(join(root, DATABASE_FILE), { timeout: PATIENCE });
  try {
    whenFree(() => database.exec("PRAGMA journal_mode = WAL"));
    database.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * A new file's change to WAL turns a read lock into a write lock. Two processes that open it at once would wait for
 * each other there, so SQLite answers SQLITE_BUSY at once and never asks the busy timeout (sqlite.org/c3ref/busy_handler.html).
 * The one that lost lets go of its lock and tries again: by then the file is in WAL and nothing has to change.
 */
function whenFree(work: () => void): void {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : null;
      if (code !== SQLITE_BUSY || Date.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** Runs `work` in one write transaction: all of it is kept, or nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk may have rolled back already; the first error is the one to tell.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
