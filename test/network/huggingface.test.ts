import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TensorData } from "../../runtime/graph/graph.ts";
import { filesOf, folderFiles } from "../../runtime/network/huggingface/files.ts";
import { readFolder, writeFolder } from "../../runtime/network/huggingface/folder.ts";
import { HuggingFaceProblem } from "../../runtime/network/huggingface/problem.ts";
import { modelOf } from "../../runtime/network/huggingface/read.ts";
import { writtenModel } from "../../runtime/network/huggingface/write.ts";
import { compileArchitecture, initialise } from "../../runtime/network/network.ts";
import { apart, logitsOf } from "./apply.ts";
import { gpt, layersOf } from "./spec.ts";

const root = mkdtempSync(join(tmpdir(), "folders-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rotary = { positions: "positions(24, rotary, base = 500)", norm: "rms_norm(1e-6)" };
const llama = {
  ...rotary,
  attention: "4, kv_heads = 2, bias = false",
  feed: "swiglu(48)",
  logits: "logits()",
};
const gemma = { ...rotary, feed: "gated(48, gelu_tanh)", logits: "logits(tied = true)" };
const scaled = (spec: string): string =>
  spec.replace("embedding(50, 32)", "embedding(50, 32, scaled = true)");

const GEMMA2 = `
  embedding(50, 32, scaled = true)
  positions(24, rotary)
  repeat 2 {
    residual { rms_norm(), attention(4, causal = true, bias = false, window = 5, softcap = 20, scale = 0.25), rms_norm() }
    residual { rms_norm(), gated(48, gelu_tanh), rms_norm() }
    residual { rms_norm(), attention(4, causal = true, bias = false, softcap = 20, scale = 0.25), rms_norm() }
    residual { rms_norm(), gated(48, gelu_tanh), rms_norm() }
  }
  rms_norm()
  logits(tied = true, softcap = 15)
`;
const BERT = `
  embedding(50, 32)
  positions(24)
  token_types(2)
  layer_norm(1e-12)
  dropout(10%)
  repeat 2 {
    residual { attention(4, dropout = 10%), dropout(10%) }
    layer_norm(1e-12)
    residual { dense(48, gelu), dense(32), dropout(10%) }
    layer_norm(1e-12)
  }
`;

const MODELS: readonly (readonly [string, string])[] = [
  ["GPT-2", gpt()],
  ["GPT-2", gpt({ feed: "dense(40, relu), dropout(10%), dense(32)", logits: "logits()" })],
  ["Llama", gpt(llama)],
  ["Llama", gpt({ ...llama, attention: "4, bias = true, head_width = 6", feed: "gated(48, relu)" })],
  ["Mistral", gpt({ ...llama, attention: "4, window = 7, bias = false" })],
  ["Gemma", scaled(gpt({ ...gemma, attention: "4, kv_heads = 1, bias = false, head_width = 10" }))],
  ["Gemma 2", GEMMA2],
  ["BERT", BERT],
];

const problemOf = (work: () => unknown): HuggingFaceProblem => {
  try {
    work();
  } catch (error) {
    if (error instanceof HuggingFaceProblem) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe.each(MODELS)("a model written as %s (%#)", (family, spec) => {
  const layers = layersOf(spec);
  const network = compileArchitecture({ layers });
  const weights = initialise(network, 9);
  const written = writtenModel(layers, weights);

  it("is read again as the same network", () => {
    expect(written.family).toBe(family);
    const read = modelOf(written.config, written.tensors, "folder");
    expect(read.family).toBe(family);
    expect(read.architecture.context).toBe(24);
    const again = compileArchitecture(read.architecture);
    const ids = [[3, 1, 4, 1, 5, 9, 2, 6, 5]];
    // Gains that are stored less 1 lose their last bits.
    expect(apart(logitsOf(again, read.weights, ids), logitsOf(network, weights, ids))).toBeLessThan(1e-6);
  });
});

describe("architectures that are none of theirs", () => {
  const refused = (spec: string) => {
    const layers = layersOf(spec);
    const { code, values } = problemOf(() =>
      writtenModel(layers, initialise(compileArchitecture({ layers }), 1)),
    );
    expect(code).toBe("ML5254");
    return `${values["place"]}: ${values["why"]} (${values["family"]})`;
  };

  it("are refused with the layer that differs first", () => {
    expect(refused(gpt({ positions: "positions(24, sinusoidal)" }))).toBe(
      "positions: `kind` is learned there (GPT-2)",
    );
    expect(refused(gpt({ attention: "4, bias = false" }))).toBe(
      "repeat › residual › attention: `bias` is true there (GPT-2)",
    );
    expect(refused(gpt({ feed: "dense(64, gelu), dense(32), scale(2)" }))).toBe(
      "repeat › residual › scale: nothing stands there (GPT-2)",
    );
    expect(refused(gpt({ ...llama, positions: "positions(24, rotary, pairs = neighbours)" }))).toBe(
      "positions: `pairs` is halves there (Llama)",
    );
    expect(refused(gpt({ norm: "rms_norm()", feed: "scale(2)" }))).toContain("none of theirs");
  });
});

describe("folders", () => {
  const layers = layersOf(gpt());
  const weights = initialise(compileArchitecture({ layers }), 3);
  const written = writtenModel(layers, weights);
  const folder = join(root, "gpt");
  writeFolder(folder, written, { json: "{}", end: { id: 7, token: "</s>" } });
  const changed = (config: object, tensors: ReadonlyMap<string, TensorData> = written.tensors) =>
    problemOf(() => modelOf({ ...written.config, ...config }, tensors, "models/x"));

  it("hold what was written", () => {
    const files = folderFiles(folder, "gpt");
    expect([...filesOf(folder)].map((file) => file.slice(folder.length + 1)).sort()).toEqual([
      "config.json",
      "generation_config.json",
      "model.safetensors",
      "tokenizer.json",
    ]);
    const { config, tensors, ends } = readFolder(files, "gpt");
    expect(ends).toEqual([7]);
    const read = modelOf(config, tensors, "gpt");
    expect(read.weights.get("2.repeat.1.0.residual.1.attention.key.weight")).toEqual(
      weights.get("2.repeat.1.0.residual.1.attention.key.weight"),
    );
  });

  it("may be read for shorter texts", () => {
    const read = modelOf(written.config, written.tensors, "gpt", 8);
    expect(read.architecture.context).toBe(8);
    const ids = [[3, 1, 4, 1, 5]];
    expect(
      apart(
        logitsOf(compileArchitecture(read.architecture), read.weights, ids),
        logitsOf(compileArchitecture({ layers }), weights, ids),
      ),
    ).toBe(0);
  });

  it("are refused, with what is wrong, where something is missing or of another model", () => {
    expect(problemOf(() => folderFiles(join(root, "none"), "openai-community/gpt2"))).toMatchObject({
      code: "ML5255",
      values: { path: "openai-community/gpt2", name: "gpt2" },
    });
    expect(problemOf(() => folderFiles(join(root, "none"), "./models/gpt2")).values["problem"]).toBe(
      "there is no such folder",
    );
    const empty = join(root, "empty");
    mkdirSync(empty);
    expect(problemOf(() => folderFiles(empty, "empty")).values["problem"]).toBe("it has no config.json");
    writeFileSync(join(empty, "config.json"), "[]");
    writeFileSync(join(empty, "tokenizer.json"), "{}");
    expect(problemOf(() => folderFiles(empty, "empty")).values["problem"]).toBe(
      "it has no model.safetensors",
    );
    writeFileSync(join(empty, "model.safetensors"), "");
    expect(problemOf(() => readFolder(folderFiles(empty, "empty"), "empty")).values["problem"]).toBe(
      "config.json is no JSON object",
    );
    expect(changed({ model_type: "t5" })).toMatchObject({ code: "ML5251", values: { type: "t5" } });
    expect(changed({ scale_attn_by_inverse_layer_idx: true })).toMatchObject({
      code: "ML5252",
      values: { value: "true" },
    });
    expect(changed({ activation_function: "selu" }).values["setting"]).toBe("activation_function");
    expect(changed({ n_layer: 3 }).values["problem"]).toBe("the tensor h.2.ln_1.weight is missing");
    expect(changed({ vocab_size: 51 }).values["problem"]).toContain("transformer.wte.weight is [50, 32]");
    expect(changed({ n_layer: 1 }).values["problem"]).toContain(
      "transformer.h.1.ln_1.weight has no place in GPT-2",
    );
  });

  it("with stretched rotary positions are refused", () => {
    const { config, tensors } = writtenModel(
      layersOf(gpt(llama)),
      initialise(compileArchitecture({ layers: layersOf(gpt(llama)) }), 1),
    );
    for (const setting of [
      { rope_scaling: { type: "linear", factor: 2 } },
      { rope_parameters: { rope_type: "llama3", rope_theta: 500 } },
    ])
      expect(problemOf(() => modelOf({ ...config, ...setting }, tensors, "x")).code).toBe("ML5252");
  });
});
