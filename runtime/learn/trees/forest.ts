/** Random forests (Breiman 2001), their trees grown side by side. */
import { Worker } from "node:worker_threads";
import type { RandomForest } from "../../../stdlib/kinds/model.ts";
import { workerUrl } from "../../engine/worker.ts";
import type { TreeLearner } from "../../portable/form.ts";
import { breathe, type Fitted, normalised } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { Cart, type CartNode } from "./cart.ts";
import { addTree, labelsOf, linkOf, outputsOf, rowWeightsOf } from "./collect.ts";
import { type ForestTask, growTree } from "./grow-tree.ts";
import { gainByColumn, TreeList } from "./list.ts";
import { rankColumns } from "./ranks.ts";

export type RandomForestOptions = Omit<RandomForest, "data" | "target" | "seed">;

/** Below this many rows × trees starting threads costs more than they bring. */
const TEAM_ROWS = 100_000;

/**
 * Averages the class shares (or means) of trees on rows drawn with replacement, each split choosing among columns
 * drawn anew. A tree's randomness is its number's, so the forest does not depend on the number of threads.
 */
export async function fitRandomForest(
  frame: Frame,
  target: Target,
  options: RandomForestOptions,
  hooks: LearnHooks,
): Promise<Fitted<TreeLearner>> {
  await breathe(hooks.signal);
  const columns = rankColumns(frame);
  const task: ForestTask = {
    columns,
    labels: { ...labelsOf(target), y: shared(target.values) },
    weights: shared(rowWeightsOf(target, options.class_weights)),
    options: {
      depth: options.depth ?? Infinity,
      minRows: options.min_rows,
      tries: triesOf(target, columns.length, options.columns),
    },
    seed: hooks.seed,
    draws: Math.max(1, Math.round(frame.rows * options.rows)),
    trees: options.trees,
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
  const threads = frame.rows * options.trees < TEAM_ROWS ? 1 : Math.min(hooks.threads, options.trees);
  const grown = threads > 1 ? await growTogether(task, threads, hooks) : await growAlone(task, hooks);
  const outputs = outputsOf(target);
  const list = new TreeList(outputs, outputs);
  for (const nodes of grown) addTree(list, nodes, 1 / options.trees);
  const learner = list.learner(new Float64Array(outputs), linkOf(target));
  const importance = normalised(gainByColumn(learner, columns.length));
  return { learner, report: { rounds: options.trees, iterations: null, importance, warnings: [] } };
}

function triesOf(target: Target, columns: number, share: number | undefined): number {
  const wanted =
    share !== undefined ? share * columns : target.task === "regression" ? columns / 3 : Math.sqrt(columns);
  return Math.max(1, Math.floor(wanted + 1e-9));
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

async function growAlone(task: ForestTask, hooks: LearnHooks): Promise<CartNode[][]> {
  const cart = new Cart(task.columns, task.labels, task.options);
  const grown: CartNode[][] = [];
  for (let tree = 0; tree < task.trees; tree++) {
    grown.push(growTree(cart, task, tree));
    hooks.progress(tree + 1, task.trees);
    if (tree % 8 === 7) await breathe(hooks.signal);
  }
  return grown;
}

/** Threads take the next tree's number from a shared counter and send each tree back. */
async function growTogether(task: ForestTask, threads: number, hooks: LearnHooks): Promise<CartNode[][]> {
  const grown: CartNode[][] = new Array(task.trees);
  let done = 0;
  const workers = Array.from(
    { length: threads },
    () => new Worker(workerUrl("forest"), { workerData: task }),
  );
  const abort = () => void Promise.all(workers.map((worker) => worker.terminate()));
  hooks.signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on("message", ({ tree, nodes }: { tree: number; nodes: CartNode[] }) => {
              grown[tree] = nodes;
              done++;
              hooks.progress(done, task.trees);
            });
            worker.on("error", reject);
            worker.on("exit", () => resolve());
          }),
      ),
    );
  } finally {
    hooks.signal.removeEventListener("abort", abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  hooks.signal.throwIfAborted();
  return grown;
}
