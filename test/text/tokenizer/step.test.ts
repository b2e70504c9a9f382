/** The step: what it leaves behind, and what it says when it cannot. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { step } from "../../../runtime/steps/tokenizer.ts";
import { PipelineTokenizer } from "../../../runtime/text/tokenizer/pipeline.ts";
import { encoding, runTokenizer } from "../../../runtime/text/tokenizer/step.ts";
import { type Tokenizer, tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import { failureOf, Project, type Props } from "../../data/support.ts";

const project = new Project();
project.write("book.txt", "The cat sat on the mat.\nThe cat, the cat!\n").write("empty.txt", " \n");
await project.dataset("book", "text", { path: "book.txt", unit: "line" });
await project.dataset("empty", "text", { path: "empty.txt", unit: "line" });

const run = async (variant: string, props: Props) =>
  await runTokenizer(project.context(project.declare("tokenizer.pieces", variant, props)));

async function made(
  variant: string,
  props: Props,
): Promise<{ tokenizer: Tokenizer; size: unknown; notes: readonly string[] }> {
  const { outputs, summary, notes = [] } = await run(variant, props);
  const bytes = await project.store.read(outputs["tokenizer.json"]!);
  return { tokenizer: tokenizerFromJson(new TextDecoder().decode(bytes)), size: summary["size"], notes };
}

const corpus = [{ ref: "dataset.book" }];
const BPE = {
  corpus,
  vocabulary: 270,
  specials: ["<|end|>"],
  pretokenizer: "gpt2",
  byte_fallback: true,
  min_frequency: 2,
};
const tokens = (tokenizer: Tokenizer, text: string) =>
  Array.from(tokenizer.encode(text), (id) => tokenizer.token(id));

describe("a tokenizer is learnt", () => {
  it("of pieces, and says when the corpus gave fewer than asked", async () => {
    const { tokenizer, size, notes } = await made("bpe", BPE);
    expect(size).toBe(tokenizer.size);
    // 256 bytes; at, Ġc or cat, Ġcat; he, th or Ġt, Ġthe; The; and the special token.
    expect(tokenizer.size).toBe(264);
    expect(notes).toEqual(["264 of 270 ids: no more pairs occur 2 times or more"]);
    expect(tokens(tokenizer, " cat<|end|>")).toEqual(["Ġcat", "<|end|>"]);
    expect((await made("bpe", { ...BPE, vocabulary: 260 })).notes).toEqual([]);
  });

  it("of characters, in the order of code points", async () => {
    const { tokenizer, size } = await made("characters", { corpus, specials: ["<unk>"], min_frequency: 1 });
    expect(size).toBe([..."\n !,.Tacehmnost"].length + 1);
    expect([...tokenizer.encode("\n T")]).toEqual([0, 1, 5]);
    expect(tokens(tokenizer, "hé")).toEqual(["h", "<unk>"]);
    const text = "The cat, the mat.\n";
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(new PipelineTokenizer(tokenizer.toJson(), false).encode(text)).toEqual(tokenizer.encode(text));
  });

  it("of words, the most frequent first", async () => {
    const props = { corpus, specials: ["<unk>"], lowercase: true, min_frequency: 1, vocabulary: 5 };
    const { tokenizer, size } = await made("words", props);
    expect(size).toBe(5);
    expect(Array.from({ length: 5 }, (_, id) => tokenizer.token(id))).toEqual([
      "the",
      "cat",
      "!",
      ",",
      "<unk>",
    ]);
    expect(tokens(tokenizer, "THE dog, the cat!")).toEqual(["the", "<unk>", ",", "the", "cat", "!"]);
    expect(tokenizer.decode(tokenizer.encode("the cat!"))).toBe("the cat !");
  });
});

describe("what cannot be", () => {
  it("a corpus without text", async () => {
    expect(await failureOf(run("bpe", { ...BPE, corpus: [{ ref: "dataset.empty" }] }))).toMatchObject({
      code: "ML4205",
      values: { tokenizer: "pieces", corpus: "empty" },
      pointer: "/corpus",
    });
  });

  it("a vocabulary that does not hold the corpus's bytes", async () => {
    const props = { ...BPE, byte_fallback: false, vocabulary: 10 };
    expect(await failureOf(run("bpe", props))).toMatchObject({ code: "ML4206", values: { least: "17" } });
  });

  it("a text with what the corpus did not have", async () => {
    const { tokenizer } = await made("characters", { corpus, specials: [], min_frequency: 1 });
    const work = encoding("model.base", "tokenizer.letters", () => tokenizer.encode("the é"));
    expect(await failureOf(work)).toMatchObject({
      code: "ML4211",
      values: { tokenizer: "letters", text: '"é"' },
      declaration: "model.base",
    });
  });
});

describe("an existing tokenizer", () => {
  const WORDS = { type: "WordLevel", vocab: { a: 0, b: 1, "[UNK]": 2 }, unk_token: "[UNK]" };
  const file = (name: string, definition: unknown) => project.write(name, JSON.stringify(definition));
  const from = (path: string) => run("huggingface", { path });

  it("is taken as it is, from a file or a folder", async () => {
    file("hf/tokenizer.json", { model: WORDS, pre_tokenizer: { type: "WhitespaceSplit" }, decoder: null });
    const whole = await made("huggingface", { path: "hf" });
    expect(whole.size).toBe(3);
    expect([...whole.tokenizer.encode("b a c")]).toEqual([1, 0, 2]);
    expect((await from("hf/tokenizer.json")).outputs).toEqual((await from("hf")).outputs);
  });

  it("of GPT-2's tables, under both names", async () => {
    const vocabulary = JSON.stringify({ a: 0, b: 1, ab: 2, "<|endoftext|>": 3 });
    project.write("openai/encoder.json", vocabulary).write("openai/vocab.bpe", "#version: 0.2\na b\n");
    project.write("tables/vocab.json", vocabulary).write("tables/merges.txt", "a b\n");
    const { tokenizer } = await made("huggingface", { path: "openai" });
    expect([...tokenizer.encode("aba<|endoftext|>")]).toEqual([2, 0, 3]);
    expect((await from("tables")).outputs).toEqual((await from("openai")).outputs);
  });

  it("depends on the files that make it", () => {
    const files = (path: string) => {
      const declaration = project.declare("tokenizer.pieces", "huggingface", { path });
      const context = project.context(declaration);
      const found = step.externals!({ ...context, inputs: project.inputs });
      return "then" in found ? null : found.files;
    };
    expect(files("openai")).toEqual(
      ["encoder.json", "vocab.bpe"].map((name) => join(project.folder, "openai", name)),
    );
    expect(files("hf")).toEqual([join(project.folder, "hf/tokenizer.json")]);
    expect(files("nowhere")).toEqual([join(project.folder, "nowhere")]);
  });

  it("that is not there is an error", async () => {
    expect(await failureOf(from("nowhere"))).toMatchObject({
      code: "ML4208",
      values: { problem: "nothing is there" },
    });
    project.write("other/readme.txt", "");
    expect(await failureOf(from("other"))).toMatchObject({
      code: "ML4208",
      values: {
        path: "other",
        problem: expect.stringContaining("tokenizer.json, encoder.json with vocab.bpe") as string,
      },
    });
  });

  it.each([
    ["the normalizer Precompiled", { normalizer: { type: "Precompiled" } }],
    [
      "the pre-tokenizer UnicodeScripts",
      { pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "UnicodeScripts" }] } },
    ],
    ["the post-processor Odd", { post_processor: { type: "Odd" } }],
    ["the decoder CTC", { decoder: { type: "Sequence", decoders: [{ type: "CTC" }] } }],
    ["the model Odd", { model: { type: "Odd" } }],
    ["`dropout` of the model", { model: { type: "BPE", dropout: 0.1, vocab: {}, merges: [] } }],
    [
      'the pattern "a++"',
      { pre_tokenizer: { type: "Split", pattern: { Regex: "a++" }, behavior: "Isolated", invert: false } },
    ],
  ])("that needs what is not supported names it: %s", async (component, more) => {
    file("odd.json", { model: WORDS, ...more });
    expect(await failureOf(from("odd.json"))).toMatchObject({
      code: "ML4207",
      values: { file: "odd.json", component },
    });
  });

  it.each([
    ["no JSON", "{"],
    ["has no `model`", "{}"],
    ['merge 1 needs "b"', JSON.stringify({ model: { type: "BPE", vocab: { a: 0 }, merges: ["a b"] } })],
    ["the id 0 stands for two tokens", JSON.stringify({ model: { ...WORDS, vocab: { a: 0, b: 0 } } })],
    ["is no pair of tokens", JSON.stringify({ model: { type: "BPE", vocab: { a: 0 }, merges: [["a"]] } })],
  ])("that is none is an error: %s", async (problem, text) => {
    project.write("odd.json", text);
    expect(await failureOf(from("odd.json"))).toMatchObject({
      code: "ML4209",
      values: { problem: expect.stringContaining(problem) as string },
    });
  });
});
