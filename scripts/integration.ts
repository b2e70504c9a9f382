/**
 * The suites that need a real peer: installs Python's libraries into .venv, then runs test/integration.
 * Where no Python or no package index can be had, it says skipped and why.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureVenv } from "./venv.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const venv = ensureVenv(root);
if (typeof venv === "object") console.log(`integration suites with Python: skipped, ${venv.unavailable}`);

const filters = process.argv.slice(2);
const run = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    "vitest.integration.config.ts",
    ...filters,
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...(typeof venv === "string" && existsSync(venv) ? { MLOPS_PYTHON: venv } : {}) },
  },
);
process.exitCode = run.status ?? 1;
