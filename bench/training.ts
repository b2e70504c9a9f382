/**
 * Training a GPT beside PyTorch eager (scaled_dot_product_attention, fused AdamW): the same weights, batches and
 * number of threads, in turns; the best round of each counts, because other work on the machine only ever slows one
 * down. Prints tokens a second, processor milliseconds a step, and how far apart the losses are.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openTrainingStep } from "../runtime/graph/training-step.ts";
import { type GptSize, gptBatch, gptLoss, gptParameters, gptValues } from "./gpt.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const ROWS = 8;
const BATCHES = 4;
const RATE = 3e-4;
const DECAY = 0.1;
const shared = { vocabulary: 512, context: 128 };
const CASES: readonly { name: string; size: GptSize; steps: number; rounds: number }[] = [
  { name: "0.94 M", size: { ...shared, width: 128, layers: 4, heads: 4 }, steps: 16, rounds: 12 },
  { name: "10.2 M", size: { ...shared, width: 320, layers: 8, heads: 5 }, steps: 3, rounds: 10 },
];

interface Round {
  readonly wall: number;
  readonly cpu: number;
  readonly losses: readonly number[];
}

interface Runner {
  run(steps: number): Promise<Round>;
  end(): Promise<void>;
}

async function ours(size: GptSize, threads: number): Promise<Runner> {
  const parameters = gptParameters(size);
  const batches = Array.from({ length: BATCHES }, (_, seed) => gptBatch(size, ROWS, seed));
  const step = await openTrainingStep({
    engine: "onnx",
    threads,
    parameters,
    values: gptValues(parameters, 1),
    trainable: () => true,
    loss: gptLoss(size),
    batch: batches[0]!,
    optimizer: { is: "adamw", beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: DECAY },
    clip: null,
    accumulate: 1,
  });
  let taken = 0;
  return {
    run: async (steps) => {
      const losses: number[] = [];
      const before = process.cpuUsage();
      const start = performance.now();
      for (let at = 0; at < steps; at++, taken++) {
        losses.push((await step.step(batches[taken % BATCHES]!, { rate: RATE, seed: taken })).loss);
      }
      const wall = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { wall, cpu: (user + system) / 1e6, losses };
    },
    end: () => step.release(),
  };
}

function pytorch(size: GptSize, threads: number, folder: string): Runner {
  const parameters = gptParameters(size);
  const values = [...gptValues(parameters, 1).values()].map(({ data }) => new Uint8Array(data.buffer));
  const batches = Array.from({ length: BATCHES }, (_, seed) => gptBatch(size, ROWS, seed));
  const ids = batches.flatMap((batch) => [batch["ids"]!, batch["targets"]!].map(({ data }) => data));
  const spec = { size, rows: ROWS, parameters, rate: RATE, decay: DECAY, clip: null };
  writeFileSync(join(folder, "size.json"), JSON.stringify(spec));
  writeFileSync(join(folder, "parameters.bin"), Buffer.concat(values));
  writeFileSync(join(folder, "batches.bin"), Buffer.concat(ids.map((data) => new Uint8Array(data.buffer))));
  const child = spawn(python, [join(root, "bench/gpt.py"), folder, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async (steps) => {
      child.stdin.write(`${steps}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("PyTorch's process ended");
      return JSON.parse(value) as Round;
    },
    end: async () => void child.stdin.end(),
  };
}

const best = (rounds: readonly Round[], of: "wall" | "cpu", steps: number): number =>
  Math.min(...rounds.map((round) => round[of] / steps));

const [only, wantedThreads] = process.argv.slice(2);
for (const threads of wantedThreads === undefined ? [2] : [Number(wantedThreads)]) {
  for (const { name, size, steps, rounds } of CASES) {
    if (only !== undefined && !name.startsWith(only)) continue;
    const folder = mkdtempSync(join(tmpdir(), "mlops-training-"));
    const runners = { ours: await ours(size, threads), pytorch: pytorch(size, threads, folder) };
    const done: Record<keyof typeof runners, Round[]> = { ours: [], pytorch: [] };
    try {
      for (let round = 0; round < rounds; round++) {
        const order = round % 2 === 0 ? (["ours", "pytorch"] as const) : (["pytorch", "ours"] as const);
        for (const who of order) done[who].push(await runners[who].run(steps));
      }
    } finally {
      await runners.ours.end();
      await runners.pytorch.end();
      rmSync(folder, { recursive: true, force: true });
    }
    const losses = (who: keyof typeof runners): number[] => done[who].flatMap((round) => round.losses);
    const apart = Math.max(...losses("ours").map((loss, at) => Math.abs(loss - losses("pytorch")[at]!)));
    const tokens = ROWS * size.context;
    const speed = (who: keyof typeof runners): number => tokens / best(done[who].slice(1), "wall", steps);
    const cpu = (who: keyof typeof runners): number => 1000 * best(done[who].slice(1), "cpu", steps);
    console.log(
      `GPT of ${name}, ${threads} threads: ${speed("ours").toFixed(0)} tokens/s, PyTorch ${speed("pytorch").toFixed(0)}, ` +
        `ratio ${(speed("ours") / speed("pytorch")).toFixed(2)} (goal: 1)`,
    );
    console.log(
      `  processor ${cpu("ours").toFixed(0)} ms a step, PyTorch ${cpu("pytorch").toFixed(0)}; ` +
        `losses of ${steps * rounds} steps at most ${apart.toExponential(1)} apart`,
    );
  }
}
