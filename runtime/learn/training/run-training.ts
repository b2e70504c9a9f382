/** Starts a training in a worker thread and hears what it says; this thread stays free. */
import { Worker } from "node:worker_threads";
import { workerUrl } from "../../engine/worker.ts";
import { LearnFailure } from "../fit.ts";
import type { TrainingJob, TrainingResult, WorkerNews, WorkerTask } from "./job.ts";

/** The parts of a step's context that a training needs. */
export interface TrainingContext {
  readonly signal: AbortSignal;
  progress(done: number, total: number, note?: string): void;
  track(metric: string, value: number, at: number): void;
  log(line: string): void;
}

/**
 * @param transfer buffers of the job's data that nobody here needs any more: they move instead of being copied
 * @throws LearnFailure for what a user can mend; the signal's reason when it is given, after a checkpoint is written
 */
export async function runTraining(
  job: TrainingJob,
  context: TrainingContext,
  transfer: ArrayBuffer[] = [],
): Promise<TrainingResult> {
  const { signal } = context;
  signal.throwIfAborted();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const task: WorkerTask = { job, stop };
  const worker = new Worker(workerUrl("training"), { workerData: task, transferList: transfer });
  const abort = () => void Atomics.store(stop, 0, 1);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<TrainingResult>((resolve, reject) => {
      worker.on("message", (news: WorkerNews) => {
        try {
          hear(news, context, resolve, reject);
        } catch (error) {
          // What listens refused: it ends the training.
          reject(error);
        }
      });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`the training thread ended with ${code}`)));
    });
  } finally {
    signal.removeEventListener("abort", abort);
    await worker.terminate();
  }
}

function hear(
  news: WorkerNews,
  context: TrainingContext,
  resolve: (result: TrainingResult) => void,
  reject: (reason: unknown) => void,
): void {
  if (news.is === "progress") context.progress(news.done, news.total, news.note);
  else if (news.is === "track") context.track(news.metric, news.value, news.at);
  else if (news.is === "log") context.log(news.line);
  else if (news.is === "done") resolve(news.result);
  else if (news.is === "interrupted") reject(context.signal.reason);
  else if (news.is === "refused") reject(new LearnFailure(news.finding));
  else reject(failure(news.message, news.stack));
}

function failure(message: string, stack: string | null): Error {
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return error;
}
