/** Texts of every sort, from a seed: prose, code, numbers, emoji, many scripts, odd spaces, accents. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { random } from "../../portable/rows.ts";

const BOOK = fileURLToPath(new URL("../../../../shared/data/tinyshakespeare.txt", import.meta.url));

const SYLLABLES =
  "ba be co da en er fi ga he in ka li ma ne on pa re so ti un ve wi yo za sh th ing ed ly ness".split(" ");
const CODE = [
  "for (let i = 0; i < n; i++) {\n\tsum += values[i]!;\n}\n",
  "def f(x: int) -> str:\n    return f'{x:>10.3f}'\n\n",
  "SELECT count(*) FROM t WHERE a >= 1e-3 AND b != 'x''y';\n",
  '<div class="a-b">&nbsp;</div>\r\n',
  "#include <stdio.h>\n/* *** --- === ... ??? !!! */\n",
  "https://example.org/a?b=1&c=%20#d  user@example.com\n",
];
const EMOJI = ["😀", "👩‍👩‍👧", "🇫🇷", "👍🏽", "❤️", "🏳️‍🌈", "1️⃣", "☕", "🤖"];
const CONTRACTIONS = [
  "don't",
  "I'll",
  "we've",
  "THEY'RE",
  "it's",
  "'tis",
  "o'clock",
  "I'm",
  "he'd",
  "'S",
  "rock'n'roll",
];
const SPACES = [
  " ",
  "  ",
  "    ",
  "\t",
  "\n",
  "\n\n",
  "\r\n",
  " \n ",
  "\u00a0",
  "\u2003",
  "\u3000",
  "\u2028",
];
/** First and last code points of stretches that have been assigned for long. */
const SCRIPTS: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fa5],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0xac00, 0xd7a3],
  [0x0410, 0x044f],
  [0x0391, 0x03a1],
  [0x03b1, 0x03c9],
  [0x0621, 0x064a],
  [0x05d0, 0x05ea],
  [0x0905, 0x0939],
  [0x0e01, 0x0e30],
  [0x00c0, 0x00ff],
  [0x0100, 0x017f],
  [0x1e00, 0x1eff],
  [0x0660, 0x0669],
  [0x2190, 0x21ff],
  [0x2200, 0x22ff],
  [0x0021, 0x007e],
  [0x1d400, 0x1d454],
  [0x20000, 0x200ff],
  [0x2160, 0x2188],
  [0x00bc, 0x00be],
];
const ACCENTS = ["\u0301", "\u0308", "\u0327", "\u094d"];

/** Lines of about a hundred characters, `bytes` UTF-8 bytes or a little more in all. */
export function mixedLines(bytes: number, seed: number): string[] {
  const next = random(seed);
  const below = (count: number) => Math.floor(next() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const word = () => Array.from({ length: 1 + below(4) }, () => pick(SYLLABLES)).join("");
  const prose = existsSync(BOOK) ? readFileSync(BOOK, "utf8") : "";
  const sorts: readonly (() => string)[] = [
    () => {
      if (prose === "") return Array.from({ length: 16 }, word).join(" ");
      const at = below(prose.length - 120);
      return prose.slice(at, at + 120);
    },
    () => Array.from({ length: 12 }, () => (next() < 0.2 ? pick(CONTRACTIONS) : word())).join(" "),
    () => pick(CODE),
    () =>
      Array.from({ length: 10 }, () => String(Math.floor(next() ** 4 * 1e9))).join(
        pick([" ", ",", ".", "-", "/"]),
      ),
    () => Array.from({ length: 10 }, () => pick(EMOJI)).join(pick(["", " "])),
    () => {
      const [first, last] = pick(SCRIPTS);
      const characters = Array.from({ length: 40 }, () =>
        next() < 0.1 ? " " : String.fromCodePoint(first + below(last - first + 1)),
      );
      return characters.join("");
    },
    () =>
      Array.from({ length: 20 }, () => {
        const [first, last] = pick(SCRIPTS);
        return String.fromCodePoint(first + below(last - first + 1)) + (next() < 0.3 ? pick(ACCENTS) : "");
      }).join(""),
    () => Array.from({ length: 12 }, () => word() + pick(SPACES)).join(""),
  ];
  const lines: string[] = [];
  let size = 0;
  while (size < bytes) {
    // Prose is most of it, as it is of texts.
    const line = next() < 0.5 ? sorts[0]!() : pick(sorts)();
    lines.push(line);
    size += Buffer.byteLength(line);
  }
  return lines;
}
