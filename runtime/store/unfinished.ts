/**
 * What steps keep of work that is not finished, `unfinished/KEY/`: checkpoints of a training. It outlives Ctrl-C
 * and kill -9, and goes when its step succeeds.
 */
import { readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Digest, Store } from "./types.ts";

const UNFINISHED = "unfinished";

/** The folder of a step's key; it is there only when the step has made it. */
export const unfinishedFolder = (store: Store, key: Digest): string =>
  join(store.root, UNFINISHED, key.slice("sha256:".length));

/** Says that a run is about to go on from what is kept, so that `gc` leaves it alone. */
export function renewUnfinished(store: Store, key: Digest): void {
  const now = new Date();
  try {
    utimesSync(unfinishedFolder(store, key), now, now);
  } catch (error) {
    // Nothing is kept for most steps.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

export function dropUnfinished(store: Store, key: Digest): void {
  rmSync(unfinishedFolder(store, key), { recursive: true, force: true });
}

export interface UnfinishedGarbage {
  readonly folders: number;
  readonly bytes: number;
}

/** Removes what is kept for steps that are finished, and what nothing has touched since `since` (ms since 1970). */
export function sweepUnfinished(
  store: Store,
  finished: (key: Digest) => boolean,
  since: number,
  dryRun: boolean,
): UnfinishedGarbage {
  let [folders, bytes] = [0, 0];
  for (const name of namesIn(join(store.root, UNFINISHED))) {
    const folder = join(store.root, UNFINISHED, name);
    const { size, touched } = contentOf(folder);
    if (touched >= since && !finished(`sha256:${name}`)) continue;
    folders += 1;
    bytes += size;
    if (!dryRun) rmSync(folder, { recursive: true, force: true });
  }
  return { folders, bytes };
}

/** Bytes of all files, and the newest time of any file or folder, in milliseconds since 1970. */
function contentOf(path: string): { size: number; touched: number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { size: 0, touched: 0 };
  let size = stat.isDirectory() ? 0 : stat.size;
  let touched = stat.mtimeMs;
  for (const name of stat.isDirectory() ? namesIn(path) : []) {
    const within = contentOf(join(path, name));
    size += within.size;
    touched = Math.max(touched, within.touched);
  }
  return { size, touched };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
