/** Small pictures of ten shapes, moved and noisy, from a seed. */
import type { Frame, Target } from "../../../runtime/learn/frame.ts";
import { random } from "../../../runtime/learn/random.ts";
import { frameOf, numeric } from "../frames.ts";

export const SIDE = 8;

/** Each class is a set of strokes on a 6 × 6 field; `#` is bright. */
const SHAPES = [
  ["######", "#....#", "#....#", "#....#", "#....#", "######"],
  ["..#...", "..#...", "..#...", "..#...", "..#...", "..#..."],
  ["#.....", ".#....", "..#...", "...#..", "....#.", ".....#"],
  ["......", "......", "######", "......", "......", "......"],
  ["#....#", ".#..#.", "..##..", "..##..", ".#..#.", "#....#"],
] as const;

export interface Pictures {
  readonly frame: Frame;
  readonly target: Target;
  /** The columns as the schema has them: row by row. */
  readonly columns: readonly string[];
}

export function pictures(rows: number, seed: number): Pictures {
  const source = random(seed);
  const pixels = Array.from({ length: SIDE * SIDE }, () => new Float64Array(rows));
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const kind = source.int(SHAPES.length);
    labels[row] = kind;
    const [right, down] = [source.int(3), source.int(3)];
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const bright = SHAPES[kind]![y - down]?.[x - right] === "#";
        pixels[y * SIDE + x]![row] = Math.floor((bright ? 160 : 0) + 90 * source.next());
      }
    }
  }
  const columns = pixels.map((_, i) => `p${i}`);
  const features = columns.map((name, i) => numeric(name, pixels[i]!));
  // As a loaded frame: p10 before p2.
  features.sort((a, b) => (a.name < b.name ? -1 : 1));
  const classes = SHAPES.map((_, k) => `shape ${k}`);
  return {
    frame: frameOf(rows, ...features),
    target: { task: "multiclass", values: labels, classes },
    columns,
  };
}
