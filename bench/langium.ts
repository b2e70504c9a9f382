/**
 * Parse and check of a valid spec of 10,000 lines against Langium 4 with a grammar of the same language
 * (`language.langium`), cross-references linked and names validated (`langium-peer.js`). Both run in processes of their
 * own, in turn: cold is a process's first file, warm the median of those after it. Loading the libraries and building
 * the parsers is in neither. Our side is bundled, as users run it, and does everything that `mlops check` does.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { peersFolder, prepareLangium } from "./langium-install.ts";
import { largeSpec } from "./large-spec.ts";
import { median } from "./statistics.ts";

const LINES = 10_000;
const PAIRS = 3;
const WARM = 25;

const root = fileURLToPath(new URL("..", import.meta.url));
const peers = peersFolder(root);

interface Measured {
  /** Milliseconds of each reading of the file, the first one cold. */
  readonly times: readonly { readonly parse: number; readonly all: number }[];
  readonly rss: number;
}

async function bundle(): Promise<string> {
  const outfile = join(root, "dist", "bench-langium-ours.js");
  await build({
    entryPoints: [join(root, "bench/langium-ours.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: "error",
  });
  return outfile;
}

function measured(args: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: peers });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const { peer, words, grammar } = prepareLangium(root);
const spec = join(peers, "spec.mlops");
writeFileSync(spec, largeSpec(LINES));
const ours = await bundle();

const pairs = Array.from({ length: PAIRS }, () => ({
  theirs: measured([peer, "run", grammar, words, spec, String(WARM + 1)]),
  ours: measured([ours, spec, String(WARM + 1)]),
}));

const cold = ({ times }: Measured, what: "parse" | "all") => times[0]?.[what] ?? Number.NaN;
const warm = ({ times }: Measured, what: "parse" | "all") => median(times.slice(1).map((time) => time[what]));
const length = readFileSync(spec, "utf8").split("\n").length;
console.log(`a spec of ${length} lines, medians of ${PAIRS} pairs of processes`);
for (const [name, each] of [
  ["cold", cold],
  ["warm", warm],
] as const) {
  for (const what of ["parse", "all"] as const) {
    // Ours parses alone after it has checked: its first parse is inside the first check.
    if (name === "cold" && what === "parse") continue;
    const mine = median(pairs.map((pair) => each(pair.ours, what)));
    const theirs = median(pairs.map((pair) => each(pair.theirs, what)));
    const ratio = median(pairs.map((pair) => each(pair.theirs, what) / each(pair.ours, what)));
    const label = what === "parse" ? "parse" : "parse and check";
    console.log(
      `${name} ${label.padEnd(16)} mlops ${mine.toFixed(0).padStart(5)} ms   Langium ${theirs.toFixed(0).padStart(6)} ms   ratio ${ratio.toFixed(1)}${what === "all" ? " (bar: at least 10)" : ""}`,
    );
  }
}
