/** Scanners written by hand cut as their patterns do. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternOf } from "../../../runtime/text/tokenizer/patterns.ts";
import { scannerOf } from "../../../runtime/text/tokenizer/scanners/known.ts";
import { scanCharacters, scanWords } from "../../../runtime/text/tokenizer/scanners/plain.ts";
import type { Scanner } from "../../../runtime/text/tokenizer/scanners/scanner.ts";
import { mixedLines } from "./mixed.ts";

/** `\s` of Oniguruma and Rust is White_Space, which JavaScript's is not quite. */
const S = "\\p{White_Space}";
const contractions = "'(?:[sStTmMdD\u017f]|[rR][eE]|[vV][eE]|[lL][lL])";
const llama3 = (numbers: string) =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^${S}\\p{L}\\p{N}]+[\\r\\n]*|${S}*[\\r\\n]+|${S}+(?!\\P{White_Space})|${S}+`;

/** Pattern as files have it, and as JavaScript reads it, written out apart from the translation that is tested below. */
const PATTERNS: Readonly<Record<string, readonly [file: string, expression: RegExp]>> = {
  "GPT-2": [
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
    new RegExp(
      `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${S}\\p{L}\\p{N}]+|${S}+(?!\\P{White_Space})|${S}+`,
      "gu",
    ),
  ],
  "Llama 3": [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    new RegExp(llama3("\\p{N}{1,3}"), "gu"),
  ],
  "Qwen 2": [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    new RegExp(llama3("\\p{N}"), "gu"),
  ],
  punctuation: [
    " ?[^\\s\\p{P}\\p{S}]+| ?[\\p{P}\\p{S}]|\\s+(?!\\S)|\\s+",
    new RegExp(` ?[^${S}\\p{P}\\p{S}]+| ?[\\p{P}\\p{S}]|${S}+(?!\\P{White_Space})|${S}+`, "gu"),
  ],
  whitespace: [
    " ?\\S+|\\s+(?!\\S)|\\s+",
    new RegExp(` ?\\P{White_Space}+|${S}+(?!\\P{White_Space})|${S}+`, "gu"),
  ],
};

function cut(scan: Scanner, text: string, from = 0, to = text.length): string[] {
  const pieces: string[] = [];
  for (let at = from; at < to; ) {
    const end = scan(text, at, to);
    expect(end).toBeGreaterThan(at);
    expect(end).toBeLessThanOrEqual(to);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** What patterns tell apart, close together. */
const dense = fc
  .array(
    fc.constantFrom(
      ..." '\t\n\r\u00a0\u0085\u2028\u3000\ufeffaZsStdmrevlLK\u017f\u212aé中अ०1²Ⅷ.,-_$+^😀👍🏽𝒜𐌰\u0301\u200d\0",
      "'ll",
      "'RE",
      "  ",
      "\r\n",
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));
const any = fc.string({ unit: "binary", maxLength: 30 });
const texts = fc.oneof({ weight: 4, arbitrary: dense }, { weight: 1, arbitrary: any });

describe.each(Object.entries(PATTERNS))("%s", (_name, [file, expression]) => {
  const scan = scannerOf(file)!;

  it("cuts as the pattern does", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(cut(scan, text)).toEqual(text.match(expression) ?? []);
      }),
      { numRuns: 3000, seed: 7 },
    );
    for (const line of mixedLines(200_000, 11)) expect(cut(scan, line)).toEqual(line.match(expression) ?? []);
  });

  it("looks neither before its start nor behind its end", () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, text, after) => {
        expect(cut(scan, before + text + after, before.length, before.length + text.length)).toEqual(
          cut(scan, text),
        );
      }),
      { numRuns: 1000, seed: 8 },
    );
  });

  it("is what the file's pattern is translated to", () => {
    // `(?i:` is read by newer engines only; the scanner needs none.
    if (file.startsWith("(?i:") && !canReadModifiers()) return;
    fc.assert(
      fc.property(texts, (text) => {
        expect(text.match(patternOf(file)) ?? []).toEqual(text.match(expression) ?? []);
      }),
      { numRuns: 1000, seed: 9 },
    );
  });
});

function canReadModifiers(): boolean {
  try {
    return /(?i:a)/u.test("A");
  } catch {
    return false;
  }
}

it("words, what stands between them, and spaces", () => {
  const W = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";
  const expression = new RegExp(`[${W}]+|[^${W}${S}]+|${S}+`, "gu");
  fc.assert(
    fc.property(texts, (text) => {
      expect(cut(scanWords, text)).toEqual(text.match(expression) ?? []);
      expect(cut(scanCharacters, text)).toEqual(Array.from(text));
    }),
    { numRuns: 2000, seed: 10 },
  );
});

describe("a pattern of Oniguruma", () => {
  it.each([
    ["possessive", "a++"],
    ["atomic", "(?>a)"],
    ["\\b", "\\bword"],
    ["within brackets", "[a&&b]"],
  ])("that JavaScript has no equal of is an error: %s", (what, pattern) => {
    expect(() => patternOf(pattern)).toThrow(what);
    expect(() => patternOf(pattern)).toThrow(JSON.stringify(pattern));
  });

  it.each([
    [" {2,}", "a  b   c d", ["  ", "   "]],
    ["\\p{Han}+|[^\\p{Han}]", "中文a", ["中文", "a"]],
    ["\\d\\D", "1a٢b22", ["1a", "٢b"]],
    ["[^\\S\\n]+", "a \t\nb", [" \t"]],
    [".+$", "ab\ncd", ["ab", "cd"]],
    ["\\'\\-\\}", "'-}", ["'-}"]],
  ])("is read as Oniguruma reads it: %s", (pattern, text, matches) => {
    expect(text.match(patternOf(pattern))).toEqual(matches);
  });
});
