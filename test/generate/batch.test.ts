/** Requests that share a model: each text is what it is alone, in whatever company. */
import { describe, expect, it } from "vitest";
import { BatchGenerator } from "../../runtime/generate/batch-generator.ts";
import { type GeneratedToken, GenerateRefused, type GenerateRequest } from "../../runtime/generate/types.ts";
import { bytes, saying, type Toy, toy } from "./toy.ts";

const asked = (prompt: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: bytes.encode(prompt),
  max: 12,
  temperature: 0,
  topK: null,
  topP: 1,
  stop: [],
  seed: 1,
  ...more,
});

async function all(tokens: AsyncIterable<GeneratedToken>): Promise<GeneratedToken[]> {
  const read: GeneratedToken[] = [];
  for await (const token of tokens) read.push(token);
  return read;
}
const text = (tokens: readonly GeneratedToken[]) => tokens.map((token) => token.text).join("");
const of = (model: Toy, end: number | null = null) => new BatchGenerator(model, bytes, end);

describe("one text", () => {
  it("ends after max tokens, and says so with the last of them", async () => {
    const tokens = await all(of(toy(saying("hello ", 1))).generate(asked(">", { max: 8 })));
    expect(text(tokens)).toBe("hello he");
    expect(tokens.map(({ finish }) => finish)).toEqual([...Array(7).fill(undefined), "length"]);
    expect(bytes.decode(Int32Array.from(tokens, ({ id }) => id))).toBe("hello he");
  });

  it("ends where the context does", async () => {
    const model = toy(saying("abc", 3), { context: 8 });
    const tokens = await all(of(model).generate(asked(">>>", { max: 100 })));
    expect(text(tokens)).toBe("abcab");
    expect(tokens.at(-1)!.finish).toBe("length");
  });

  it("ends before the end token and before a stop string, which may lie across tokens", async () => {
    const ended = await all(of(toy(saying("hi!", 1)), "!".charCodeAt(0)).generate(asked(">")));
    expect([text(ended), ended.length, ended.at(-1)!.finish]).toEqual(["hi", 3, "stop"]);
    const stopped = await all(of(toy(saying("hello ", 1))).generate(asked(">", { stop: ["lo", "xx"] })));
    expect([text(stopped), stopped.at(-1)!.finish]).toEqual(["hel", "stop"]);
    // What was held back for a stop string that did not come is shown at the end.
    const held = await all(of(toy(saying("hello ", 1))).generate(asked(">", { max: 4, stop: ["lo"] })));
    expect([text(held), held.at(-1)!.finish]).toEqual(["hell", "length"]);
  });

  it("shows a character when its last byte has come", async () => {
    const tokens = await all(of(toy(saying("né東", 1))).generate(asked(">", { max: 6 })));
    expect(tokens.map((token) => token.text)).toEqual(["n", "", "é", "", "", "東"]);
    const cut = await all(of(toy(saying("né東", 1))).generate(asked(">", { max: 5 })));
    expect(text(cut)).toBe("né\u{fffd}");
  });

  it("is the same for a seed and another for another", async () => {
    const sampled = { temperature: 2, max: 20 };
    const write = async (seed: number) =>
      all(of(toy(saying("a", 1))).generate(asked(">", { ...sampled, seed })));
    expect(await write(5)).toEqual(await write(5));
    expect(text(await write(5))).not.toBe(text(await write(6)));
  });

  it.each([
    ["no tokens", asked("")],
    ["too many", asked("x".repeat(64))],
    ["a token that is none", asked("x", { prompt: Int32Array.of(256) })],
    ["nothing to make", asked("x", { max: 0 })],
  ])("refuses %s", async (_, request) => {
    await expect(all(of(toy(saying("a", 1))).generate(request))).rejects.toThrow(GenerateRefused);
  });
});

describe("several texts", () => {
  const requests = Array.from({ length: 11 }, (_, at) =>
    asked("prompt".slice(0, 1 + (at % 6)), {
      seed: at,
      max: 3 + ((at * 7) % 19),
      temperature: at % 3 === 0 ? 0 : 1.5,
      topK: at % 4 === 0 ? 40 : null,
      topP: at % 5 === 0 ? 0.9 : 1,
      stop: at % 2 === 0 ? ["e"] : [],
    }),
  );
  const next = (read: readonly number[]) => 97 + (read.reduce((sum, id) => sum + id, 0) % 26);

  it("are what each is alone, while requests join and leave the batch", async () => {
    const alone: GeneratedToken[][] = [];
    for (const request of requests) alone.push(await all(of(toy(next, { rows: 1 })).generate(request)));
    const model = toy(next, { rows: 3 });
    const generator = of(model);
    expect(await Promise.all(requests.map((request) => all(generator.generate(request))))).toEqual(alone);
    expect(model.log.steps.some((ids) => ids.length === 3)).toBe(true);
    expect(generator.load).toEqual({ active: 0, waiting: 0 });
  });

  it("wait their turn when the batch is full", async () => {
    const generator = of(toy(next, { rows: 2 }));
    const texts = requests.slice(0, 5).map((request) => generator.generate(request));
    const first = texts.map((one) => one.next());
    expect(generator.load).toEqual({ active: 0, waiting: 5 });
    await first[0];
    expect(generator.load.active + generator.load.waiting).toBe(5);
    await Promise.all(texts.map((one) => all(one)));
  });

  it("go on between the pieces of a prompt that joins", async () => {
    const model = toy(next, { rows: 2 });
    const { begin } = model;
    let during = 0;
    model.begin = async (row, prompt, between) => {
      const before = model.log.steps.length;
      if (prompt.length > 20) for (let piece = 0; piece < 5; piece++) await between();
      if (row === 1) during = model.log.steps.length - before;
      return begin(row, prompt, between);
    };
    const generator = of(model);
    const both = ["a", "x".repeat(30)].map((prompt) => all(generator.generate(asked(prompt))));
    const texts = (await Promise.all(both)).map(text);
    expect(during).toBe(5);
    const alone = of(toy(next));
    expect(texts).toEqual([
      text(await all(alone.generate(asked("a")))),
      text(await all(alone.generate(asked("x".repeat(30))))),
    ]);
  });

  it("a reader that stops frees its place", async () => {
    const model = toy(next, { rows: 1 });
    const generator = of(model);
    for await (const _ of generator.generate(asked("a", { max: 50 }))) break;
    expect(text(await all(generator.generate(asked("b", { max: 3 }))))).toHaveLength(3);
    expect(model.log.steps.length).toBeLessThan(20);
  });

  it("an abort ends a text with its reason, running or waiting, and the others go on", async () => {
    const generator = of(toy(next, { rows: 1 }));
    const [running, waiting] = [new AbortController(), new AbortController()];
    const one = generator.generate(asked("a", { max: 60, signal: running.signal }));
    const two = generator.generate(asked("b", { signal: waiting.signal }));
    const three = all(generator.generate(asked("c", { max: 3 })));
    await one.next();
    const second = two.next();
    waiting.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    running.abort(new Error("gone too"));
    await expect(all(one)).rejects.toThrow("gone too");
    expect(text(await three)).toHaveLength(3);
  });

  it("a slow reader's row rests, and nobody else's does", async () => {
    const model = toy(next, { rows: 2 });
    const generator = of(model);
    const slow = generator.generate(asked("a", { max: 60 }));
    const first = await slow.next();
    expect(text(await all(generator.generate(asked("b", { max: 60 }))))).toHaveLength(60);
    const madeAhead = model.log.steps.filter((ids) => ids[0]! >= 0).length;
    expect(madeAhead).toBeLessThan(20);
    const rest = await all(slow);
    expect(text(rest)).toHaveLength(59);
    expect(first.done).toBe(false);
    const alone = await all(of(toy(next)).generate(asked("a", { max: 60 })));
    expect(text([first.value as GeneratedToken, ...rest])).toBe(text(alone));
  });

  it("all fail with a model that fails, and the next is tried again", async () => {
    const model = toy(next, { rows: 2 });
    const { step } = model;
    Object.assign(model, {
      step: () => Promise.reject(new Error("the machine is gone")),
    });
    const generator = of(model);
    const both = await Promise.allSettled(["a", "b"].map((prompt) => all(generator.generate(asked(prompt)))));
    expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"]);
    Object.assign(model, { step });
    expect(text(await all(generator.generate(asked("a"))))).toHaveLength(12);
  });

  it("closing ends what runs and refuses what comes", async () => {
    const model = toy(next);
    const generator = of(model);
    const one = generator.generate(asked("a", { max: 60 }));
    await one.next();
    await generator.close();
    expect(model.released).toBe(true);
    await expect(all(one)).rejects.toThrow("closed");
    await expect(all(generator.generate(asked("a")))).rejects.toThrow("closed");
  });
});

it("embeds texts and tokens", async () => {
  const generator = of(toy(saying("a", 1)));
  expect(await generator.embed(["ab", Int32Array.of(1, 2, 3)])).toEqual([
    Float32Array.of(2, 195),
    Float32Array.of(3, 6),
  ]);
  await expect(generator.embed([""])).rejects.toThrow(GenerateRefused);
});
