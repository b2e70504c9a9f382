/** Tokenizers beside Hugging Face's `tokenizers` and `transformers`, and tiktoken: the same merges, the same ids. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenizerFiles } from "../../runtime/text/tokenizer/files.ts";
import { readTokenizerJson } from "../../runtime/text/tokenizer/read.ts";
import { PUNCTUATION, WHITESPACE } from "../../runtime/text/tokenizer/scanners/plain.ts";
import { type Tokenizer, tokenizerFromJson } from "../../runtime/text/tokenizer/tokenizer.ts";
import { type BpeOptions, trainBpe } from "../../runtime/text/tokenizer/train/bpe.ts";
import { trainCharacters, trainWords } from "../../runtime/text/tokenizer/train/whole-tokens.ts";
import { mixedLines } from "../text/tokenizer/mixed.ts";

const python = process.env["MLOPS_PYTHON"];
const SCRIPT = fileURLToPath(new URL("tokenizer_peers.py", import.meta.url));
const GPT2 = fileURLToPath(new URL("../../../shared/data/gpt2-bpe", import.meta.url));
const hooks = { threads: 2, signal: new AbortController().signal, progress: () => undefined };

const folder = mkdtempSync(join(tmpdir(), "mlops-tokenizers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const peer = (command: string, ...more: string[]): string =>
  execFileSync(python!, [SCRIPT, command, folder, ...more], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, RAYON_NUM_THREADS: "2", TOKENIZERS_PARALLELISM: "true" },
  });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

/** What Python wrote: ids of all lines, and where each line's end. */
function answers(name: string): { ids: Int32Array; ends: BigInt64Array } {
  const bytes = (file: string) => new Uint8Array(readFileSync(join(folder, file))).buffer;
  return { ids: new Int32Array(bytes(`${name}.ids`)), ends: new BigInt64Array(bytes(`${name}.ends`)) };
}

/** The first line whose ids differ, with both; null when none does. */
function difference(tokenizer: Tokenizer, lines: readonly string[], name: string, specials = true): unknown {
  const { ids, ends } = answers(name);
  let at = 0;
  for (const [i, line] of lines.entries()) {
    const theirs = ids.subarray(at, Number(ends[i]));
    const ours = tokenizer.encode(line, { specials });
    at = Number(ends[i]);
    if (Buffer.compare(Buffer.from(ours.buffer), Buffer.from(theirs.slice().buffer)) === 0) continue;
    const shown = (some: Int32Array) => Array.from(some, (id) => tokenizer.token(id));
    return { line, ours: shown(ours), theirs: shown(theirs) };
  }
  expect(at).toBe(ids.length);
  return null;
}

describe.skipIf(python === undefined)("BPE learns the merges that Hugging Face's trainer learns", () => {
  const lines = mixedLines(300_000, 3);
  const prose = mixedLines(400_000, 4).filter((line) => /^[\s\x21-\x7e]+$/.test(line));
  const base = { specials: [], pretokenizer: "gpt2", byteFallback: true, minFrequency: 2 } as const;
  const cases: readonly {
    readonly name: string;
    readonly texts: readonly string[];
    readonly options: BpeOptions;
  }[] = [
    { name: "mixed text", texts: lines, options: { ...base, vocabulary: 4000 } },
    {
      name: "prose, to the end",
      texts: prose,
      options: { ...base, vocabulary: 100_000, specials: ["<|a|>", "<|b|>"] },
    },
    {
      name: "every pair",
      texts: prose.slice(0, 300),
      options: { ...base, vocabulary: 100_000, minFrequency: 1 },
    },
    {
      name: "punctuation",
      texts: lines,
      options: { ...base, vocabulary: 2000, pretokenizer: "punctuation" },
    },
    { name: "whitespace", texts: lines, options: { ...base, vocabulary: 2000, pretokenizer: "whitespace" } },
    { name: "whole texts", texts: prose, options: { ...base, vocabulary: 1000, pretokenizer: "none" } },
    {
      name: "ties everywhere",
      texts: ["abababab cdcdcdcd aaaaaaa -------- == ==== abc abcd"],
      options: { ...base, vocabulary: 400, minFrequency: 1 },
    },
    {
      name: "only the bytes seen",
      texts: prose,
      options: { ...base, vocabulary: 900, byteFallback: false, specials: ["<unk>"] },
    },
  ];
  const PATTERNS = { gpt2: null, punctuation: PUNCTUATION, whitespace: WHITESPACE, none: "" } as const;
  let theirs: readonly { readonly tokens: readonly string[]; readonly merges: unknown }[];
  beforeAll(() => {
    const asked = cases.map(({ texts, options }) => ({
      texts,
      specials: options.specials,
      vocabulary: options.vocabulary,
      min_frequency: options.minFrequency,
      fallback: options.byteFallback,
      pattern: PATTERNS[options.pretokenizer],
    }));
    write("cases.json", JSON.stringify(asked));
    theirs = JSON.parse(peer("merges")) as typeof theirs;
  });

  it.each(cases.map((one, i) => ({ ...one, i })))("$name", async ({ texts, options, i }) => {
    const { json } = await trainBpe(texts, options, hooks);
    const { model } = JSON.parse(json) as { model: { vocab: object; merges: readonly unknown[] } };
    expect(model.merges.length).toBeGreaterThan(20);
    expect(model.merges).toEqual(theirs[i]!.merges);
    expect(Object.keys(model.vocab).sort()).toEqual([...theirs[i]!.tokens].sort());
  });
});

/** Lines for each of the other families: 1 MB, or all when asked (`MLOPS_MIXED_TEXT=all`, some minutes). */
const SOME = process.env["MLOPS_MIXED_TEXT"] === "all" ? Number.POSITIVE_INFINITY : 1_000_000;
/** What every user of `bpe` has, and what is published: always 10 MB. */
const WHOLE = ["own-gpt2", "published"];

describe.skipIf(python === undefined)("ids of 10 MB of mixed text", () => {
  const lines = mixedLines(10_000_000, 1);
  const edges = [
    "",
    " ",
    "\n",
    "a",
    "<s>",
    "  <mask> x",
    "<|eot_id|>'S",
    "[SEP][CLS] x [MASK]",
    "Banana banana Bananas",
    "x  two words  y",
    "\ufeffx",
    "ΑΣ ΣΑΣ.",
    "İI",
    "\0a\u200db\u00adc",
  ];
  const all = [...edges, ...lines];
  const some = all.slice(0, Math.ceil(all.length * Math.min(1, SOME / 10_000_000)));
  const linesFor = (name: string) => (WHOLE.includes(name) ? all : some);
  const nameOf = (file: string) => file.slice(0, -".tokenizer.json".length);
  let decoded: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    write("train.json", JSON.stringify(mixedLines(300_000, 2)));
    peer("families");
    const texts = mixedLines(1_000_000, 5);
    const base = { vocabulary: 4000, specials: ["<|end|>"], byteFallback: true, minFrequency: 2 };
    for (const pretokenizer of ["gpt2", "punctuation", "whitespace", "none"] as const) {
      const { json } = await trainBpe(texts, { ...base, pretokenizer }, hooks);
      write(`own-${pretokenizer}.tokenizer.json`, json);
    }
    const seen = await trainBpe(
      texts.map((text) => text.replace(/[^ -~]/g, "")),
      { ...base, pretokenizer: "gpt2", byteFallback: false },
      hooks,
    );
    write("own-seen.tokenizer.json", seen.json);
    const specials = ["<unk>", "<|end|>"];
    write(
      "own-characters.tokenizer.json",
      await trainCharacters(texts, { specials, minFrequency: 5 }, hooks),
    );
    const words = { specials, lowercase: true, minFrequency: 2, vocabulary: 5000 };
    write("own-words.tokenizer.json", await trainWords(texts, words, hooks));
    if (existsSync(GPT2)) write("published.tokenizer.json", readTokenizerJson(tokenizerFiles(GPT2).files));
    write("lines.json", JSON.stringify(all));
    const names = readdirSync(folder).filter((file) => file.endsWith(".tokenizer.json"));
    const counts = names.map((file) => nameOf(file)).map((name) => [name, linesFor(name).length] as const);
    write("counts.json", JSON.stringify(Object.fromEntries(counts)));
    peer("encode");
    decoded = JSON.parse(readFileSync(join(folder, "decoded.json"), "utf8")) as typeof decoded;
  });

  const load = (name: string) =>
    tokenizerFromJson(readFileSync(join(folder, `${name}.tokenizer.json`), "utf8"));
  const FAMILIES = [
    "gpt2",
    "roberta",
    "llama3",
    "qwen2",
    "llama2",
    "mistral",
    "gemma",
    "plain-unknown",
    "bert",
    "bert-cased",
    "unigram",
    "old-bpe",
    "word-level",
  ];
  const OWN = [
    "own-gpt2",
    "own-punctuation",
    "own-whitespace",
    "own-none",
    "own-seen",
    "own-characters",
    "own-words",
  ];

  it.each([...FAMILIES, ...OWN])("%s: the same, and the same text again", (name) => {
    const tokenizer = load(name);
    expect(difference(tokenizer, linesFor(name), name)).toBeNull();
    const texts = all
      .slice(0, 1000)
      .map((line) => tokenizer.decode(tokenizer.encode(line, { specials: true }), { skipSpecials: true }));
    for (const [i, text] of texts.entries()) expect({ i, text }).toEqual({ i, text: decoded[name]![i] });
  });

  it.each([...FAMILIES, ...OWN])("%s: decoded one id at a time, it is the same text", (name) => {
    const tokenizer = load(name);
    for (const line of all.slice(0, 300)) {
      const ids = tokenizer.encode(line);
      const decoder = tokenizer.decoder();
      const parts = Array.from(ids, (id) => decoder.push(id));
      expect(parts.join("") + decoder.end()).toBe(tokenizer.decode(ids));
    }
  });

  it("every tokenizer was compared", () => {
    const made = readdirSync(folder).filter((file) => file.endsWith(".tokenizer.json"));
    const named = made
      .map((file) => file.slice(0, -".tokenizer.json".length))
      .filter((name) => name !== "published");
    expect(named.sort()).toEqual([...FAMILIES, ...OWN].sort());
  });

  it("what is exported is the same to transformers", () => {
    const tokenizer = load("own-gpt2");
    const { ids, size } = JSON.parse(peer("transformers")) as { ids: number[][]; size: number };
    expect(size).toBe(tokenizer.size);
    expect(ids.length).toBeGreaterThan(1000);
    for (const [i, theirs] of ids.entries()) expect([...tokenizer.encode(all[i]!)]).toEqual(theirs);
  });

  it.skipIf(!existsSync(GPT2))("GPT-2's published tables: as Hugging Face's, and as tiktoken's", () => {
    const tokenizer = load("published");
    expect([...tokenizer.encode("This is some text")]).toEqual([1212, 318, 617, 2420]);
    expect(difference(tokenizer, all, "published")).toBeNull();
    peer("tiktoken", GPT2);
    expect(difference(tokenizer, all, "tiktoken")).toBeNull();
  });
});
