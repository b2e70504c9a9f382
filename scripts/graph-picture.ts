/** Draws docs/images/graph.svg: the pipeline of the music store, as `mlops graph` draws it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const spec = "samples/music-store/music-store.mlops";
const { status, stderr } = spawnSync(
  process.execPath,
  ["cli/main.ts", "graph", spec, "--output", "docs/images/graph.svg"],
  { cwd: root, encoding: "utf8" },
);
if (status !== 0) throw new Error(`mlops graph ended with ${status}:\n${stderr}`);
