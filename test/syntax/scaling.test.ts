/** Reading takes time in proportion to the text's length, whatever the text is. */
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const SMALL = 20_000;
const LARGE = 160_000;
/** Eight times the text: a quadratic reading takes 64 times as long. Between the two, and far from noise. */
const MOST = 24;
/** Collecting garbage takes as long. */
const FLOOR_MS = 10;

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

/** Processor time: other tests run beside this one. */
const timed = (work: () => unknown): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let again = 0; again < 3; again += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
};

const repeated = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const compiled = (text: string) =>
  compile({ files: { read: (file) => (file === "a.mlops" ? text : null) }, entry: "a.mlops", vocabulary });

describe("eight times the text", () => {
  it.each(PIECES)("of `%s` takes about eight times as long", (piece) => {
    const [small, large] = [repeated(piece, SMALL), repeated(piece, LARGE)];
    for (const work of [(text: string) => format(parse(text)), compiled]) {
      const few = Math.max(
        FLOOR_MS,
        timed(() => work(small)),
      );
      expect(timed(() => work(large)) / few).toBeLessThan(MOST);
    }
  });
});
