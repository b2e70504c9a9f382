/** Where the code of a worker thread stands: TypeScript beside this file, or bundled under `dist/workers/`. */

/** Every worker of the runtime, by name, with its source relative to `runtime/`. */
const SOURCES = {
  boosting: "learn/boosting/boosting.worker.ts",
  count: "text/tokenizer/train/count.worker.ts",
  forest: "learn/trees/forest.worker.ts",
  training: "learn/training/training.worker.ts",
  word2vec: "text/word2vec/word2vec.worker.ts",
} as const;

export type WorkerName = keyof typeof SOURCES;

/**
 * The URL to start `name` from with `new Worker(url)`. Run from source it is the `.ts` file, which Node ≥ 22.18
 * reads as it is. Run from the bundle, this code stands in `dist/`, `dist/chunks/` or `dist/workers/`, and the
 * worker's file is in `dist/workers/`.
 */
export function workerUrl(name: WorkerName): URL {
  const source = SOURCES[name];
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL(`../${source}`, here);
  const file = source.slice(source.lastIndexOf("/") + 1).replace(/\.ts$/, ".js");
  const bundle = here.slice(0, here.lastIndexOf("/")).replace(/\/(?:chunks|workers)$/, "");
  return new URL(`${bundle}/workers/${file}`);
}
