/** Removes what nothing needs any more, beside processes that go on working. */
import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { transaction } from "./database.ts";
import { digestFile } from "./hash.ts";
import { Leases } from "./leases.ts";
import { originOf, StepRecords } from "./records.ts";
import { Runs } from "./runs.ts";
import { type LocalStore, sweepTemporary } from "./store.ts";
import type { Digest } from "./types.ts";
import { sweepUnfinished } from "./unfinished.ts";

export interface GarbageOptions {
  /** Objects that must stay for reasons outside the runs: the files of registered versions. */
  readonly roots: Iterable<Digest>;
  /** The newest runs, so many, are kept whole. */
  readonly keep: number;
  /** Runs and step results used within this many seconds are kept too. */
  readonly within: number;
  readonly dryRun: boolean;
  /** Objects written within this many seconds are left alone: a step under way may be about to name them. */
  readonly grace?: number;
}

export interface Garbage {
  readonly runs: number;
  readonly steps: number;
  readonly objects: number;
  /** Checkpoints of steps that were never finished: one for each step. */
  readonly unfinished: number;
  /** Bytes of the removed objects and checkpoints. */
  readonly bytes: number;
  readonly keptObjects: number;
  readonly keptBytes: number;
}

const HOUR = 3600;
/** The times of files may lie this far behind the clock, in milliseconds (2 s on FAT, a tick elsewhere). */
const CLOCKS = 2_000;

/**
 * Removes old runs, step results that no kept run used and that are old themselves, and then every object that
 * neither a kept step, a kept run's program nor a root names; and what interrupted steps kept, when they are finished
 * or as old. With `dryRun` it only counts.
 */
export function collectGarbage(store: LocalStore, options: GarbageOptions): Garbage {
  const { database } = store;
  // Each creates its tables when this is the first thing that ever happens here.
  const records = new StepRecords(database);
  new Leases(database);
  const runs = new Runs(database);
  const now = Date.now();
  const all = runs.list();
  const alive = all.filter(({ status }) => status === "running").map(({ started }) => started);
  // What a living run has touched since it began is its own.
  const since = Math.min(now - options.within * 1000, ...alive);
  const goneRuns = all
    .slice(options.keep)
    .filter(({ started, status }) => started < since && status !== "running")
    .map(({ number }) => number);
  const untouched = Math.min(
    now - (options.grace ?? HOUR) * 1000,
    ...alive.map((started) => started - CLOCKS),
  );

  const rows = () => {
    const dropRun = database.prepare("DELETE FROM runs WHERE number = ?");
    for (const number of goneRuns) dropRun.run(number);
    const { changes } = database
      .prepare(
        `DELETE FROM steps WHERE used < ?
           AND key NOT IN (SELECT key FROM run_steps WHERE key IS NOT NULL)
           AND key NOT IN (SELECT key FROM latest_steps WHERE ?)
           AND key NOT IN (SELECT key FROM leases)`,
      )
      // A living run may be about to reuse what its spec left the last time.
      .run(since, alive.length > 0 ? 1 : 0);
    const needed = new Set<string>(options.roots);
    for (const row of database.prepare("SELECT digest FROM step_outputs").iterate())
      needed.add(String(row["digest"]));
    for (const row of database.prepare("SELECT program FROM runs").iterate())
      needed.add(String(row["program"]));
    return { steps: Number(changes), needed };
  };
  return rowsThenFiles(store, options.dryRun, rows, ({ steps, needed }) => {
    const swept = sweep(store, needed, untouched, options.dryRun);
    if (!options.dryRun) sweepTemporary(store);
    const finished = (key: Digest) => records.get(key) !== null;
    const { folders, bytes } = sweepUnfinished(store, finished, since, options.dryRun);
    return {
      runs: goneRuns.length,
      steps,
      ...swept,
      unfinished: folders,
      bytes: swept.bytes + bytes,
    };
  });
}

/** The rows go in one transaction, and only then the files: what is named in the database is never missing. */
function rowsThenFiles<T, R>(store: LocalStore, dryRun: boolean, rows: () => T, files: (found: T) => R): R {
  if (!dryRun) return files(transaction(store.database, rows));
  store.database.exec("BEGIN IMMEDIATE");
  try {
    return files(rows());
  } finally {
    store.database.exec("ROLLBACK");
  }
}

function sweep(store: LocalStore, needed: ReadonlySet<string>, untouched: number, dryRun: boolean) {
  const counts = { objects: 0, bytes: 0, keptObjects: 0, keptBytes: 0 };
  for (const { digest, file } of store.list()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (
      needed.has(digest) ||
      stat.mtimeMs >= untouched ||
      (!dryRun && !remove(store, digest, file, untouched))
    ) {
      counts.keptObjects += 1;
      counts.keptBytes += stat.size;
    } else {
      counts.objects += 1;
      counts.bytes += stat.size;
    }
  }
  if (!dryRun) removeEmpty(store);
  return counts;
}

/**
 * Moves the object aside first and looks at its time again: a process that put the same bytes in between has
 * renewed it, and gets it back. False when it stays.
 */
function remove(store: LocalStore, digest: Digest, file: string, untouched: number): boolean {
  const aside = store.temporary(`-${basename(file)}`);
  renameSync(file, aside);
  if (statSync(aside).mtimeMs >= untouched) {
    renameSync(aside, file);
    return false;
  }
  rmSync(aside);
  store.database.prepare("DELETE FROM objects WHERE digest = ?").run(digest);
  return true;
}

function removeEmpty(store: LocalStore): void {
  const objects = join(store.root, "objects");
  for (const prefix of readdirSync(objects)) {
    const folder = join(objects, prefix);
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
  }
}

export interface DamagedObject {
  readonly digest: Digest;
  /** Which step made it, for people. */
  readonly origin: string;
}

/** Reads every object and names those whose bytes are not what they should be. */
export async function verifyStore(store: LocalStore): Promise<DamagedObject[]> {
  const damaged: DamagedObject[] = [];
  for (const { digest, file } of store.list()) {
    if ((await digestFile(file)) !== digest)
      damaged.push({ digest, origin: originOf(store.database, digest) });
  }
  return damaged;
}
