/** Mutated samples: the same seed and index give the same text in every process. */
import { parse } from "../../language/syntax/parse.ts";
import type { Bases } from "./bases.ts";
import { Random } from "./random.ts";

type Change = (text: string, random: Random, bases: Bases) => string;

/** One sample in so many is a huge one. */
const HUGE = 2_000;
const BRACKETS = ["(", ")", "[", "]", "{", "}"] as const;
const ODD = [
  "\0",
  "\uFEFF",
  "\uD800",
  "\uDC00",
  "\uDBFF\uDBFF",
  "\r",
  "\r\n",
  "\n",
  "\u2028",
  "\u0301",
  "\u200D",
  "\u{1F600}",
  "\t",
  "\\",
  '"',
  '"""',
  "`",
  "'",
  "“",
  "//",
  "///",
  "\\u{110000}",
  "\uFFFF",
] as const;
/** Pieces that a sample can be full of. */
export const DEEP = [
  "(",
  "[",
  "{",
  "f(",
  "a {",
  "if ",
  "- ",
  "not ",
  "a.",
  "a +",
  "x = ",
  "x: ",
  "(a, ",
  "a b: ",
  "require ",
  'import "a" {',
  'import "std/gates" { beats_majority as ',
  "const a = ",
  "param a: int = ",
  "template t {\n",
  "template t(a: dataset) {\n",
  "gate g(a: evaluation) {\n",
  "environment e { set { ",
  "test a { step b { ",
  "uses = [",
  "}",
  ")",
  '"',
  '"""\n',
  "`\n",
  "/// d\n",
  "// c\n",
  "0x",
  "1..",
  "\n  a {\n",
  "if a then ",
  "a b {\n  c\n}\n",
  "d: csv\n",
  "\0",
] as const;

const tokenChanges: readonly Change[] = [
  onTokens((tokens, at) => void tokens.splice(at, 1)),
  onTokens((tokens, at) => void tokens.splice(at, 0, tokens[at] ?? "")),
  onTokens((tokens, at, random) => {
    const other = random.below(tokens.length);
    [tokens[at], tokens[other]] = [tokens[other] ?? "", tokens[at] ?? ""];
  }),
  onTokens((tokens, at, random, bases) => {
    tokens[at] = random.pick(bases.tokens);
  }),
  onTokens((tokens, at, random, bases) => {
    tokens.splice(at, 0, ...Array.from({ length: 1 + random.below(4) }, () => random.pick(bases.tokens)));
  }),
  // Brackets that do not match.
  onTokens((tokens, _, random) => {
    const places = tokens.flatMap((text, at) => ((BRACKETS as readonly string[]).includes(text) ? [at] : []));
    if (places.length === 0) tokens.push(random.pick(BRACKETS));
    else tokens[random.pick(places)] = random.next() < 0.5 ? "" : random.pick(BRACKETS);
  }),
  onTokens((tokens, at, random) => void tokens.splice(at, 0, random.pick(BRACKETS))),
];

const byteChanges: readonly Change[] = [
  (text, random) => {
    const at = random.below(text.length);
    const flipped = String.fromCharCode(
      text.charCodeAt(at) ^ (1 << random.below(random.next() < 0.9 ? 7 : 16)),
    );
    return text.slice(0, at) + flipped + text.slice(at + 1);
  },
  (text, random) =>
    inserted(text, random, String.fromCharCode(random.below(random.next() < 0.8 ? 128 : 65536))),
  (text, random) => inserted(text, random, random.pick(ODD)),
  (text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + random.below(12));
  },
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random, bases) => {
    const other = random.pick(bases.pieces);
    return text.slice(0, random.below(text.length)) + other.slice(random.below(other.length));
  },
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => text.replace(/^[ \t]+/gm, ""),
  (text, random) => inserted(text, random, random.pick(DEEP).repeat(1 + random.below(300))),
  (text, random) =>
    inserted(
      text,
      random,
      random.pick(["a", "1", "_", "é", "=", "\\", " ", "`"]).repeat(1 + random.below(3_000)),
    ),
];

function onTokens(change: (tokens: string[], at: number, random: Random, bases: Bases) => void): Change {
  return (text, random, bases) => {
    const tokens = parse(text).tokens.map((token) => token.text);
    if (tokens.length === 0) return random.pick(bases.tokens);
    change(tokens, random.below(tokens.length), random, bases);
    return tokens.join("");
  };
}

function inserted(text: string, random: Random, what: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + what + text.slice(at);
}

/** The sample of a seed and an index. */
export function sampleOf(seed: number, index: number, bases: Bases): string {
  const random = new Random(seed, index);
  if (index % HUGE === HUGE - 1) return huge(random);
  let text = base(random, bases);
  const changes = random.next() < 0.5 ? tokenChanges : byteChanges;
  for (let count = 1 + random.below(3); count > 0 && text !== ""; count -= 1)
    text = random.pick(changes)(text, random, bases);
  return text;
}

/** Mostly a declaration or a few, and sometimes a whole file: errors in a small one are as many, and quicker had. */
function base(random: Random, bases: Bases): string {
  if (random.next() < 0.02) return random.pick(bases.texts);
  return Array.from({ length: 1 + random.below(2) }, () => random.pick(bases.pieces)).join("");
}

function huge(random: Random): string {
  const piece = random.pick(DEEP) + (random.next() < 0.5 ? random.pick(DEEP) : "");
  const lead = random.next() < 0.5 ? "x = " : "";
  return lead + piece.repeat(1 + random.below(20_000 / piece.length));
}
