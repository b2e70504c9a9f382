/**
 * word2vec beside gensim: the same text, options and number of threads (2), in turn, median of the rounds. Words are
 * those of the text, read in every epoch; times hold training alone. Quality: of the ten nearest words, the share that
 * is of the same topic.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { neighboursOf } from "../runtime/text/embedding/neighbours.ts";
import { type Method, trainWord2vec } from "../runtime/text/word2vec/train.ts";
import { WordReader } from "../runtime/text/word2vec/words.ts";
import { median } from "./statistics.ts";
import { topicalSentences } from "./word2vec-data.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const WORDS = 1_000_000;
const THREADS = 2;
const RUNS = 3;
const OPTIONS = { window: 5, negatives: 5, subsample: 1e-3, rate: 0.025, seed: 1 };
const CASES: readonly { readonly method: Method; readonly width: number; readonly epochs: number }[] = [
  { method: "skip_gram", width: 64, epochs: 2 },
  { method: "cbow", width: 64, epochs: 4 },
  { method: "skip_gram", width: 100, epochs: 2 },
  { method: "cbow", width: 100, epochs: 4 },
];

interface Run {
  /** Words a second. */
  readonly speed: number;
  readonly precision: number;
}

const sentences = topicalSentences(WORDS);
const reader = new WordReader();
for (const sentence of sentences) reader.read(sentence);
const text = reader.finish(2);

async function ours(method: Method, width: number, epochs: number): Promise<Run> {
  const start = performance.now();
  const { vectors } = await trainWord2vec(
    method,
    text,
    { ...OPTIONS, width, epochs },
    {
      threads: THREADS,
      signal: new AbortController().signal,
      progress: () => undefined,
      epoch: () => undefined,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  return { speed: (text.total * epochs) / seconds, precision: precisionOf(vectors, width) };
}

const topicOf = (word: string) => (word.startsWith("t") ? word.slice(0, word.indexOf("_")) : null);

/** Of every 23rd word. */
function precisionOf(values: Float32Array, width: number): number {
  const { words } = text.vocabulary;
  const wanted = [...words.keys()].filter((at) => at % 23 === 0 && topicOf(words[at]!) !== null);
  const found = neighboursOf({ words, width, values }, wanted, 10);
  const right = found.map(
    (near, i) => near.filter(({ word }) => topicOf(word) === topicOf(words[wanted[i]!]!)).length,
  );
  return right.reduce((sum, count) => sum + count, 0) / (10 * wanted.length);
}

const folder = mkdtempSync(join(tmpdir(), "mlops-word2vec-"));
const file = join(folder, "text.txt");
writeFileSync(file, sentences.join("\n"));
const child = spawn(python, [join(root, "bench/word2vec.py"), file, String(THREADS)], {
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

async function gensim(method: Method, width: number, epochs: number): Promise<Run> {
  child.stdin.write(`${JSON.stringify({ method, width, epochs, ...OPTIONS })}\n`);
  const { value, done } = await lines.next();
  if (done === true) throw new Error("gensim ended early");
  return JSON.parse(value) as Run;
}

let missed = false;
console.log(
  `${text.total} words, ${text.vocabulary.words.length} different ones, ${THREADS} threads, median of ${RUNS}`,
);
for (const { method, width, epochs } of CASES) {
  const all: Record<"mlops" | "gensim", Run[]> = { mlops: [], gensim: [] };
  for (let run = 0; run < RUNS; run += 1) {
    all.mlops.push(await ours(method, width, epochs));
    all.gensim.push(await gensim(method, width, epochs));
  }
  const middle = (who: keyof typeof all, what: keyof Run) => median(all[who].map((run) => run[what]));
  const said = (who: keyof typeof all) =>
    `${who} ${Math.round(middle(who, "speed") / 1000)}k words/s, ${(100 * middle(who, "precision")).toFixed(1)}% right`;
  const ratio = median(all.mlops.map(({ speed }, i) => speed / all.gensim[i]!.speed));
  const lost = middle("gensim", "precision") - middle("mlops", "precision");
  console.log(
    `  ${method.padEnd(9)} width ${String(width).padStart(3)}, ${epochs} epochs: ${said("mlops")}; ${said("gensim")}; ratio ${ratio.toFixed(2)}`,
  );
  if (ratio < 1 || lost > 0.02) missed = true;
}
child.stdin.end();
rmSync(folder, { recursive: true });
if (missed)
  console.log("The bar was missed: as many words a second as gensim, two points of precision lost at most.");
