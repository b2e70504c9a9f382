/**
 * `npm run bench [name…]`: runs the benchmarks one after the other, each with its peer in the same run, and prints
 * their ratios. Peers come from pip into .venv.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ensureVenv } from "../scripts/venv.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const BUNDLE = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  packages: "external",
} as const;
const BENCHMARKS = [
  "cold-run",
  "plan",
  "boosting",
  "training",
  "serving",
  "langium",
  "lsp",
  "check",
  "memory",
  "generation",
  "tokenizers",
  "word2vec",
  "shakespeare",
] as const;
/** These have no peer in Python. */
const WITHOUT_PYTHON: readonly string[] = ["langium", "lsp", "check", "memory", "shakespeare"];

const IN_PROCESS: readonly string[] = ["boosting", "tokenizers", "word2vec"];

/**
 * Benchmarks of whole commands start bin/mlops.js; these call the runtime, and are bundled as the command line is:
 * starting a worker thread from TypeScript costs a quarter of a second that no user pays.
 */
async function bundled(name: string): Promise<string> {
  const source = join(root, "bench", `${name}.ts`);
  if (!IN_PROCESS.includes(name)) return source;
  const outfile = join(root, "dist", `bench-${name}.js`);
  await build({ ...BUNDLE, entryPoints: [source], outfile, logLevel: "error" });
  return outfile;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(BENCHMARKS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(", ")}; there are ${BENCHMARKS.join(", ")}.`);
  process.exit(1);
}

const named = wanted.length > 0 ? wanted : BENCHMARKS;
const python = named.every((name) => WITHOUT_PYTHON.includes(name)) ? "python3" : ensureVenv(root);
if (typeof python === "object") {
  console.error(`The peers can't be installed, so there is nothing to compare with: ${python.unavailable}`);
  process.exit(3);
}

// What users run is the bundle; cold starts and plans are measured on it.
spawnSync(process.execPath, [join(root, "scripts/build.ts")], { cwd: root, stdio: "inherit" });

let failed = 0;
for (const name of named) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [await bundled(name)], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, MLOPS_PYTHON: python },
  });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
