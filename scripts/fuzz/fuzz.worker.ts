/** Takes samples from the shared counter until there are no more; the watchdog sees which one is being read. */
import { parentPort, workerData } from "node:worker_threads";
import { loadBases } from "./bases.ts";
import { calibrate } from "./budget.ts";
import { checkSample } from "./check.ts";

/** What a worker is given; `counters` is [next sample, this worker's sample…]. */
export interface FuzzJob {
  readonly seed: number;
  readonly end: number;
  readonly slot: number;
  readonly counters: Int32Array;
}

/** Samples taken at once. */
const BATCH = 64;

const { seed, end, slot, counters } = workerData as FuzzJob; // Given by run.ts alone.
const bases = loadBases();
const budget = calibrate(bases.valid);
for (let from = Atomics.add(counters, 0, BATCH); from < end; from = Atomics.add(counters, 0, BATCH)) {
  for (let index = from; index < Math.min(end, from + BATCH); index += 1) {
    Atomics.store(counters, slot, index);
    const failure = checkSample(seed, index, bases, budget);
    if (failure !== null) parentPort?.postMessage(failure);
  }
}
