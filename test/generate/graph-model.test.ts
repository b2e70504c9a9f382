/** Decoding behind caches against the whole text computed at once, with and without company. */
import { describe, expect, it } from "vitest";
import { BatchGenerator } from "../../runtime/generate/batch-generator.ts";
import { GraphModel } from "../../runtime/generate/graph-model.ts";
import type { GenerateRequest, TextCodec } from "../../runtime/generate/types.ts";
import { decoder, encoderDecoder, greedy, type Made, made, VOCABULARY } from "./networks.ts";

const codec: TextCodec = {
  specials: new Map(),
  begin: [],
  encode: (text) => Int32Array.from(text.split(" "), Number),
  decode: (ids) => Array.from(ids).join(" "),
  decoder: () => ({ push: (id) => `${id} `, end: () => "" }),
};
const opened = (model: Made, context: number, maxBatch = 4, start: number | null = null) => {
  const options = { engine: "auto", threads: 1, maxBatch, start } as const;
  return new BatchGenerator(new GraphModel(model.network, context, model.weights, options), codec, null);
};
const tokens = (count: number, from: number): number[] =>
  Array.from({ length: count }, (_, at) => (from + at * at * 7 + at) % VOCABULARY);
const asked = (prompt: readonly number[], more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: Int32Array.from(prompt),
  max: 8,
  temperature: 0,
  topK: null,
  topP: 1,
  stop: [],
  seed: 1,
  ...more,
});
async function idsOf(generator: BatchGenerator, request: GenerateRequest): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of generator.generate(request)) ids.push(id);
  return ids;
}

describe("a decoder behind its caches", () => {
  it.each(["learned", "rotary", "sinusoidal"])(
    "with %s positions says what it says of the whole text",
    async (positions) => {
      const model = made(decoder(96, positions));
      const generator = opened(model, 96);
      // Shorter than a piece, exactly one, several and a rest.
      for (const length of [1, 16, positions === "rotary" ? 70 : 37]) {
        const prompt = tokens(length, length);
        expect(await idsOf(generator, asked(prompt))).toEqual(greedy(model, prompt, 8));
      }
      await generator.close();
    },
  );

  it("fills its context and no more", async () => {
    const model = made(decoder(24));
    const generator = opened(model, 24);
    const prompt = tokens(20, 3);
    expect(await idsOf(generator, asked(prompt, { max: 100 }))).toEqual(greedy(model, prompt, 4));
    await generator.close();
  });

  it("says the same in company, while rows come, go and grow", async () => {
    const model = made(decoder(320));
    const requests = Array.from({ length: 9 }, (_, at) =>
      asked(tokens(3 + at * 5, at), {
        max: at === 4 ? 200 : 6 + at * 3,
        temperature: at % 2,
        seed: at,
        topK: 20,
      }),
    );
    const alone = opened(model, 320, 1);
    const expected: number[][] = [];
    for (const request of requests) expected.push(await idsOf(alone, request));
    await alone.close();
    const together = opened(model, 320, 4);
    expect(await Promise.all(requests.map((request) => idsOf(together, request)))).toEqual(expected);
    // What was there before leaves no trace.
    expect(await idsOf(together, requests[2]!)).toEqual(expected[2]);
    await together.close();
  });

  it("says the same where its graphs share the weights, as those of large models do", async () => {
    const model = made(decoder(64));
    const options = { engine: "auto", threads: 1, maxBatch: 2, start: null, mostHeld: 0 } as const;
    const generator = new BatchGenerator(
      new GraphModel(model.network, 64, model.weights, options),
      codec,
      null,
    );
    const prompts = [tokens(5, 1), tokens(20, 2)];
    expect(await Promise.all(prompts.map((prompt) => idsOf(generator, asked(prompt))))).toEqual(
      prompts.map((prompt) => greedy(model, prompt, 8)),
    );
    expect(await generator.embed([Int32Array.from(prompts[0]!)])).toHaveLength(1);
    await generator.close();
  });

  it("reads nothing of what another row read before it", async () => {
    const model = made(decoder(64));
    const generator = opened(model, 64, 1);
    await idsOf(generator, asked(tokens(50, 9), { max: 10 }));
    const prompt = tokens(5, 1);
    expect(await idsOf(generator, asked(prompt))).toEqual(greedy(model, prompt, 8));
    await generator.close();
  });

  it("embeds as the mean of the last hidden vectors, padding left out", async () => {
    const model = made(decoder(64));
    const generator = opened(model, 64);
    const ids = Int32Array.from(tokens(5, 2));
    const [five, again] = await generator.embed([ids, ids]);
    expect(five).toEqual(again);
    expect(five).toHaveLength(model.network.width);
    const [longer] = await generator.embed([Int32Array.from(tokens(40, 2))]);
    expect(longer).not.toEqual(five);
    await generator.close();
  });
});

describe("an encoder-decoder", () => {
  const start = 1;

  it("answers from its source, as it does without caches, alone and in company", async () => {
    const model = made(encoderDecoder(160));
    const sources = [tokens(3, 1), tokens(20, 2), tokens(140, 5), tokens(31, 4)];
    const expected = sources.map((source) => greedy(model, [start], 6, source));
    expect(new Set(expected.map(String)).size).toBeGreaterThan(1);
    const generator = opened(model, 160, 3, start);
    for (const [at, source] of sources.entries())
      expect(await idsOf(generator, asked(source, { max: 6 }))).toEqual(expected[at]);
    const together = sources.map((source) => idsOf(generator, asked(source, { max: 6 })));
    expect(await Promise.all(together)).toEqual(expected);
    const [vector] = await generator.embed([Int32Array.from(sources[0]!)]);
    expect(vector).toHaveLength(model.network.width);
    await generator.close();
  });

  it("has a context for the source and one for the answer", async () => {
    const generator = opened(made(encoderDecoder(16)), 16, 1, start);
    expect(generator.promptRoom(16)).toBe(16);
    expect(await idsOf(generator, asked(tokens(16, 1), { max: 100 }))).toHaveLength(15);
    await generator.close();
  });
});
