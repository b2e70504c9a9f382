/** Texts to vectors by a model of a folder, as rows that models of columns read. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTable } from "../../runtime/data/load.ts";
import { openGenerator } from "../../runtime/generate/generator.ts";
import { loadLanguageModel } from "../../runtime/learn/language/load.ts";
import { run as huggingface } from "../../runtime/learn/recipes/huggingface.ts";
import { openEmbedder } from "../../runtime/network/huggingface/embed.ts";
import { writeFolder } from "../../runtime/network/huggingface/folder.ts";
import { writtenModel } from "../../runtime/network/huggingface/write.ts";
import { compileArchitecture, initialise } from "../../runtime/network/network.ts";
import { tokenizerFromJson } from "../../runtime/text/tokenizer/tokenizer.ts";
import { column, failureOf, Project } from "../data/support.ts";
import { apart, computed, ids } from "./apply.ts";
import { gpt, layersOf, SEQ2SEQ } from "./spec.ts";

/** Words of one letter each; `[` and `]` stand around a text. */
const TOKENIZER = JSON.stringify({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: ["[", "]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: "WhitespaceSplit" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: Object.fromEntries(
      ["[", "]"].map((token, id) => [token, { id: token, ids: [id], tokens: [token] }]),
    ),
  },
  decoder: null,
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(["[", "]", "?", ..."abcdefghij"].map((token, id) => [token, id])),
    unk_token: "?",
  },
});

const layers = layersOf(`
  embedding(13, 8)
  positions(32)
  token_types(2)
  layer_norm(1e-12)
  repeat 2 {
    residual { attention(2) }
    layer_norm(1e-12)
    residual { dense(12, gelu), dense(8) }
    layer_norm(1e-12)
  }`);
const network = compileArchitecture({ layers });
// Larger than the first values of training, so that texts are told apart.
const weights = new Map(
  [...initialise(network, 6)].map(([name, { shape, data }]) => [
    name,
    {
      type: "float32" as const,
      shape,
      data: Float32Array.from(data, (x) => (data.length > 24 ? 20 * x : x)),
    },
  ]),
);
const tokenizer = tokenizerFromJson(TOKENIZER);

/** By the plain interpreter, one text at a time. */
function vectorOf(tokens: readonly number[], pooling: "mean" | "cls"): Float64Array {
  const made = computed(
    network,
    weights,
    (b, p) =>
      b.output("y", network.pooled(b, p, { ids: b.input("ids", "int32", [1, tokens.length]) }, pooling)),
    { ids: ids(tokens) },
  );
  return Float64Array.from(made["y"]!.data);
}
const unit = (vector: Float64Array): number[] => {
  const length = Math.hypot(...vector);
  return Array.from(vector, (x) => x / length);
};

const project = new Project();
beforeAll(async () => {
  writeFolder(join(project.folder, "models/mini"), writtenModel(layers, weights), {
    json: TOKENIZER,
    end: null,
  });
  const declared = project.declare("model.mini", "huggingface", { path: "models/mini" });
  project.inputs.set("model.mini", await huggingface(project.context(declared)));
  project.write(
    "reviews.csv",
    "id,review,stars\n1,a b c,good\n2,,bad\n3,a b c,bad\n4,j i h g f e d c b a a b c d e f g h,good\n",
  );
  const columns = [
    column("id", "int", { role: "key" }),
    column("review", "text", { nullable: true }),
    column("stars", "category", { role: "label" }),
  ];
  await project.dataset("reviews", "csv", { path: "reviews.csv", schema: columns });
});

describe("a dataset of encoded texts", () => {
  const encoded = async (more: Record<string, unknown> = {}) => {
    const result = await project.dataset("meanings", "encoded", {
      rows: { ref: "dataset.reviews" },
      column: "review",
      model: { ref: "model.mini" },
      normalize: true,
      ...more,
    } as never);
    const { columns } = await loadTable(project.store, project.source("dataset.meanings"));
    const numbers = Array.from({ length: 8 }, (_, i) => {
      const read = columns.get(`review_${i + 1}`)!;
      return read.type === "number" ? read.values : new Float64Array();
    });
    return { result, rows: Array.from({ length: 4 }, (_, row) => numbers.map((values) => values[row]!)) };
  };

  it("has each text's vector beside its row", async () => {
    const { result, rows } = await encoded();
    expect(result.summary["rows"]).toBe(4);
    const roles = result.summary["columns"] as { name: string; role: string | null; type: string }[];
    expect(roles.map(({ name }) => name)).toEqual([
      "id",
      "review",
      "stars",
      ...Array.from({ length: 8 }, (_, i) => `review_${i + 1}`),
    ]);
    expect(roles.slice(0, 3).map(({ role }) => role)).toEqual(["key", null, "label"]);
    expect(apart(rows[0]!, unit(vectorOf([0, 3, 4, 5, 1], "mean")))).toBeLessThan(1e-6);
    expect(apart(rows[1]!, unit(vectorOf([0, 1], "mean")))).toBeLessThan(1e-6);
    expect(rows[2]).toEqual(rows[0]);
    expect(apart(rows[3]!, rows[0]!)).toBeGreaterThan(1e-2);
  });

  it("takes the first token's vector, and its length, when told so", async () => {
    const { rows } = await encoded({ pooling: "cls", normalize: false });
    expect(apart(rows[0]!, vectorOf([0, 3, 4, 5, 1], "cls"))).toBeLessThan(1e-6);
  });

  it("is the same bytes again", async () => {
    const [first, second] = [await encoded(), await encoded()];
    expect(second.result.outputs).toEqual(first.result.outputs);
  });

  it("says what it cannot read", async () => {
    expect(await failureOf(encoded({ column: "reviews" }))).toMatchObject({ code: "ML4101" });
    expect(await failureOf(encoded({ model: { ref: "dataset.reviews" } }))).toMatchObject({ code: "ML5258" });
  });
});

describe("an embedder", () => {
  it("shortens what does not fit, and keeps the token that closes a text", async () => {
    const embedder = openEmbedder(
      { network, weights, tokenizer },
      { engine: "auto", threads: 1, pooling: "mean", normalize: false, tokens: 4 },
    );
    const [long] = await embedder.embed(["a b c d e f"]);
    await embedder.release();
    expect(apart(long!, vectorOf([0, 3, 4, 1], "mean"))).toBeLessThan(1e-5);
  });

  it("gives a text the same vector, whatever stands beside it", async () => {
    const embedder = openEmbedder(
      { network, weights, tokenizer },
      { engine: "auto", threads: 1, pooling: "mean", normalize: true },
    );
    const texts = ["a b", "c d e f", "j", "a b c d e f g h i j a b c d e f g h"];
    const together = await embedder.embed(texts);
    for (const [at, text] of texts.entries()) {
      const [alone] = await embedder.embed([text]);
      expect(apart(alone!, together[at]!)).toBeLessThan(1e-6);
    }
    await embedder.release();
  });
});

describe("a generator of an encoder", () => {
  it("makes the very vectors, with the tokens that stand around a text", async () => {
    const model = await loadLanguageModel(project.store, project.inputs.get("model.mini")!.outputs);
    const generator = await openGenerator(model, { engine: "auto", threads: 1, maxBatch: 1 });
    const [vector] = await generator.embed(["a b c"]);
    await generator.close();
    expect(apart(vector!, vectorOf([0, 3, 4, 5, 1], "mean"))).toBeLessThan(1e-5);
  });
});

describe("a sentence encoder's folder", () => {
  /** Imports the same weights with these files of sentence-transformers beside them. */
  async function imported(name: string, pooling: object, modules: readonly string[] | null) {
    const folder = join(project.folder, "models", name);
    writeFolder(folder, writtenModel(layers, weights), { json: TOKENIZER, end: null });
    project.write(`models/${name}/1_Pooling/config.json`, JSON.stringify(pooling));
    if (modules !== null) {
      const listed = modules.map((one, idx) => ({ idx, type: `sentence_transformers.models.${one}` }));
      project.write(`models/${name}/modules.json`, JSON.stringify(listed));
    }
    const declared = project.declare(`model.${name}`, "huggingface", { path: `models/${name}` });
    return loadLanguageModel(project.store, (await huggingface(project.context(declared))).outputs);
  }
  const mode = (name: string) => ({ pooling_mode_cls_token: false, [`pooling_mode_${name}`]: true });

  it("says which vector it makes, and generators make that one", async () => {
    const model = await imported("first", mode("cls_token"), ["Transformer", "Pooling"]);
    expect(model.generation.embedding).toEqual({ pooling: "cls", normalize: false });
    const generator = await openGenerator(model, { engine: "auto", threads: 1, maxBatch: 1 });
    const [vector] = await generator.embed(["a b c"]);
    await generator.close();
    expect(apart(vector!, vectorOf([0, 3, 4, 5, 1], "cls"))).toBeLessThan(1e-5);
    expect(apart(vector!, vectorOf([0, 3, 4, 5, 1], "mean"))).toBeGreaterThan(1e-2);
    const mean = await imported("mean", mode("mean_tokens"), ["Transformer", "Pooling", "Normalize"]);
    expect(mean.generation.embedding).toEqual({ pooling: "mean", normalize: true });
    const silent = await imported("silent", mode("mean_tokens"), null);
    expect(silent.generation.embedding).toEqual({ pooling: "mean", normalize: true });
    const plain = await loadLanguageModel(project.store, project.inputs.get("model.mini")!.outputs);
    expect(plain.generation).not.toHaveProperty("embedding");
  });

  it("is refused where its vectors are made in another way", async () => {
    const refused = await failureOf(imported("most", mode("max_tokens"), null));
    expect(refused).toMatchObject({ code: "ML5252", values: { setting: "pooling_mode_max_tokens" } });
    const both = { ...mode("mean_tokens"), pooling_mode_cls_token: true };
    expect((await failureOf(imported("both", both, null))).code).toBe("ML5252");
  });
});

describe("a model of a folder", () => {
  it("says what it is", () => {
    expect(project.inputs.get("model.mini")!.summary).toMatchObject({
      family: "BERT",
      context: 32,
      vocabulary: 13,
      task: "embedding",
    });
  });

  it("is refused with a tokenizer that has more ids than its table", async () => {
    const small = layersOf(gpt().replace("embedding(50", "embedding(9"));
    const written = writtenModel(small, initialise(compileArchitecture({ layers: small }), 1));
    writeFolder(join(project.folder, "models/small"), written, { json: TOKENIZER, end: null });
    const declared = project.declare("model.small", "huggingface", { path: "models/small" });
    expect(await failureOf(huggingface(project.context(declared)))).toMatchObject({
      code: "ML5256",
      pointer: "/path",
    });
  });

  it("is none that reads one text and writes another", () => {
    const translator = layersOf(SEQ2SEQ);
    expect(() =>
      writtenModel(translator, initialise(compileArchitecture({ layers: translator }), 1)),
    ).toThrow("ML5254");
  });
});
