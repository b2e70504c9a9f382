/** A worker that opens each store of a list at the moment the others do. */
import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "../../runtime/store/store.ts";

const { roots, workers, gate } = workerData as {
  readonly roots: readonly string[];
  readonly workers: number;
  readonly gate: Int32Array;
};

const faults: string[] = [];
roots.forEach((root, index) => {
  Atomics.add(gate, index, 1);
  // No sleep here: all are to go on within the same microseconds.
  while (Atomics.load(gate, index) < workers);
  try {
    openStore(root).close();
  } catch (error) {
    faults.push(`${error}`);
  }
});
parentPort?.postMessage(faults);
