/** Language models are judged on the rows that docs/language-evaluation.md says, and gates read what was kept. */
import { describe, expect, it } from "vitest";
import { readJudgement, writeJudgement } from "../../../runtime/evaluate/judgement.ts";
import { blockStarts } from "../../../runtime/evaluate/language/blocks.ts";
import { NgramModel } from "../../../runtime/evaluate/language/ngram.ts";
import type { StepResult } from "../../../runtime/execute/step.ts";
import { openGenerator } from "../../../runtime/generate/generator.ts";
import { loadLanguageModel } from "../../../runtime/learn/language/load.ts";
import { column, failureOf, op } from "../../data/support.ts";
import { adamw } from "../../learn/language/marks.ts";
import { encoderDecoder } from "../../learn/language/models.ts";
import { Judging, metric, ngramMetric } from "./support.ts";

const TEXT = { path: "book.txt", unit: "line", on_bad_row: "fail" };
const metricsOf = ({ summary }: StepResult) => summary["metrics"] as Record<string, number>;
const lines = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `line ${i} of the book, which says hello ${"again ".repeat(i % 3)}`,
  );

async function book(text: readonly string[], context = 16) {
  const project = new Judging().write("book.txt", `${text.join("\n")}\n`);
  await project.dataset("book", "text", TEXT);
  await project.tokenizer("book");
  return { project, text: `${text.join("\n")}\n`, context };
}
const written = (data: string) => ({ props: { data: { ref: data } } });

describe("running text", () => {
  it("a model that knows nothing is as surprised as it can be, by every token but the first", async () => {
    const { project, text } = await book(lines(90));
    await project.made("writer", { scale: 0, ...written("dataset.book") });
    const result = await project.evaluation("read", "writer", { ref: "dataset.book" }, [
      "loss",
      "perplexity",
      "bits_per_byte",
      "token_accuracy",
    ]);
    const size = Number(project.inputs.get("tokenizer.pieces")!.summary["size"]);
    expect(result.summary).toMatchObject({ tokens: text.length - 1, bytes: Buffer.byteLength(text) - 1 });
    const { loss, perplexity, bits_per_byte } = metricsOf(result);
    expect(loss).toBeCloseTo(Math.log(size), 5);
    expect(perplexity).toBeCloseTo(size, 3);
    expect(bits_per_byte).toBeCloseTo(Math.log2(size), 5);
    expect(result.summary["rows"]).toBe(blockStarts(text).length - 1);
  });

  it("is cut into blocks, none of which cuts a character, and every one is kept", async () => {
    const { project, text } = await book(["ä😀".repeat(800), "b".repeat(10)]);
    await project.made("writer", written("dataset.book"));
    const result = await project.evaluation("read", "writer", { ref: "dataset.book" }, ["bits_per_byte"]);
    const judgement = readJudgement(await project.store.read(result.outputs["predictions.bin"]!));
    const { bytes, tokens } = judgement.scored.measures!;
    const starts = blockStarts(text);
    expect(Array.from(bytes!.slice(1))).toEqual(
      starts.slice(1, -1).map((start, i) => Buffer.byteLength(text.slice(start, starts[i + 2]))),
    );
    expect(tokens!.reduce((sum, count) => sum + count, 0)).toBe([...text].length - 1);
    expect(writeJudgement(judgement)).toEqual(writeJudgement(readJudgement(writeJudgement(judgement))));
  });

  it("what a token costs does not depend on what it is batched with, nor on what follows it", async () => {
    const texts = [
      "the first text is this one",
      "another",
      "and a third, that is much longer than others are",
    ];
    const losses = async (kept: readonly string[]) => {
      const project = new Judging().write("rows.json", JSON.stringify(kept.map((text) => ({ text }))));
      await project.dataset("rows", "json", {
        path: "rows.json",
        schema: [column("text", "text")],
        on_bad_row: "fail",
      });
      await project.write("all.txt", texts.join("\n")).dataset("all", "text", { ...TEXT, path: "all.txt" });
      await project.tokenizer("all");
      await project.made("writer", { props: { data: { ref: "dataset.rows" } }, scale: 20 });
      const { outputs } = await project.evaluation("read", "writer", { ref: "dataset.rows" }, ["loss"]);
      const { scored } = readJudgement(await project.store.read(outputs["predictions.bin"]!));
      return Array.from(scored.measures!["nats"]!);
    };
    const together = await losses(texts);
    for (const [i, text] of texts.entries()) expect((await losses([text]))[0]).toBeCloseTo(together[i]!, 4);
  });
});

describe("gates", () => {
  it("compare with n-grams of the training text, on the same rows and in the same units", async () => {
    const { project, text } = await book(lines(90));
    await project.made("writer", written("dataset.book"));
    const gate = project.gate(
      op(metric("read", "loss"), ">", ngramMetric(3, "loss")),
      ["evaluation.read"],
      0.9,
    );
    const result = await project.evaluation("read", "writer", { ref: "dataset.book" }, ["loss"]);
    const model = new NgramModel(3);
    model.learn(text);
    const nats = model.nats(text).slice(1);
    const expected = nats.reduce((sum, value) => sum + value, 0) / nats.length;
    const baselines = result.summary["baselines"] as Record<string, Record<string, number>>;
    expect(baselines["ngram(3)"]!["loss"]).toBeCloseTo(expected, 9);
    const judged = await project.judge(gate);
    expect(judged.verdict).toBe("passed");
    const [rule] = judged.summary["rules"] as unknown as { bound: number; difference: [number, number] }[];
    expect(rule!.bound).toBeCloseTo(expected, 9);
    expect(rule!.difference[0]).toBeGreaterThan(0);
  });

  it("do not compare with what n-grams do not have", async () => {
    const { project } = await book(lines(30));
    await project.made("writer", written("dataset.book"));
    const condition = op(metric("read", "token_accuracy"), ">", ngramMetric(2, "token_accuracy"));
    const gate = project.gate(condition, ["evaluation.read"]);
    await project.evaluation("read", "writer", { ref: "dataset.book" }, ["token_accuracy"]);
    const { code, values } = await failureOf(project.judge(gate));
    expect(code).toBe("ML6108");
    expect(values["known"]).toBe("loss, perplexity, bits_per_byte");
  });

  it("judge the champion again on the same rows, and refuse one with other tokens", async () => {
    const { project } = await book(lines(90));
    const old = await project.made("old", { ...written("dataset.book"), scale: 0 });
    await project.made("writer", { ...written("dataset.book"), seed: 2 });
    project.declare("release.teller", "release", {
      name: "teller",
      model: { ref: "model.writer" },
      gate: { ref: "gate.good" },
      alias: "champion",
    });
    const champion = { name: "teller", version: 1, model: old.outputs["architecture.json"]! };
    project.champion = { ...champion, files: old.outputs };
    const gate = project.gate(
      op(metric("read", "loss"), "<", { is: "name", name: "champion", path: ["loss"] }),
      ["evaluation.read"],
    );
    await project.evaluation("read", "writer", { ref: "dataset.book" }, ["loss"]);
    const size = Number(project.inputs.get("tokenizer.pieces")!.summary["size"]);
    const [rule] = (await project.judge(gate)).summary["rules"] as unknown as { bound: number }[];
    expect(rule!.bound).toBeCloseTo(Math.log(size), 5);
    const json = await project.store.readText(old.outputs["tokenizer.json"]!);
    const other = await project.store.put(`${json} `);
    project.champion = { ...champion, files: { ...old.outputs, "tokenizer.json": other } };
    expect(await failureOf(project.judge(gate))).toMatchObject({
      code: "ML6107",
      values: { metric: "loss" },
    });
  });
});

it("an encoder-decoder's answers are written from the source, and judged as any answers", async () => {
  const rows = Array.from({ length: 81 }, (_, i) => {
    const letters = [27, 9, 3, 1].map((step) => "abc"[Math.floor(i / step) % 3]!);
    return { plain: letters.join(" "), shouted: letters.join(" ").toUpperCase() };
  });
  const project = new Judging().write("rows.json", JSON.stringify(rows)).write("all.txt", "abcABC \n");
  await project.dataset("rows", "json", {
    path: "rows.json",
    schema: [column("plain", "text"), column("shouted", "text")],
    on_bad_row: "fail",
  });
  await project.dataset("all", "text", { ...TEXT, path: "all.txt" });
  await project.tokenizer("all");
  project.architecture(encoderDecoder(12));
  await project.model("shouter", "pretrain", {
    architecture: { ref: "architecture.net" },
    tokenizer: { ref: "tokenizer.pieces" },
    data: { ref: "dataset.rows" },
    encode: "plain",
    decode: "shouted",
    steps: 240,
    batch: 16,
    optimizer: adamw(5e-3),
    seed: 1,
  });
  const result = await project.evaluation("heard", "shouter", { ref: "dataset.rows" }, [
    "exact_match",
    "bleu",
    "rouge_l",
    "loss",
  ]);
  // What the generator writes to each source, compared here by hand.
  const { outputs } = project.inputs.get("model.shouter")!;
  const model = await loadLanguageModel(project.store, outputs);
  const generator = await openGenerator(model, { engine: "auto", threads: 1, maxBatch: 8 });
  const said = await Promise.all(
    rows.map(async ({ plain }) => {
      const prompt = model.tokenizer.encode(plain, { literal: true });
      let text = "";
      const greedy = { temperature: 0, topK: null, topP: 1, stop: [], seed: 0 };
      for await (const piece of generator.generate({ prompt, max: 8, ...greedy })) text += piece.text;
      return text;
    }),
  );
  await generator.close();
  const exact = rows.filter(({ shouted }, i) => said[i] === shouted).length / rows.length;
  const { exact_match, bleu, rouge_l, loss } = metricsOf(result);
  expect(exact_match).toBeCloseTo(exact, 9);
  // One in 81 by chance: without its source nothing could be told.
  expect(exact).toBeGreaterThan(0.8);
  expect(bleu).toBeGreaterThan(0.7);
  expect(rouge_l).toBeGreaterThanOrEqual(exact);
  expect(loss).toBeLessThan(0.1);
  expect(result.summary).toMatchObject({ rows: 81, tokens: 81 * 8 });
});

describe("answers and pairs", () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ asked: `question ${i}`, good: "yes", bad: "no no" }));
  const ask = {
    template: "{asked}? ",
    input: [column("asked", "text")],
    output: [column("good", "text")],
  };
  async function opened(context = 32) {
    const project = new Judging().write("qa.json", JSON.stringify(rows));
    await project.dataset("qa", "json", {
      path: "qa.json",
      schema: ["asked", "good", "bad"].map((name) => column(name, "text")),
      on_bad_row: "fail",
    });
    const all = rows.map((row) => Object.values(row).join("? ")).join("\n");
    await project.write("all.txt", all).dataset("all", "text", { ...TEXT, path: "all.txt" });
    await project.tokenizer("all");
    const generation = { prompt: ask, completion: "good" };
    const made = (more = {}) =>
      project.made("answerer", {
        variant: "finetune",
        context,
        generation,
        ...written("dataset.qa"),
        ...more,
      });
    return { project, made };
  }

  it("likelihood is of the answers and their end; written answers are set beside them", async () => {
    const { project, made } = await opened();
    await made({ scale: 0 });
    const result = await project.evaluation("judged", "answerer", { ref: "dataset.qa" }, [
      "loss",
      "bits_per_byte",
      "exact_match",
      "bleu",
      "rouge_l",
    ]);
    const size = Number(project.inputs.get("tokenizer.pieces")!.summary["size"]);
    expect(result.summary).toMatchObject({ rows: 12, tokens: 12 * 4, bytes: 12 * 3 });
    expect(metricsOf(result)).toMatchObject({ exact_match: 0, bleu: 0, rouge_l: 0 });
    expect(metricsOf(result)["loss"]).toBeCloseTo(Math.log(size), 5);
  });

  it("rows that do not fit are left out and said, and none left is refused", async () => {
    const { project, made } = await opened(15);
    await made();
    const result = await project.evaluation("judged", "answerer", { ref: "dataset.qa" }, ["loss"]);
    expect(result.summary["rows"]).toBe(10);
    expect(result.diagnostics).toMatchObject([{ code: "ML6105", values: { dropped: "2", rows: "12" } }]);
    await made({ context: 8 });
    const refused = project.evaluation("judged", "answerer", { ref: "dataset.qa" }, ["loss"]);
    expect(await failureOf(refused)).toMatchObject({ code: "ML6106" });
  });

  it("pairs are judged by the likelier answer; against its base a dpo model that did not move prefers neither", async () => {
    const { project, made } = await opened();
    await made({ scale: 0, props: { chosen: "good", rejected: "bad" } });
    const plain = await project.evaluation("judged", "answerer", { ref: "dataset.qa" }, ["pair_accuracy"]);
    // Without an opinion the shorter answer is the likelier.
    expect(metricsOf(plain)).toEqual({ pair_accuracy: 1 });
    const [low, high] = plain.summary["wilson"] as [number, number];
    expect([low, high].map((end) => end.toFixed(4))).toEqual(["0.7575", "1.0000"]);
    await project.made("base", {
      context: 32,
      generation: { prompt: ask, completion: "good" },
      seed: 5,
      scale: 9,
    });
    const props = { base: { ref: "model.base" }, chosen: "good", rejected: "bad" };
    await made({ variant: "dpo", seed: 5, scale: 9, props });
    const same = await project.evaluation("judged", "answerer", { ref: "dataset.qa" }, ["pair_accuracy"]);
    expect(metricsOf(same)).toEqual({ pair_accuracy: 0.5 });
  });

  it("a reward model's scores decide", async () => {
    const { project, made } = await opened();
    const head = (value: number) =>
      new Map([
        ["reward.weight", { type: "float32", shape: [8, 1], data: new Float32Array(8).fill(value) }],
        ["reward.bias", { type: "float32", shape: [1], data: new Float32Array(1) }],
      ]);
    const props = { chosen: "good", rejected: "bad" };
    const judged = async (value: number) => {
      await made({ task: "preference", variant: "reward", more: head(value), props, scale: 5 });
      return metricsOf(
        await project.evaluation("judged", "answerer", { ref: "dataset.qa" }, ["pair_accuracy"]),
      );
    };
    const [one, other, none] = [await judged(1), await judged(-1), await judged(0)];
    expect(one["pair_accuracy"]! + other["pair_accuracy"]!).toBeCloseTo(1, 12);
    expect(one["pair_accuracy"]).not.toBe(0.5);
    expect(none["pair_accuracy"]).toBe(0.5);
  });

  it("what cannot be asked is refused", async () => {
    const { project, made } = await opened();
    await made();
    const ask = (metrics: readonly string[], more = {}, data = "dataset.qa") =>
      failureOf(project.evaluation("judged", "answerer", { ref: data }, metrics, more));
    expect(await ask(["auc"])).toMatchObject({ code: "ML6003" });
    expect(await ask(["loss", "pair_accuracy"])).toMatchObject({ code: "ML6101" });
    expect(await ask(["loss"], { slices: ["asked"] })).toMatchObject({ code: "ML6100" });
    expect(await ask(["bleu"], {}, "dataset.all")).toMatchObject({ code: "ML6102", pointer: "/data" });
    await project.made("writer", written("dataset.all"));
    const refused = project.evaluation("judged", "writer", { ref: "dataset.all" }, ["bleu"]);
    expect(await failureOf(refused)).toMatchObject({ code: "ML6102", pointer: "/model" });
    project.write("strange.txt", "§§§").declare("dataset.strange", "text", {});
    await project.dataset("strange", "text", { ...TEXT, path: "strange.txt" });
    const unknown = project.evaluation("judged", "writer", { ref: "dataset.strange" }, ["loss"]);
    expect(await failureOf(unknown)).toMatchObject({ code: "ML6104" });
  });
});
