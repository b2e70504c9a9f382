/** word2vec learns, and the number of threads changes no byte. */
import { describe, expect, it } from "vitest";
import { neighboursOf } from "../../../runtime/text/embedding/neighbours.ts";
import { type Method, TooLarge, type Trained, trainWord2vec } from "../../../runtime/text/word2vec/train.ts";
import { WordReader } from "../../../runtime/text/word2vec/words.ts";
import { plantedText, topicOf } from "./planted.ts";

const OPTIONS = { width: 20, window: 4, negatives: 5, subsample: 1e-2, epochs: 4, rate: 0.05, seed: 7 };
const read = (text: string, minCount = 1) => {
  const reader = new WordReader();
  reader.read(text);
  return reader.finish(minCount);
};
const hooks = (threads: number, signal = new AbortController().signal) => ({
  threads,
  signal,
  progress: () => undefined,
  epoch: () => undefined,
});
const bytes = ({ vectors, outputs }: Trained) =>
  Buffer.concat([Buffer.from(vectors.buffer), Buffer.from(outputs.buffer)]);

describe.each<Method>(["cbow", "skip_gram"])("%s", (method) => {
  const text = read(plantedText(40_000, 10));

  it("gives the same bytes with one thread and with three, and others with another seed", async () => {
    const few = { ...OPTIONS, width: 8, epochs: 1 };
    // Long enough to be learnt in shards.
    const long = read(plantedText(405_000, 50));
    const [one, three] = await Promise.all([
      trainWord2vec(method, long, few, hooks(1)),
      trainWord2vec(method, long, few, hooks(3)),
    ]);
    expect(bytes(three).equals(bytes(one))).toBe(true);
    expect(three.losses).toEqual(one.losses);
    const [same, other] = await Promise.all([
      trainWord2vec(method, text, few, hooks(1)),
      trainWord2vec(method, text, { ...few, seed: 8 }, hooks(1)),
    ]);
    expect(bytes(same).equals(bytes(other))).toBe(false);
  });

  it("the loss falls, and neighbours are of the same topic far more often than by chance", async () => {
    const trained = await trainWord2vec(method, text, { ...OPTIONS, epochs: 8 }, hooks(2));
    const chanceLoss = (1 + OPTIONS.negatives) * Math.LN2;
    expect(trained.losses[0]).toBeLessThan(chanceLoss * 1.01);
    expect(trained.losses.at(-1)).toBeLessThan(0.85 * trained.losses[0]!);
    const { words } = text.vocabulary;
    const wanted = words.flatMap((word, place) => (topicOf(word) === null ? [] : [place]));
    const found = neighboursOf({ words, width: OPTIONS.width, values: trained.vectors }, wanted, 10);
    const right = found.flatMap((near, i) =>
      near.filter(({ word }) => topicOf(word) === topicOf(words[wanted[i]!]!)),
    );
    // By chance about 19 of 229 are.
    expect(right.length / (10 * wanted.length)).toBeGreaterThan(0.9);
  });

  it("stays finite where few words are moved very often", async () => {
    const small = read(plantedText(405_000, 1, 3));
    const trained = await trainWord2vec(
      method,
      small,
      { ...OPTIONS, width: 8, epochs: 1, subsample: 0, rate: 0.2 },
      hooks(2),
    );
    const largest = trained.vectors.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThan(20);
  });

  it.each([1, 3, 4, 17])("learns vectors of %i numbers", async (width) => {
    const trained = await trainWord2vec(method, text, { ...OPTIONS, width, epochs: 1 }, hooks(1));
    expect(trained.vectors).toHaveLength(width * text.vocabulary.words.length);
    expect(trained.vectors.every(Number.isFinite)).toBe(true);
    expect(new Set(trained.vectors.subarray(0, width)).size).toBe(width);
  });
});

it("stops when it is told to", async () => {
  const text = read(plantedText(40_000, 10));
  const control = new AbortController();
  const told = { ...hooks(2, control.signal), progress: () => control.abort(new Error("enough")) };
  await expect(trainWord2vec("cbow", text, OPTIONS, told)).rejects.toThrow("enough");
});

it("says so when the vectors do not fit", async () => {
  const text = { tokens: Int32Array.of(0, 1, -1), counts: new Array<number>(300_000).fill(1) };
  await expect(trainWord2vec("cbow", text, { ...OPTIONS, width: 4096 }, hooks(1))).rejects.toThrow(TooLarge);
});
