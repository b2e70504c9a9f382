/**
 * Tokens a second, beside PyTorch eager with a KV cache: the same weights, greedy, in turn, the best of the rounds; one
 * text, and eight at once. Two threads; PyTorch may take one where that is quicker. Ours is the whole generator:
 * sampling, text, stop strings and all.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Layer } from "../language/vocabulary/layer.ts";
import { BatchGenerator } from "../runtime/generate/batch-generator.ts";
import { GraphModel } from "../runtime/generate/graph-model.ts";
import type { TextCodec } from "../runtime/generate/types.ts";
import { compileArchitecture, initialise } from "../runtime/network/network.ts";
import { writeSafetensors } from "../runtime/network/safetensors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env["MLOPS_PYTHON"] ?? join(root, ".venv/bin/python");
const THREADS = 2;
const ROUNDS = 5;
const BATCH = 8;
const PROMPT = 16;
const TOKENS = 100;

const CASES = [
  { name: "0.94 M parameters", vocabulary: 1024, context: 128, width: 128, heads: 4, depth: 4 },
  { name: "10 M parameters", vocabulary: 512, context: 128, width: 448, heads: 7, depth: 4 },
] as const;
type Case = (typeof CASES)[number];

function layersOf({ vocabulary, context, width, heads, depth }: Case): Layer[] {
  const layer = (name: string, args: Layer["args"] = {}, layers?: readonly Layer[]): Layer => ({
    layer: name,
    args,
    ...(layers === undefined ? {} : { layers }),
  });
  const wide = layer("dense", { units: 4 * width, activation: "gelu" });
  return [
    layer("embedding", { vocabulary, width }),
    layer("positions", { length: context }),
    layer("repeat", { count: depth }, [
      layer("residual", {}, [layer("layer_norm"), layer("attention", { heads, causal: true })]),
      layer("residual", {}, [layer("layer_norm"), wide, layer("dense", { units: width })]),
    ]),
    layer("layer_norm"),
    layer("logits", { tied: true }),
  ];
}

/** Ids as words, so that text is made too. */
const words: TextCodec = {
  specials: new Map(),
  begin: [],
  encode: () => new Int32Array(),
  decode: (ids) => Array.from(ids, (id) => ` ${id}`).join(""),
  decoder: () => ({ push: (id) => ` ${id}`, end: () => "" }),
};

interface Run {
  readonly seconds: number;
  /** [batch][tokens] */
  readonly ids: number[][];
}

let missed = 0;
for (const one of CASES) {
  const network = compileArchitecture({ layers: layersOf(one) });
  const weights = initialise(network, 1);
  // Larger than at first, so that the likeliest token is clear and both choose the same.
  for (const { data } of weights.values()) for (let i = 0; i < data.length; i++) data[i] = 3 * data[i]!;
  const count = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const prompts = Array.from({ length: BATCH }, (_, text) =>
    Array.from({ length: PROMPT }, (_, at) => (31 * text + 7 * at * at) % one.vocabulary),
  );
  const folder = mkdtempSync(join(tmpdir(), "mlops-bench-"));
  const file = join(folder, "model.safetensors");
  writeFileSync(file, writeSafetensors(weights));
  const peers = [1, THREADS].map((threads) => {
    const settings = JSON.stringify({ ...one, threads, prompts, max: TOKENS });
    const child = spawn(python, [join(root, "bench/generation.py"), file, settings], {
      stdio: ["pipe", "pipe", "inherit"],
      // Threads that wait by spinning wait for ever where others compute too.
      env: { ...process.env, OMP_WAIT_POLICY: "PASSIVE", KMP_BLOCKTIME: "0" },
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  const model = new GraphModel(network, one.context, weights, {
    engine: "auto",
    threads: THREADS,
    maxBatch: BATCH,
    start: null,
  });
  const generator = new BatchGenerator(model, words, null);

  const theirs = async ({ child, lines }: (typeof peers)[0], batch: number): Promise<Run> => {
    child.stdin.write(`${batch}\n`);
    const { value } = await lines.next();
    if (value === undefined) throw new Error("the peer ended");
    return JSON.parse(value) as Run;
  };
  const write = async (prompt: readonly number[]): Promise<number[]> => {
    const ids: number[] = [];
    const request = { prompt: Int32Array.from(prompt), max: TOKENS, temperature: 0, topK: null, topP: 1 };
    for await (const { id } of generator.generate({ ...request, stop: [], seed: 1 })) ids.push(id);
    return ids;
  };
  const ours = async (batch: number): Promise<Run> => {
    const began = performance.now();
    const ids = await Promise.all(prompts.slice(0, batch).map(write));
    return { seconds: (performance.now() - began) / 1000, ids };
  };

  try {
    for (const batch of [1, BATCH]) {
      const [mine, his]: [number[], number[]] = [[], []];
      let equal = 0;
      for (let round = 0; round <= ROUNDS; round++) {
        const here = await ours(batch);
        for (const peer of peers) {
          const there = await theirs(peer, batch);
          equal = here.ids.flat().filter((id, at) => id === there.ids.flat()[at]).length / (batch * TOKENS);
          // The first round of each pays for what is made once.
          if (round > 0) his.push((batch * TOKENS) / there.seconds);
        }
        if (round > 0) mine.push((batch * TOKENS) / here.seconds);
      }
      const [best, peerBest] = [Math.max(...mine), Math.max(...his)];
      const ratio = best / peerBest;
      if (ratio < 1) missed++;
      const text = batch === 1 ? "one text" : `${batch} texts at once`;
      console.log(
        `${one.name} (${(count / 1e6).toFixed(2)} M), ${text}: ${best.toFixed(0)} tokens/s, PyTorch ${peerBest.toFixed(0)}: ${ratio.toFixed(2)} of it; ${(100 * equal).toFixed(1)}% of the tokens are the same`,
      );
    }
  } finally {
    for (const { child } of peers) child.stdin.end();
    await generator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = missed === 0 ? 0 : 1;
