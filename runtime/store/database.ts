/** Metadata in SQLite: one file, many processes (WAL, busy timeout). Each module creates its own tables. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Opens `<root>/mlops.db`, creating folder and file. The caller closes it. */
export function openDatabase(root: string): DatabaseSync {
  mkdirSync(root, { recursive: true });
  const database = new DatabaseSync(join(root, "mlops.db"), { timeout: 10_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
  return database;
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
