import { describe, expect, it } from "vitest";
import { exampleOf, fitting } from "../../../runtime/learn/language/examples.ts";
import { encodePrompt, placeholders, renderPrompt } from "../../../runtime/learn/language/prompt.ts";
import { layOut } from "../../../runtime/learn/language/sequences.ts";
import { endOfText } from "../../../runtime/learn/language/specials.ts";
import { letters } from "./letters.ts";

const ascii = letters(` ${Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join("")}\nàé`, [
  "<|endoftext|>",
  "<|user|>",
]);
const END = ascii.specials.get("<|endoftext|>")!;
const USER = ascii.specials.get("<|user|>")!;

describe("a template", () => {
  it("is its own bytes with the values in place, nothing added and nothing trimmed", () => {
    const template = "Q: {question}\n\n  A:{hint} ";
    const text = renderPrompt({ template }, { question: " é\t{hint}", hint: "" });
    expect(Buffer.from(text)).toEqual(Buffer.from("Q:  é\t{hint}\n\n  A: "));
  });

  it("knows placeholders by their names; other braces stand for themselves", () => {
    const template = '{"a": {a}, "b": {}, {a}{b_2}{ c }{{d}}';
    expect(placeholders(template)).toEqual(["a", "b_2", "d"]);
    expect(renderPrompt({ template }, { a: "1", b_2: "2", d: "3" })).toBe('{"a": 1, "b": {}, 12{ c }{3}');
  });

  it("has no value that a prototype lends", () => {
    expect(() => renderPrompt({ template: "{constructor}" }, {})).toThrow("no value of constructor");
  });

  it("spells special tokens; a value cannot", () => {
    const ids = encodePrompt(ascii, { template: "<|user|>{said}<|endoftext|>" }, { said: "<|user|>" });
    expect(ids[0]).toBe(USER);
    expect(ids.at(-1)).toBe(END);
    expect([...ids].filter((id) => id >= END)).toEqual([USER, END]);
    expect(ascii.decode(ids.subarray(1, -1))).toBe("<|user|>");
  });

  it("is encoded in one run between special tokens, so that pieces may cross a placeholder's edge", () => {
    const runs: string[] = [];
    const encode = (text: string) => {
      runs.push(text);
      return new Int32Array(0);
    };
    const spy = { specials: ascii.specials, begin: [], encode };
    encodePrompt(spy, { template: "a {x}b<|user|>{x}" }, { x: "-" });
    expect(runs).toEqual(["a -b", "-"]);
  });
});

describe("an example", () => {
  const abc = letters("abcdef", ["<|endoftext|>"]);
  const prompt = { template: "ab{x}" };

  it("counts the completion and the end, not the prompt", () => {
    const example = exampleOf(abc, prompt, { x: "c" }, "de", 6);
    expect(example).toEqual({ ids: Int32Array.from([0, 1, 2, 3, 4, 6]), start: 3 });
    const { ids, targets, weights } = layOut([example], 2, 6, 0.5);
    expect([...ids.data]).toEqual([0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0]);
    expect([...targets.data]).toEqual([1, 2, 3, 4, 6, 0, 0, 0, 0, 0, 0, 0]);
    expect([...weights.data]).toEqual([0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("without a prompt leaves its first token out, which nothing stands before", () => {
    const example = exampleOf(abc, { template: "" }, {}, "ab", null);
    expect([...layOut([example], 1, 3, 1).weights.data]).toEqual([1, 0, 0]);
  });

  it("that does not fit is left out whole, and counted", () => {
    const examples = ["", "c", "cde", "cdefabc"].map((text) => exampleOf(abc, prompt, { x: "" }, text, null));
    const { kept, dropped } = fitting(examples, (one) => [one], 4);
    expect(kept.map(({ ids }) => ids.length)).toEqual([3, 5]);
    expect(dropped).toEqual([0, 3]);
  });
});

describe("the end of a text", () => {
  it("is the token of a usual name, else none", () => {
    expect(
      endOfText(
        new Map([
          ["<pad>", 0],
          ["</s>", 2],
        ]),
      ),
    ).toBe(2);
    expect(
      endOfText(
        new Map([
          ["</s>", 2],
          ["<|endoftext|>", 3],
        ]),
      ),
    ).toBe(3);
    expect(endOfText(new Map([["<unk>", 7]]))).toBeNull();
  });
});
