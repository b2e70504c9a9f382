import { describe, expect, it } from "vitest";
import { exampleOf } from "../../../runtime/learn/language/examples.ts";
import { likelihoodBatches } from "../../../runtime/learn/language/likelihood-batches.ts";
import { loadLanguageModel } from "../../../runtime/learn/language/load.ts";
import { failureOf } from "../../data/support.ts";
import { letters } from "./letters.ts";
import { adamw } from "./marks.ts";
import { decoder, encoderDecoder, LanguageProject } from "./models.ts";

const project = new LanguageProject();
const LINE = "the cat sat on the mat\n\nand the dog sat on the log\n";
const TEXT = LINE.repeat(60);
project.write("book.txt", TEXT);

const props = {
  architecture: { ref: "architecture.net" },
  tokenizer: { ref: "tokenizer.pieces" },
  data: { ref: "dataset.book" },
  validate: { ref: "dataset.book" },
  steps: 60,
  batch: 8,
  optimizer: adamw(5e-3),
  evaluate_every: 20,
  seed: 1,
};

async function book(context = 16): Promise<void> {
  await project.dataset("book", "text", { path: "book.txt" });
  await project.tokenizer("book");
  project.architecture(decoder(context));
}

describe("pretraining a decoder", () => {
  it("learns a text, empty lines among it, and leaves all that is needed of it", async () => {
    await book();
    const { outputs, summary } = await project.model("writer", "pretrain", props);
    expect(summary).toMatchObject({ task: "language", tokens: TEXT.length, context: 16, steps: 60 });
    // Chance is the logarithm of the vocabulary.
    expect(summary["validation_loss"]).toBeLessThan(0.6 * Math.log(Number(summary["vocabulary"])));
    const model = await loadLanguageModel(project.store, outputs);
    expect(model.architecture).toMatchObject({
      kind: "decoder",
      context: 16,
      vocabulary: model.tokenizer.size,
    });
    expect(model.generation).toEqual({
      format: 1,
      prompt: null,
      completion: null,
      stop: [],
      end: model.tokenizer.size - 1,
    });
    expect([...model.weights.keys()].sort()).toEqual(model.network.parameters.map(({ name }) => name).sort());
    const history = await project.store.readJson<{ step: number; validation?: number }[]>(
      outputs["history.json"]!,
    );
    expect(history.flatMap(({ step, validation }) => (validation === undefined ? [] : [step]))).toEqual([
      20, 40, 60,
    ]);
    expect(await project.store.readText(outputs["plots/loss.svg"]!)).toContain("<title>Loss</title>");
  });

  it("says where numbers end", async () => {
    const { code, values } = await failureOf(
      project.model("wild", "pretrain", {
        ...props,
        clip: 0,
        optimizer: { call: "sgd", args: { lr: 1e30, momentum: 0, weight_decay: 0 } },
      }),
    );
    expect(code).toBe("ML5230");
    expect(Number(values["step"])).toBeGreaterThan(0);
  });

  it("refuses a text that fills no window, and a table that does not hold every id", async () => {
    await book(4000);
    expect(await failureOf(project.model("short", "pretrain", props))).toMatchObject({
      code: "ML5276",
      values: { tokens: String(TEXT.length), context: "4000" },
    });
    const [embedding, ...rest] = decoder(16);
    project.architecture([{ ...embedding!, args: { vocabulary: 5, width: 32 } }, ...rest]);
    const { code, values } = await failureOf(project.model("narrow", "pretrain", props));
    expect([code, values["problem"]]).toEqual(["ML5275", expect.stringContaining("holds 5 ids")]);
  });
});

describe("pretraining an encoder-decoder", () => {
  const pairs = Array.from({ length: 160 }, (_, i) => {
    const word = [i % 5, (i * 7) % 5, (i >> 2) % 5].map((letter) => "abcde"[letter]).join("");
    return { plain: word, shouted: word.toUpperCase() };
  });
  project.write("pairs.jsonl", `${pairs.map((row) => JSON.stringify(row)).join("\n")}\n`);
  const sequence = {
    ...props,
    data: { ref: "dataset.pairs" },
    validate: { ref: "dataset.pairs" },
    encode: "plain",
    decode: "shouted",
    steps: 80,
    batch: 16,
  };

  it("learns to write one text from another, and says how it is asked", async () => {
    project.write("letters.txt", "abcdeABCDE\n");
    await project.dataset("pairs", "jsonl", { path: "pairs.jsonl" });
    await project.dataset("letters", "text", { path: "letters.txt" });
    await project.tokenizer("letters");
    project.architecture(encoderDecoder(8));
    const { outputs, summary } = await project.model("shouter", "pretrain", sequence);
    expect(summary).toMatchObject({ task: "sequence" });
    // Without a look at the source every letter is a guess among five, and the end is known: 1.21 nats a token.
    expect(summary["validation_loss"]).toBeLessThan(0.6);
    const { generation, architecture } = await loadLanguageModel(project.store, outputs);
    expect(architecture.kind).toBe("encoder_decoder");
    expect(generation).toMatchObject({ prompt: { template: "{plain}" }, completion: "shouted" });
    expect(generation.prompt?.output.map(({ name }) => name)).toEqual(["shouted"]);
    project.prompt("shout", "{plain}", ["plain"], ["shouted"]);
    const base = {
      base: { ref: "model.shouter" },
      data: { ref: "dataset.pairs" },
      prompt: { ref: "prompt.shout" },
    };
    const tuned = await project.model("again", "finetune", {
      ...base,
      validate: { ref: "dataset.pairs" },
      steps: 5,
    });
    expect(tuned.summary["base_validation_loss"]).toBeCloseTo(Number(summary["validation_loss"]), 5);
    expect(
      (await failureOf(project.model("no", "dpo", { ...base, chosen: "plain", rejected: "shouted" }))).code,
    ).toBe("ML5271");
  });

  it("needs an end of text", async () => {
    await project.tokenizer("letters", { specials: [] });
    expect((await failureOf(project.model("endless", "pretrain", sequence))).code).toBe("ML5274");
  });
});

describe("a step's batches", () => {
  const abc = letters("abcdef", ["<|endoftext|>"]);
  const examples = ["ab", "abcd", "a", "abcdefabcdef"].map((text) =>
    exampleOf(abc, { template: "f" }, {}, text, 6),
  );

  it("weigh every counted token alike, over all of the accumulated batches", () => {
    const material = { is: "examples", examples, buckets: [8, 16] } as const;
    const batches = likelihoodBatches(material, { batch: 1, accumulate: 3, seed: 2 })(1);
    const weights = batches.flatMap(({ weights }) => [...weights!.data].filter((weight) => weight > 0));
    expect(new Set(weights.map((weight) => weight.toFixed(6))).size).toBe(1);
    // The loop takes the mean of three losses.
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 3).toBeCloseTo(1, 5);
  });

  it("are the same for a run that goes on from a later step", () => {
    const material = { is: "examples", examples, buckets: [8, 16] } as const;
    const options = { batch: 2, accumulate: 2, seed: 2 };
    const whole = likelihoodBatches(material, options);
    const steps = [1, 2, 3, 4].map((step) => whole(step));
    expect(likelihoodBatches(material, options)(4)).toEqual(steps[3]);
  });
});
