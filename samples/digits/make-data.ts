/** Writes data/digits.csv: 1,500 pictures of digits, 8 × 8 pixels from 0 to 16, as those of the UCI optical digits. */
import { mkdirSync, writeFileSync } from "node:fs";
import { Random } from "../random.ts";

export const ROWS = 1500;
const SIDE = 8;
const BRIGHT = 16;

const NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;

/** Five by seven dots each. */
const FONT = [
  [".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."],
  ["..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."],
  [".###.", "#...#", "....#", "..##.", ".#...", "#....", "#####"],
  ["####.", "....#", "....#", ".###.", "....#", "....#", "####."],
  ["...#.", "..##.", ".#.#.", "#..#.", "#####", "...#.", "...#."],
  ["#####", "#....", "####.", "....#", "....#", "#...#", ".###."],
  [".###.", "#....", "#....", "####.", "#...#", "#...#", ".###."],
  ["#####", "....#", "...#.", "..#..", "..#..", ".#...", ".#..."],
  [".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."],
  [".###.", "#...#", "#...#", ".####", "....#", "....#", ".###."],
] as const;

export function digitPictures(seed = 8): string {
  const random = new Random(seed);
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => `p${Math.floor(i / SIDE)}${i % SIDE}`);
  const lines = [["digit", ...pixels].join(",")];
  for (let row = 0; row < ROWS; row++) {
    const digit = random.int(0, 9);
    const numbers = picture(FONT[digit]!, random);
    lines.push([NAMES[digit]!, ...numbers].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** A hand that is not steady: moved, slanted, thicker or thinner, with a dot missing, and a grainy paper. */
function picture(font: readonly string[], random: Random): number[] {
  const [right, down] = [random.int(0, 3), random.int(0, 1)];
  const slant = 0.5 * random.normal();
  const thick = 0.25 + 0.35 * random.next();
  const dots = font.map((line) => [...line].map((dot) => (dot === "#" && !random.chance(0.04) ? 1 : 0)));
  const dot = (y: number, x: number): number =>
    dots[y - down]?.[x - right - Math.round((slant * (3 - (y - down))) / 3)] ?? 0;
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE];
    const ink = dot(y, x) + thick * 0.5 * (dot(y, x - 1) + dot(y, x + 1));
    const grain = 0.12 * random.normal();
    return Math.max(
      0,
      Math.min(BRIGHT, Math.round(BRIGHT * (Math.min(1, ink) * (0.75 + 0.25 * random.next()) + grain))),
    );
  });
}

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeFileSync(new URL("data/digits.csv", import.meta.url), digitPictures());
}
