/** Many samples on several threads, with a watchdog that ends a thread which hangs and says on which sample. */
import { Worker } from "node:worker_threads";
import { loadBases } from "./bases.ts";
import { type Failure, NO_TALLY, type Tally, together } from "./check.ts";
import type { FuzzJob, FuzzNews } from "./fuzz.worker.ts";
import { sampleOf } from "./mutate.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly samples: number;
  readonly threads: number;
  /** No more samples are read after so many failures. */
  readonly enough?: number;
  readonly progress?: (done: number) => void;
}

const HANG_SECONDS = 60;

export interface FuzzResult {
  /** All failures, or the first that were enough. */
  readonly failures: readonly Failure[];
  readonly tally: Tally;
}

export async function fuzz({
  seed,
  samples,
  threads,
  enough = 20,
  progress,
}: FuzzOptions): Promise<FuzzResult> {
  const counters = new Int32Array(new SharedArrayBuffer(4 * (threads + 1)));
  const failures: Failure[] = [];
  let tally = NO_TALLY;
  const hear = (news: FuzzNews): void => {
    if ("failure" in news) failures.push(news.failure);
    else tally = together(tally, news.tally);
  };
  const work = async (slot: number): Promise<void> => {
    const hung = await thread({ seed, end: samples, slot, counters }, hear);
    if (hung === null) return;
    const text = sampleOf(seed, hung, loadBases());
    failures.push({
      seed,
      index: hung,
      problem: `it hangs for ${HANG_SECONDS} s`,
      ratio: null,
      text,
      sample: text,
    });
    await work(slot);
  };
  const ticking = setInterval(() => {
    progress?.(Math.min(samples, Atomics.load(counters, 0)));
    if (failures.length >= enough) Atomics.store(counters, 0, samples);
  }, 1_000);
  try {
    await Promise.all(Array.from({ length: threads }, (_, thread) => work(thread + 1)));
  } finally {
    clearInterval(ticking);
  }
  return { failures, tally };
}

/** Resolves to null when the thread has ended by itself, or to the sample on which it hung. */
function thread(job: FuzzJob, hear: (news: FuzzNews) => void): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("fuzz.worker.ts", import.meta.url), { workerData: job });
    let seen = -1;
    let since = performance.now();
    const watchdog = setInterval(() => {
      const now = Atomics.load(job.counters, job.slot);
      if (now !== seen) {
        seen = now;
        since = performance.now();
      } else if (performance.now() - since > HANG_SECONDS * 1_000) {
        clearInterval(watchdog);
        void worker.terminate().then(() => resolve(now));
      }
    }, 500);
    worker.on("message", hear);
    worker.on("error", (error) => {
      clearInterval(watchdog);
      reject(error);
    });
    worker.on("exit", () => {
      clearInterval(watchdog);
      resolve(null);
    });
  });
}
