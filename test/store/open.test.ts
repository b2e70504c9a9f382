import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";

const STORES = 60;
const WORKERS = 2;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mlops-open-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** SQLite's busy timeout does not hold for a new file's change to WAL. */
it("a new store can be opened by several at once", async () => {
  const roots = Array.from({ length: STORES }, (_, index) => join(folder, String(index)));
  const gate = new Int32Array(new SharedArrayBuffer(4 * STORES));
  const faults = await Promise.all(
    Array.from(
      { length: WORKERS },
      () =>
        new Promise<string[]>((resolve, reject) => {
          const worker = new Worker(new URL("./opener.ts", import.meta.url), {
            workerData: { roots, workers: WORKERS, gate },
          });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  expect(faults.flat()).toEqual([]);
});
