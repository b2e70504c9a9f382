/** Words, files of vectors, neighbours, and the step. */
import { describe, expect, it } from "vitest";
import { neighboursOf, spelledLike } from "../../../runtime/text/embedding/neighbours.ts";
import { mean, runEmbedding } from "../../../runtime/text/embedding/step.ts";
import { readBinary, writeBinary, writeText } from "../../../runtime/text/embedding/vectors.ts";
import { WordReader, wordsOf } from "../../../runtime/text/word2vec/words.ts";
import { failureOf, Project } from "../../data/support.ts";
import { plantedText } from "./planted.ts";

describe("words", () => {
  it("are lower case, with apostrophes inside, in any script", () => {
    expect(wordsOf("Don’t 'tis—ÜBER 3rd, Ελλάδα हिन्दी!")).toEqual([
      "don't",
      "tis",
      "über",
      "3rd",
      "ελλάδα",
      "हिन्दी",
    ]);
  });

  it("are counted, rare ones left out, and paragraphs are sentences", () => {
    const reader = new WordReader();
    reader.read("b a\na c\n\n \nb a");
    reader.read("a");
    const text = reader.finish(2);
    expect(text.vocabulary).toEqual({ words: ["a", "b"], counts: [4, 2] });
    expect(Array.from(text.tokens)).toEqual([1, 0, 0, -1, 1, 0, -1, 0, -1]);
    expect(text.total).toBe(7);
  });
});

describe("files", () => {
  const values = Float32Array.of(0.1, -2.5e-8, 3, 1e20, Math.fround(1 / 3), 0);
  const vectors = { words: ["one", "zwölf"], width: 3, values };

  it("binary comes back the same", () => {
    const again = readBinary(writeBinary(vectors));
    expect(again).toEqual(vectors);
  });

  it("text has every bit of every number", () => {
    const [head, ...lines] = writeText(vectors).trimEnd().split("\n");
    expect(head).toBe("2 3");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(vectors.words);
    expect(Float32Array.from(lines.flatMap((line) => line.split(" ").slice(1).map(Number)))).toEqual(values);
  });
});

it("the mean of two embeddings is that of each number", () => {
  const a = Float32Array.of(0.1, 1, -3);
  const b = Float32Array.of(0.3, 2, 5);
  expect(Array.from(mean([a, b]))).toEqual(Array.from(a, (x, i) => Math.fround((x + b[i]!) / 2)));
  expect(mean([a])).toBe(a);
});

describe("neighbours", () => {
  const vectors = {
    words: ["east", "north", "north-east", "west", "nothing"],
    width: 2,
    values: Float32Array.of(2, 0, 0, 1, 3, 3, -1, 0, 0, 0),
  };

  it("stand by the cosine, never the word itself", () => {
    const [near] = neighboursOf(vectors, [0], 3);
    expect(near!.map(({ word }) => word)).toEqual(["north-east", "north", "nothing"]);
    expect(near![0]!.similarity).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it("of an unknown word are those spelled alike", () => {
    expect(spelledLike("nort", vectors.words)).toEqual(["north"]);
    expect(spelledLike("zzz", vectors.words)).toEqual([]);
  });
});

describe("the step", () => {
  const props = {
    corpus: [{ ref: "dataset.book" }],
    method: { call: "mean", args: { first: "cbow", second: "skip_gram" } },
    width: 8,
    window: 3,
    negatives: 3,
    subsample: 0.01,
    min_count: 2,
    epochs: 2,
    rate: 0.05,
    seed: 3,
  };
  const opened = async (text: string) => {
    const project = new Project().write("book.txt", text);
    await project.dataset("book", "text", { path: "book.txt", unit: "line", on_bad_row: "fail" });
    const run = (more: Partial<typeof props> = {}) =>
      runEmbedding(project.context(project.declare("embedding.words", "word2vec", { ...props, ...more })));
    return { project, run };
  };

  it("keeps the exact mean of both methods, which are what each alone gives", async () => {
    const { project, run } = await opened(plantedText(4000, 4));
    const { store } = project;
    const [both, cbow, skipGram] = await Promise.all([
      run(),
      run({ method: { call: "cbow", args: {} } as never }),
      run({ method: { call: "skip_gram", args: {} } as never }),
    ]);
    const vectors = async ({ outputs }: typeof both) => readBinary(await store.read(outputs["vectors.bin"]!));
    const [mixed, first, second] = await Promise.all([vectors(both), vectors(cbow), vectors(skipGram)]);
    expect(mixed.words).toEqual(first.words);
    expect(mixed.values).toEqual(first.values.map((x, i) => (x + second.values[i]!) / 2));
    expect(both.summary).toMatchObject({ words: mixed.words.length, width: 8 });
    const { words, counts } = JSON.parse(
      Buffer.from(await store.read(both.outputs["vocabulary.json"]!)).toString(),
    );
    expect(words).toEqual(mixed.words);
    expect(counts).toHaveLength(words.length);
  });

  it("refuses a text in which no word occurs often enough", async () => {
    const { run } = await opened("every word here stands alone");
    expect(await failureOf(run())).toMatchObject({
      code: "ML5200",
      pointer: "/corpus",
      values: { total: "5" },
    });
  });
});
