/**
 * Hugging Face's `transformers` beside our generation: greedy texts of each architecture behind its cache, alone and
 * in one batch, and the distributions that temperature, top-k and top-p leave.
 * Needs `MLOPS_PYTHON`, a Python with torch and transformers.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BatchGenerator } from "../../runtime/generate/batch-generator.ts";
import { GraphModel } from "../../runtime/generate/graph-model.ts";
import { distribution, type Sampling } from "../../runtime/generate/sample.ts";
import type { TextCodec } from "../../runtime/generate/types.ts";
import { random } from "../../runtime/learn/random.ts";
import { folderFiles } from "../../runtime/network/huggingface/files.ts";
import { readFolder } from "../../runtime/network/huggingface/folder.ts";
import { modelOf } from "../../runtime/network/huggingface/read.ts";
import { compileArchitecture } from "../../runtime/network/network.ts";

const python = process.env["MLOPS_PYTHON"];
const root = mkdtempSync(join(tmpdir(), "generation-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(script: string, ...args: string[]): void {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status, stderr, stdout } = spawnSync(python!, ["-I", file, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
}
const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(root, ...path), "utf8")) as T;

const NAMES = ["gpt2", "gpt2-untied", "llama", "llama-biased", "mistral", "gemma", "gemma2"];
const VOCABULARY = 61;
const CONTEXT = 40;
const MAX = 18;
const END = 3;

const numbers: TextCodec = {
  specials: new Map(),
  begin: [],
  encode: () => new Int32Array(),
  decode: () => "",
  decoder: () => ({ push: () => "", end: () => "" }),
};

describe.skipIf(python === undefined)("transformers", () => {
  const stream = random(3);
  const prompts = [1, 5, 16, 21].map((length) => Array.from({ length }, () => stream.int(VOCABULARY)));

  beforeAll(() => {
    run("huggingface.py", "make", root);
    writeFileSync(join(root, "prompts.json"), JSON.stringify({ prompts, max: MAX }));
    run("generation.py", "texts", root, ...NAMES);
  });

  it.each(NAMES)("%s goes on with the same tokens, alone and in a batch", async (name) => {
    writeFileSync(join(root, name, "tokenizer.json"), "{}");
    const { config, tensors } = readFolder(folderFiles(join(root, name), name), name);
    const { architecture, weights } = modelOf(config, tensors, name);
    const options = { engine: "auto", threads: 1, maxBatch: 4, start: null } as const;
    const model = new GraphModel(compileArchitecture(architecture), CONTEXT, weights, options);
    const generator = new BatchGenerator(model, numbers, END);
    const write = async (prompt: readonly number[]) => {
      const ids: number[] = [];
      const greedy = { temperature: 0, topK: null, topP: 1, stop: [], seed: 0 };
      const request = { prompt: Int32Array.from(prompt), max: MAX, ...greedy };
      for await (const { id } of generator.generate(request)) ids.push(id);
      return ids;
    };
    const expected = json<number[][]>(name, "texts.json");
    for (const [at, prompt] of prompts.entries()) expect(await write(prompt)).toEqual(expected[at]);
    expect(await Promise.all(prompts.map(write))).toEqual(expected);
    await generator.close();
  });

  it("narrows distributions as we do", () => {
    const cases = Array.from({ length: 200 }, (_, at): Sampling & { readonly logits: number[] } => ({
      logits: Array.from({ length: 50 }, () => Math.fround(6 * stream.next() - 3)),
      temperature: 0.3 + 1.7 * stream.next(),
      topK: at % 3 === 0 ? null : 1 + stream.int(50),
      topP: at % 4 === 0 ? 1 : 0.05 + 0.9 * stream.next(),
    }));
    writeFileSync(join(root, "sampling.json"), JSON.stringify(cases));
    run("generation.py", "sampling", root);
    const theirs = json<number[][]>("probabilities.json");
    cases.forEach(({ logits, ...sampling }, at) => {
      const ours = distribution(Float32Array.from(logits), sampling);
      const apart = Math.max(...theirs[at]!.map((value, id) => Math.abs(value - ours[id]!)));
      expect([at, apart < 1e-6]).toEqual([at, true]);
    });
  });
});
