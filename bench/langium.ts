/**
 * Parse and check of a valid spec of 10,000 lines against Langium 4 with a grammar of the same language
 * (`language.langium`), cross-references linked and names validated (`langium-peer.js`). Both run in processes of their
 * own, in turn: cold is a process's first file, warm the median of those after it. Loading the libraries and building
 * the parsers is in neither. Our side is bundled, as users run it, and does everything that `mlops check` does.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { largeSpec } from "./large-spec.ts";
import { median } from "./statistics.ts";

const LANGIUM = "4.4.0";
const LINES = 10_000;
const PAIRS = 3;
const WARM = 25;

const root = fileURLToPath(new URL("..", import.meta.url));
const peers = join(root, "node_modules/.cache/peers/langium");

interface Measured {
  /** Milliseconds of each reading of the file, the first one cold. */
  readonly times: readonly { readonly parse: number; readonly all: number }[];
  readonly rss: number;
}

/** Installs Langium beside the project's own dependencies, never among them. */
function install(): void {
  const installed = join(peers, "node_modules/langium/package.json");
  mkdirSync(peers, { recursive: true });
  if (!existsSync(installed) || !readFileSync(installed, "utf8").includes(`"version": "${LANGIUM}"`)) {
    const manifest = { private: true, type: "module", dependencies: { langium: LANGIUM } };
    writeFileSync(join(peers, "package.json"), JSON.stringify(manifest));
    const args = ["install", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"];
    const { status } = spawnSync("npm", args, { cwd: peers, stdio: "inherit" });
    if (status !== 0) {
      console.error("Langium can't be installed, so there is nothing to compare with.");
      process.exit(3);
    }
  }
  copyFileSync(join(root, "bench/langium-peer.js"), join(peers, "peer.js"));
}

/** What a Langium author would put into a library file and a validator: the vocabulary's words and attributes. */
function peerVocabulary(): object {
  const kinds = Object.values(vocabulary.kinds).map((kind) => [
    kind.name,
    Object.fromEntries(
      Object.values(kind.variants).map(({ name, schema }) => [name, Object.keys(schema.shape)]),
    ),
  ]);
  const functions = Object.values(vocabulary.functions).map(({ name }) => name);
  const variants = Object.values(vocabulary.kinds).flatMap((kind) => Object.keys(kind.variants));
  const types = ["string", "int", "float", "boolean", "category", "text", "date", "timestamp", "ratio"];
  const choices = ["median", "mean", "standard", "macro", "majority", "confidence", "optional", "champion"];
  const words = [
    ...functions,
    ...variants,
    ...Object.keys(vocabulary.metrics),
    ...types,
    ...choices,
    "one_hot",
    "ordinal",
    "baseline",
  ];
  return { kinds: Object.fromEntries(kinds), words: [...new Set(words)] };
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

install();
const spec = join(peers, "spec.mlops");
const words = join(peers, "vocabulary.json");
const grammar = join(peers, "grammar.json");
writeFileSync(spec, largeSpec(LINES));
writeFileSync(words, JSON.stringify(peerVocabulary()));
const peer = join(peers, "peer.js");
const prepared = spawnSync(
  process.execPath,
  [peer, "prepare", join(root, "bench/language.langium"), grammar],
  {
    encoding: "utf8",
  },
);
if (prepared.status !== 0) throw new Error(prepared.stderr);
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
