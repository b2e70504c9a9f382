/** Where the code of a worker thread stands: TypeScript beside this file, or bundled under `dist/workers/`. */

/** Every worker of the runtime, by name, with its source relative to `runtime/`. */
const SOURCES = {
  boosting: "learn/boosting/boosting.worker.ts",
  forest: "learn/trees/forest.worker.ts",
} as const;

export type WorkerName = keyof typeof SOURCES;

/**
 * The URL to start `name` from with `new Worker(url)`. Run from source it is the `.ts` file, which Node ≥ 22.18
 * reads as it is; run from the bundle (`dist/*.js`) it is `workers/<file>.js` beside the bundle.
 */
export function workerUrl(name: WorkerName): URL {
  const source = SOURCES[name];
  if (import.meta.url.endsWith(".ts")) return new URL(`../${source}`, import.meta.url);
  const file = source.slice(source.lastIndexOf("/") + 1).replace(/\.ts$/, ".js");
  return new URL(`./workers/${file}`, import.meta.url);
}
