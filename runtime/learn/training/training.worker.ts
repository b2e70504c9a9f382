/** The thread of a training: makes the recipe's graph, trains, and sends what came of it. */
import { parentPort, workerData } from "node:worker_threads";
import { chooseEngine } from "../../engine/graph-engine.ts";
import { graphFailure } from "../../engine/graph-failure.ts";
import { LearnFailure } from "../fit.ts";
import { identityOf, type TrainingResult, type WorkerNews, type WorkerTask } from "./job.ts";
import { recipe } from "./recipes.ts";
import { train } from "./train.ts";
import { Interrupted } from "./training.ts";

/** Progress is said at most so often, in milliseconds. */
const PAUSE = 80;

const { job, stop } = workerData as WorkerTask;
const tell = (news: WorkerNews): void => parentPort!.postMessage(news);
let said = Number.NEGATIVE_INFINITY;

const aborted = (): boolean => Atomics.load(stop, 0) !== 0;

try {
  const { name, why } = await chooseEngine(job.engine);
  tell({ is: "log", line: `engine ${name}: ${why}` });
  const preparation = await (await recipe(job.recipe)).prepare(job, aborted);
  let result: TrainingResult;
  try {
    const hooks = {
      aborted,
      progress: (done: number, total: number, note: string) => {
        if (done < total && performance.now() - said < PAUSE) return;
        said = performance.now();
        tell({ is: "progress", done, total, note });
      },
      track: (metric: string, value: number, at: number) => tell({ is: "track", metric, value, at }),
      log: (line: string) => tell({ is: "log", line }),
    };
    const trained = await train(preparation, job.plan, hooks, identityOf(job));
    const finished = (await preparation.finish?.(trained)) ?? null;
    result = { ...trained, finished };
  } finally {
    await preparation.trainee.release();
  }
  // Nothing native may be under way any more: whoever hears this ends the thread.
  tell({ is: "done", result });
} catch (thrown) {
  const error = graphFailure(thrown, job.engine);
  if (error instanceof Interrupted) tell({ is: "interrupted" });
  else if (error instanceof LearnFailure) tell({ is: "refused", finding: error.finding });
  else if (error instanceof Error) tell({ is: "failed", message: error.message, stack: error.stack ?? null });
  else tell({ is: "failed", message: String(error), stack: null });
}
