/** Takes samples from the shared counter until there are no more; the watchdog sees which one is being read. */
import { parentPort, workerData } from "node:worker_threads";
import { loadBases } from "./bases.ts";
import { Budget } from "./budget.ts";
import { Checker, type Failure, type Tally } from "./check.ts";

/** What a worker is given; `counters` is [next sample, this worker's sample…]. */
export interface FuzzJob {
  readonly seed: number;
  readonly end: number;
  readonly slot: number;
  readonly counters: Int32Array;
}

/** What a worker says: each failure at once, the tally at its end. */
export type FuzzNews = { readonly failure: Failure } | { readonly tally: Tally };

/** Samples taken at once. */
const BATCH = 64;

const { seed, end, slot, counters } = workerData as FuzzJob; // Given by run.ts alone.
const bases = loadBases();
const checker = new Checker(seed, bases, new Budget(bases.written, bases.modules));
const say = (news: FuzzNews): void => parentPort?.postMessage(news);
for (let from = Atomics.add(counters, 0, BATCH); from < end; from = Atomics.add(counters, 0, BATCH)) {
  for (let index = from; index < Math.min(end, from + BATCH); index += 1) {
    Atomics.store(counters, slot, index);
    const failure = checker.check(index);
    if (failure !== null) say({ failure });
  }
}
say({ tally: checker.tally });
