/** Metrics of language models by hand, and against values that sacrebleu and rouge_score gave. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BLEU_SUMS, bleuOf, bleuSums, tokens13a } from "../../../runtime/evaluate/language/bleu.ts";
import { LANGUAGE_METRICS, languageMeasure, wilson } from "../../../runtime/evaluate/language/measures.ts";
import { NgramModel, ngramOrder } from "../../../runtime/evaluate/language/ngram.ts";
import { rougeL } from "../../../runtime/evaluate/language/rouge.ts";
import type { Scored } from "../../../runtime/evaluate/scored.ts";
import { languageMetrics } from "../../../stdlib/metrics/language.ts";

const bleu = (pairs: readonly (readonly [string, string])[]) => {
  const sums = pairs.map(([answer, reference]) => bleuSums(answer, reference));
  return bleuOf(BLEU_SUMS.map((_, k) => sums.reduce((sum, one) => sum + one[k]!, 0)));
};

describe("BLEU", () => {
  it("cuts as mteval-v13a does", () => {
    expect(tokens13a("It's 1,000.50 dollars, 3-4 &quot;times&quot;.  ")).toEqual([
      "It's",
      "1,000.50",
      "dollars",
      ",",
      "3",
      "-",
      "4",
      '"',
      "times",
      '"',
      ".",
    ]);
  });

  // sacrebleu 2.6.0, corpus_bleu(…).score / 100
  it.each([
    [[["the cat sat on the mat", "the cat sat on the mat"]], 1],
    [[["the cat sat on a mat .", "the cat sat on the mat ."]], 0.4889230224349009],
    [[["a b c d e", "v w x y z"]], 0],
    [[["hello there", "hello there my friend"]], 0],
    [
      [
        ["The dog ran home.", "A dog ran home!"],
        ["it is cold", "it is very cold today"],
      ],
      0.30472227413351427,
    ],
  ] as const)("is sacrebleu's of %j", (pairs, expected) => {
    expect(bleu(pairs)).toBeCloseTo(expected, 9);
  });

  it("cannot be told without references", () => {
    expect(bleu([])).toBeNull();
  });
});

describe("ROUGE-L", () => {
  // rouge_score 0.1.2, use_stemmer=False
  it.each([
    ["The quick brown fox", "the quick, brown fox!", 1],
    ["a b c d", "a x c y", 0.5],
    ["police killed the gunman", "the gunman police killed", 0.5],
    ["", "words", 0],
    ["ünïcode naïve", "naive unicode", 0],
  ])("of %j beside %j is %d", (answer, reference, expected) => {
    expect(rougeL(answer, reference)).toBeCloseTo(expected, 12);
  });
});

describe("n-grams", () => {
  it("are frequencies with 0.05 added to each", () => {
    const model = new NgramModel(2);
    model.learn("abab");
    model.allow("c");
    const p = (count: number, total: number) => (count + 0.05) / (total + 0.05 * 3);
    // Where the text begins nothing stands before, then a was followed by b twice, c by nothing ever.
    expect(Array.from(model.nats("abca"))).toEqual(
      [p(1, 1), p(2, 2), p(0, 1), p(0, 0)].map((chance) => -Math.log(chance)),
    );
  });

  it.each(["to", "t", "zz"])("give what may follow %j one probability in all", (before) => {
    const model = new NgramModel(3);
    model.learn("to be or not to be");
    model.allow("z");
    const letters = [...new Set("to be or notz")];
    const chances = letters.map((letter) => Math.exp(-model.nats(before + letter).at(-1)!));
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  });

  it("read characters, not halves of them", () => {
    const model = new NgramModel(2);
    model.learn("😀b😀b");
    const nats = model.nats("😀b");
    expect(nats).toHaveLength(3);
    expect(nats[1]).toBe(0);
    expect(nats[2]).toBeCloseTo(-Math.log(2.05 / 2.1), 12);
  });

  it("are asked for by name", () => {
    expect([ngramOrder("ngram(5)"), ngramOrder("majority")]).toEqual([5, null]);
  });

  const book = fileURLToPath(new URL("../../../../shared/data/tinyshakespeare.txt", import.meta.url));
  it.skipIf(!existsSync(book))("give the published nats a character of tiny-shakespeare", () => {
    const text = readFileSync(book, "utf8");
    const cut = Math.floor(0.9 * text.length);
    const nats = [1, 2, 3, 4, 5].map((order) => {
      const model = new NgramModel(order);
      model.learn(text.slice(0, cut));
      model.allow(text.slice(cut));
      const values = model.nats(text.slice(cut));
      return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
    });
    expect(nats).toEqual(["3.347", "2.485", "2.050", "1.777", "1.757"]);
  });
});

describe("metrics over rows", () => {
  const column = (...values: number[]) => Float64Array.from(values);
  const nothing = new Float64Array(0);
  const scored: Scored = {
    task: "language",
    classes: [],
    rows: 3,
    truth: nothing,
    predicted: nothing,
    probabilities: null,
    measures: {
      nats: column(2, 3, 5),
      tokens: column(1, 2, 2),
      right: column(1, 1, 0),
      bytes: column(4, 4, 0),
      pairs: column(1, 1, 1),
      preferred: column(1, 0, 0.5),
    },
  };
  const once = Int32Array.of(1, 1, 1);
  const value = (name: string, weights = once) => languageMeasure(scored, name)(weights);

  it("are of sums", () => {
    expect(value("loss")).toBe(2);
    expect(value("perplexity")).toBeCloseTo(Math.exp(2), 12);
    expect(value("bits_per_byte")).toBeCloseTo(10 / Math.LN2 / 8, 12);
    expect(value("token_accuracy")).toBe(0.4);
    expect(value("pair_accuracy")).toBe(0.5);
  });

  it("count rows as often as they were drawn", () => {
    expect(value("loss", Int32Array.of(0, 2, 1))).toBe(11 / 6);
    expect(value("bits_per_byte", Int32Array.of(0, 0, 3))).toBeNull();
  });

  it("cannot be told where nothing was measured for them", () => {
    expect(value("bleu")).toBeNull();
  });

  it("are those that the language has, with the same tasks", () => {
    const ours = Object.entries(LANGUAGE_METRICS).map(([name, { tasks, better }]) => ({
      name,
      tasks,
      better,
    }));
    const theirs = languageMetrics.map(({ name, tasks, better }) => ({ name, tasks, better }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(ours.sort(byName)).toEqual(theirs.sort(byName));
  });
});

it("Wilson's interval", () => {
  // By the formula, with SciPy's quantiles of the normal distribution.
  const close = (found: readonly number[], expected: readonly number[]) =>
    found.forEach((end, i) => void expect(end).toBeCloseTo(expected[i]!, 9));
  close(wilson(10, 20, 0.95), [0.2992980081982124, 0.7007019918017876]);
  close(wilson(81, 263, 0.95), [0.2552885198782742, 0.36620957698280004]);
  close(wilson(20, 20, 0.99), [0.7508945989012465, 1]);
});
