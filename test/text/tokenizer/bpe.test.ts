/** Byte-level BPE: learning, encoding, decoding. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenizerFiles } from "../../../runtime/text/tokenizer/files.ts";
import { PipelineTokenizer } from "../../../runtime/text/tokenizer/pipeline.ts";
import { readTokenizerJson } from "../../../runtime/text/tokenizer/read.ts";
import { tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import { learnMerges } from "../../../runtime/text/tokenizer/train/merges.ts";
import { mixedLines } from "./mixed.ts";
import { bpe, bpeJson, hooks } from "./trained.ts";

const lines = mixedLines(150_000, 21);
const RULES = ["gpt2", "punctuation", "whitespace", "none"] as const;
const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(...lines),
  fc
    .array(fc.constantFrom(" ", "\n", "the", "'s", "<|end|>", "😀", "中", "-"), { maxLength: 90 })
    .map((some) => some.join("")),
);

describe("learning", () => {
  it("takes the pair that occurs most, and spells the classic example", async () => {
    const tokenizer = await bpe(["aaabdaaabac"], { vocabulary: 259, pretokenizer: "none" });
    expect([...tokenizer.encode("aaabdaaabac")]).toEqual([258, 100, 258, 97, 99]);
    expect(tokenizer.size).toBe(259);
  });

  it("depends neither on threads nor on the order of texts", async () => {
    const many = mixedLines(6_000_000, 22);
    const whole = many.join("\n");
    const alone = await bpeJson([whole], {}, 1);
    expect(await bpeJson([whole], {}, 2)).toBe(alone);
    expect(await bpeJson([whole], {}, 3)).toBe(alone);
    const half = Math.floor(many.length / 2);
    const rows = await bpeJson(many, {}, 2);
    expect(await bpeJson([...many.slice(half), ...many.slice(0, half)], {}, 1)).toBe(rows);
  }, 60_000);

  it("merges no pair that is rarer than asked", async () => {
    const text = ["ab ab ab cd cd ef"];
    const made = async (minFrequency: number) =>
      (await bpe(text, { minFrequency, vocabulary: 1000 })).size - 256;
    expect(await made(4)).toBe(0);
    // ab, then the space before it.
    expect(await made(3)).toBe(1);
    expect(await made(2)).toBe(4);
  });

  it("counts pairs as a recount after every merge does", async () => {
    const words = fc.array(
      fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), minLength: 1, maxLength: 9 }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(words, async (some) => {
        const { merges, again } = recounted(some, 12);
        // Where two merges make one token, Hugging Face's trainer goes its own way (the integration suite has that).
        fc.pre(!again);
        const learnt = await learnMerges(wordsOf(some), {
          tokens: LETTERS,
          vocabulary: LETTERS.length + 12,
          minFrequency: 1,
          signal: new AbortController().signal,
          progress: () => undefined,
        });
        expect(learnt.merges.map(([left, right]) => [learnt.tokens[left], learnt.tokens[right]])).toEqual(
          merges,
        );
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const { trainBpe } = await import("../../../runtime/text/tokenizer/train/bpe.ts");
    const options = {
      vocabulary: 600,
      specials: [],
      pretokenizer: "gpt2",
      byteFallback: true,
      minFrequency: 2,
    } as const;
    await expect(trainBpe(lines, options, { ...hooks(), signal: controller.signal })).rejects.toThrow(
      "enough",
    );
  });

  it("gives bytes the first ids and special tokens the last", async () => {
    const tokenizer = await bpe(lines, { specials: ["<|a|>", "<|b|>"], vocabulary: 400 });
    expect(tokenizer.size).toBe(400);
    expect([...tokenizer.specials]).toEqual([
      ["<|a|>", 398],
      ["<|b|>", 399],
    ]);
    expect([...tokenizer.encodeBytes(Uint8Array.of(0, 97, 255))]).toEqual([0, 97, 255]);
  });

  it("without byte fallback, what the corpus has not is <unk>", async () => {
    const tokenizer = await bpe(["abab"], { byteFallback: false, vocabulary: 4 });
    expect(tokenizer.size).toBe(4);
    expect(Array.from(tokenizer.encode("abxé"), (id) => tokenizer.token(id))).toEqual([
      "ab",
      "<unk>",
      "<unk>",
      "<unk>",
    ]);
  });
});

describe.each(RULES)("cut by the rule %s", async (pretokenizer) => {
  const json = await bpeJson(lines, { pretokenizer, vocabulary: 1500, specials: ["<|end|>"] });
  const tokenizer = tokenizerFromJson(json);

  it("any text is the same after encoding and decoding", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
        expect(tokenizer.decode(tokenizer.encode(text, { literal: true }))).toBe(text.toWellFormed());
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("any bytes are, and UTF-8 has the ids of its text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), texts, (bytes, text) => {
        expect(tokenizer.decodeBytes(tokenizer.encodeBytes(bytes))).toEqual(bytes);
        const utf8 = new TextEncoder().encode(text);
        expect(tokenizer.encodeBytes(utf8)).toEqual(tokenizer.encode(text, { literal: true }));
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it("the fast path gives the ids of the general one", () => {
    const general = new PipelineTokenizer(json, false);
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenizer.encode(text)).toEqual(general.encode(text));
        expect(general.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it("decoding one id at a time cuts no character in two", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const decoder = tokenizer.decoder();
        const parts = Array.from(tokenizer.encode(text), (id) => decoder.push(id));
        expect(parts.every((part) => part.isWellFormed())).toBe(true);
        expect(parts.join("") + decoder.end()).toBe(text.toWellFormed());
        // All of it came before the end.
        expect(parts.join("")).toBe(text.toWellFormed());
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

it("long pieces are merged in the same order as short ones", async () => {
  const json = await bpeJson(lines, { pretokenizer: "none", vocabulary: 2000 });
  const tokenizer = tokenizerFromJson(json);
  const ranks = new Map(
    (JSON.parse(json) as { model: { merges: [string, string][] } }).model.merges.map(([a, b], i) => [
      `${a} ${b}`,
      i,
    ]),
  );
  for (const line of lines.slice(0, 150)) {
    const symbols = Array.from(new TextEncoder().encode(line), (byte) => tokenizer.token(byte));
    for (;;) {
      let best = -1;
      for (let i = 0; i + 1 < symbols.length; i++) {
        const rank = ranks.get(`${symbols[i]} ${symbols[i + 1]}`) ?? Infinity;
        if (rank < (best < 0 ? Infinity : ranks.get(`${symbols[best]} ${symbols[best + 1]}`)!)) best = i;
      }
      if (best < 0) break;
      symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
    }
    expect(Array.from(tokenizer.encode(line), (id) => tokenizer.token(id))).toEqual(symbols);
  }
});

it("a megabyte that is one piece is encoded in no time to speak of", async () => {
  const tokenizer = await bpe(["aaaaaaaa aaaaaaaa"], { vocabulary: 258 });
  const text = "a".repeat(1_000_000);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
}, 10_000);

const GPT2 = fileURLToPath(new URL("../../../../shared/data/gpt2-bpe", import.meta.url));
it.skipIf(!existsSync(GPT2))("GPT-2's tables give its ids", () => {
  const tokenizer = tokenizerFromJson(readTokenizerJson(tokenizerFiles(GPT2).files));
  expect(tokenizer.size).toBe(50257);
  expect([...tokenizer.encode("This is some text")]).toEqual([1212, 318, 617, 2420]);
  expect([...tokenizer.encode("a<|endoftext|>b")]).toEqual([64, 50256, 65]);
  expect(tokenizer.encode("<|endoftext|>", { literal: true }).length).toBeGreaterThan(1);
  expect(tokenizer.decode([64, 50256, 65], { skipSpecials: true })).toBe("ab");
});

const LETTERS = ["a", "b", "c", "d"];

function wordsOf(words: readonly string[]) {
  const starts = Float64Array.from([0, ...words.map((_, i) => words.slice(0, i + 1).join("").length)]);
  const symbols = Int32Array.from(words.join(""), (letter) => LETTERS.indexOf(letter));
  return { symbols, starts, counts: new Float64Array(words.length).fill(1) };
}

/** All pairs counted anew before every merge; `again`: some token was made by two merges. */
function recounted(words: readonly string[], most: number) {
  const tokens = [...LETTERS];
  const sequences = words.map((word) => [...word]);
  const merges: [string, string][] = [];
  let again = false;
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const word of sequences)
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    const place = (token: string) => tokens.indexOf(token);
    const [best] = [...counts].sort(([a, x], [b, y]) => {
      const [[a1, a2], [b1, b2]] = [a.split(" "), b.split(" ")] as [[string, string], [string, string]];
      return y - x || place(a1) - place(b1) || place(a2) - place(b2);
    });
    if (best === undefined) break;
    const [left, right] = best[0].split(" ") as [string, string];
    merges.push([left, right]);
    if (tokens.includes(left + right)) again = true;
    tokens.push(left + right);
    for (const word of sequences)
      for (let i = 0; i + 1 < word.length; i++)
        if (word[i] === left && word[i + 1] === right) word.splice(i, 2, left + right);
  }
  return { merges, again };
}
