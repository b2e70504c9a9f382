/** What a published tokenizer puts before every text stands before all that a model is given, once. */
import { describe, expect, it } from "vitest";
import { TextRows } from "../../../runtime/evaluate/language/blocks.ts";
import { exampleOf } from "../../../runtime/learn/language/examples.ts";
import { pairOf } from "../../../runtime/learn/language/pairs.ts";
import { encodePrompt, type Prompt } from "../../../runtime/learn/language/prompt.ts";
import { architectureOf } from "../../../runtime/network/artifact.ts";
import { compileArchitecture, initialise } from "../../../runtime/network/network.ts";
import { renderChat } from "../../../runtime/serve/openai/messages.ts";
import { begun, unbegun } from "../../../runtime/text/tokenizer/beginning.ts";
import { tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import { layer } from "../../generate/networks.ts";
import { ask } from "../../serve/openai/model.ts";

const LETTERS = " abcdefghijklmnopqrstuvwxyzQA:\n?<>s";
const [BOS, EOS] = [0, 1];
const added = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});
const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });

/** As Llama's file is made: single characters here. @param ends it closes texts, too */
const tokenizerJson = (ends: boolean) =>
  JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [added("<s>", BOS), added("</s>", EOS)],
    normalizer: null,
    pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("<s>"), { Sequence: { id: "A", type_id: 0 } }, ...(ends ? [special("</s>")] : [])],
      pair: [],
      special_tokens: {
        "<s>": { id: "<s>", ids: [BOS], tokens: ["<s>"] },
        "</s>": { id: "</s>", ids: [EOS], tokens: ["</s>"] },
      },
    },
    decoder: { type: "Fuse" },
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries(["<s>", "</s>", ...new Set(LETTERS)].map((letter, id) => [letter, id])),
      unk_token: " ",
    },
  });
const tokenizer = tokenizerFromJson(tokenizerJson(false));
const plain = (text: string) => [...tokenizer.encode(text, { literal: true })];
const prompt = { template: "Q: {said}\nA:" };

describe("a tokenizer with a template", () => {
  it("says what begins every text", () => {
    expect(tokenizer.begin).toEqual([BOS]);
    expect(tokenizerFromJson(tokenizerJson(true)).begin).toEqual([BOS]);
    expect([...tokenizer.encode("ab", { specials: true })]).toEqual([
      ...begun(tokenizer, tokenizer.encode("ab")),
    ]);
    expect([...unbegun(tokenizer, begun(tokenizer, tokenizer.encode("ab")))]).toEqual(plain("ab"));
  });

  it("begins prompts with it, once, and puts nothing behind them", () => {
    for (const ends of [false, true]) {
      const own = tokenizerFromJson(tokenizerJson(ends));
      expect([...encodePrompt(own, prompt, { said: "hi" })]).toEqual([BOS, ...plain("Q: hi\nA:")]);
      const spelled = { template: `<s>${prompt.template}` };
      expect([...encodePrompt(own, spelled, { said: "hi" })]).toEqual([BOS, ...plain("Q: hi\nA:")]);
    }
    // What a value spells is text.
    const said = encodePrompt(tokenizer, { template: "{said}" }, { said: "<s>" });
    expect([...said]).toEqual([BOS, ...plain("<s>")]);
    expect(plain("<s>")).toHaveLength(3);
  });

  it("begins what is learnt and judged with it", () => {
    const { ids, start } = exampleOf(tokenizer, prompt, { said: "hi" }, " yes", EOS);
    expect([...ids]).toEqual([BOS, ...plain("Q: hi\nA: yes"), EOS]);
    expect(start).toBe(1 + plain("Q: hi\nA:").length);
    const row = { row: 0, values: { said: "a", good: "b", bad: "c" } };
    const { chosen, rejected } = pairOf(tokenizer, prompt, row, { chosen: "good", rejected: "bad" }, EOS);
    for (const one of [chosen, rejected]) expect([...one.ids].indexOf(BOS)).toBe(0);
  });
});

describe("a conversation", () => {
  const user = (text: string) => ({ role: "user", text }) as const;
  const rendering = (given: Prompt | null) => ({ prompt: given, tokenizer, end: EOS });
  const rendered = (given: Prompt | null, ...said: Parameters<typeof renderChat>[0]) => {
    const { prefix, rest } = renderChat(said, rendering(given));
    // However much is cut off, it stays.
    expect(prefix[0]).toBe(BOS);
    return [...prefix, ...rest];
  };

  it("of one message is asked as in training", () => {
    const trained = [...encodePrompt(tokenizer, ask, { question: "who" })];
    expect(rendered(ask, user("who"))).toEqual(trained);
    expect(rendered({ ...ask, template: `<s>${ask.template}` }, user("who"))).toEqual(trained);
    expect(rendered(null, user("who"))).toEqual([BOS, ...plain("who")]);
  });

  it("of several begins once", () => {
    const said = [
      { role: "system", text: "be kind" } as const,
      user("who"),
      { role: "assistant", text: " i" } as const,
      user("why"),
    ];
    expect(rendered(ask, ...said)).toEqual([
      BOS,
      ...plain("be kind\nQ: who\nA: i"),
      EOS,
      ...plain("Q: why\nA:"),
    ]);
  });
});

it("a text's first token is told from what begins it", async () => {
  const architecture = architectureOf([
    layer("embedding", { vocabulary: tokenizer.size, width: 8 }),
    layer("positions", { length: 8 }),
    layer("logits", { tied: false }),
  ]);
  const network = compileArchitecture(architecture);
  const weights = initialise(network, 1);
  for (const { data } of weights.values()) data.fill(0);
  const generation = { format: 1, prompt: null, completion: null, stop: [], end: EOS } as const;
  const model = { architecture, network, weights, tokenizer, generation };
  const rows = new TextRows(["abc abc abc", "d"], tokenizer);
  const { measures } = await rows.judge(model, {
    engine: "auto",
    threads: 1,
    signal: new AbortController().signal,
    progress: () => {},
  });
  expect([...measures["tokens"]!]).toEqual([11, 1]);
  expect([...measures["bytes"]!]).toEqual([11, 1]);
  expect(measures["nats"]![0]).toBeCloseTo(11 * Math.log(tokenizer.size), 4);
});
