/** Reading takes time in proportion to the text's length, whatever the text is. */
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const SMALL = 10_000;
const LARGE = 80_000;
/** Eight times the text: a quadratic reading takes 64 times as long. Between the two, and far from noise. */
const MOST = 24;
/** Collecting garbage takes as long. */
const FLOOR_MS = 10;
/** A machine that others use disturbs one round or two; a quadratic reading fails in all of them. */
const ROUNDS = 6;

const PIECES = [
  "(",
  "[",
  "{",
  "}",
  ")",
  "f(",
  "a {\n",
  "a b {\n",
  "if ",
  "- ",
  "not ",
  "a + ",
  "a.",
  "f()",
  "[)",
  "}(",
  "(}",
  "a.)",
  "a {}",
  "a +`\n",
  "a.`\n",
  "a {/// d\n",
  "a b {\n  c\n}\n",
  "x = ",
  "x: int\n",
  "x = 1\n",
  "a(b = ",
  '"\n',
  '"""\n',
  "`\n",
  "``",
  "'",
  "“",
  "\0",
  "\uD800",
  "\r",
  "/// d\n",
  "// c\n",
  "if a then b else ",
  'import "a" {',
  "dataset a: csv {\n",
  "  a {\n}\n",
  "model m: x { data = y.z }\n",
  "require a.b >= 1\n",
  "a",
  "1",
  "_",
  "é",
  "\\",
  "\n",
  " ",
  "\t\n",
  '"a" ',
  "a ",
  ", ",
  "= ",
  "1..",
];

/** Processor time of this process: other tests run beside this one. */
function processorMs(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** By how much the large text takes longer than the small one: of some rounds the first below `MOST`, or the lowest. */
function growth(work: (text: string) => unknown, piece: string): number {
  const [small, large] = [repeated(piece, SMALL), repeated(piece, LARGE)];
  let [few, many] = [FLOOR_MS, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS && many / few >= MOST; round += 1) {
    // The slowest reading of the small text beside the quickest of the large one: noise must not fail it.
    few = Math.max(
      few,
      processorMs(() => work(small)),
    );
    many = Math.min(
      many,
      processorMs(() => work(large)),
    );
  }
  return many / few;
}

const repeated = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const compiled = (text: string) =>
  compile({ files: { read: (file) => (file === "a.mlops" ? text : null) }, entry: "a.mlops", vocabulary });

describe("eight times the text", () => {
  it.each(PIECES)("of `%s` takes about eight times as long", (piece) => {
    expect(growth((text) => format(parse(text)), piece)).toBeLessThan(MOST);
    expect(growth(compiled, piece)).toBeLessThan(MOST);
  });
});
