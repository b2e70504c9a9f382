/**
 * Tokenizers beside Hugging Face's trainer and tiktoken's encoder: the same texts and vocabulary, two threads, in turn,
 * median of the rounds. Texts are made from a seed; tiny-shakespeare is among them where it is there.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { tokenizerFromJson } from "../runtime/text/tokenizer/tokenizer.ts";
import { trainBpe } from "../runtime/text/tokenizer/train/bpe.ts";
import { mixedLines } from "../test/text/tokenizer/mixed.ts";
import { median } from "./statistics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const THREADS = 2;
const ROUNDS = 3;
const CASES = [
  { name: "10 MB, 8,000 ids", bytes: 10_000_000, vocabulary: 8_000 },
  { name: "20 MB, 32,000 ids", bytes: 20_000_000, vocabulary: 32_000 },
] as const;

interface Run {
  readonly wall: number;
  readonly cpu: number;
  /** Merges that were learnt, or ids that came out. */
  readonly count: number;
}

async function timed(work: () => number | Promise<number>): Promise<Run> {
  const start = performance.now();
  const before = process.cpuUsage();
  const count = await work();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6, count };
}

/** A peer's process, which makes one run for each line it is sent. */
function peer(name: string, folder: string): { run(): Promise<Run>; end(): void } {
  const script = join(root, "bench/tokenizer_peers.py");
  const child = spawn(python, [script, name, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async () => {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended early`);
      return JSON.parse(value) as Run;
    },
    end: () => void child.stdin.end(),
  };
}

const WHO = ["mlops train", "huggingface", "mlops encode", "tiktoken", "tiktoken-whole"] as const;
let missed = false;
for (const { name, bytes, vocabulary } of CASES) {
  const folder = mkdtempSync(join(tmpdir(), "mlops-tokenizers-"));
  // Lines that end with a line feed, as those of a text corpus do: nothing is lost where they are joined.
  const lines = mixedLines(bytes, 1).map((line) => (line.endsWith("\n") ? line : `${line}\n`));
  const whole = lines.join("");
  const options = {
    vocabulary,
    specials: [],
    pretokenizer: "gpt2",
    byteFallback: true,
    minFrequency: 2,
  } as const;
  const hooks = { threads: THREADS, signal: new AbortController().signal, progress: () => undefined };
  const { json } = await trainBpe(lines, options, hooks);
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ vocabulary }));
  writeFileSync(join(folder, "lines.json"), JSON.stringify(lines));
  writeFileSync(join(folder, "tokenizer.json"), json);
  const peers = {
    huggingface: peer("huggingface", folder),
    tiktoken: peer("tiktoken", folder),
    "tiktoken-whole": peer("tiktoken-whole", folder),
  };
  const runs: Record<(typeof WHO)[number], Run[]> = {
    "mlops train": [],
    huggingface: [],
    "mlops encode": [],
    tiktoken: [],
    "tiktoken-whole": [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    runs["mlops train"].push(await timed(async () => (await trainBpe(lines, options, hooks)).merges));
    runs.huggingface.push(await peers.huggingface.run());
    // A tokenizer that has seen nothing yet, as theirs has no memory of pieces.
    const tokenizer = tokenizerFromJson(json);
    runs["mlops encode"].push(
      await timed(() => lines.reduce((sum, line) => sum + tokenizer.encode(line).length, 0)),
    );
    runs.tiktoken.push(await peers.tiktoken.run());
    runs["tiktoken-whole"].push(await peers["tiktoken-whole"].run());
  }
  for (const one of Object.values(peers)) one.end();
  rmSync(folder, { recursive: true });
  const size = Buffer.byteLength(whole) / 1e6;
  console.log(`${name}, ${lines.length} texts, ${THREADS} threads, median of ${ROUNDS}`);
  for (const who of WHO) {
    const [wall, cpu, count] = (["wall", "cpu", "count"] as const).map((what) =>
      median(runs[who].map((run) => run[what])),
    ) as [number, number, number];
    console.log(
      `  ${who.padEnd(14)} ${wall.toFixed(2).padStart(6)} s  CPU ${cpu.toFixed(2).padStart(6)} s  ${(size / wall).toFixed(1).padStart(6)} MB/s  ${count} ${who.includes("train") || who === "huggingface" ? "merges" : "ids"}`,
    );
  }
  const ratio = (ours: (typeof WHO)[number], theirs: (typeof WHO)[number]) =>
    median(runs[theirs].map((run, i) => run.wall / runs[ours][i]!.wall));
  const training = ratio("mlops train", "huggingface");
  const encoding = ratio("mlops encode", "tiktoken");
  console.log(
    `  training ${training.toFixed(2)} × Hugging Face's speed (bar: 1); encoding, on one thread, ${encoding.toFixed(2)} × tiktoken's on ${THREADS} (bar: 1), ${ratio("mlops encode", "tiktoken-whole").toFixed(2)} × its speed on one`,
  );
  if (training < 1 || encoding < 1) missed = true;
}
if (missed) console.log("The bar was missed.");
