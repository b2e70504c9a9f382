/** How far predictions went from one table to another. */
import type { PortableModel, Predictions } from "../portable/form.ts";
import type { Variation } from "./variations.ts";

export interface Move {
  /** Place in the table. */
  readonly row: number;
  readonly from: string;
  readonly to: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** A share: of the probability's range, or of the value that was predicted. */
  readonly distance: number;
}

/** [rows] the probabilities of all classes, or the one value. */
export function answersOf(model: PortableModel, { rows, probabilities, predicted }: Predictions): number[][] {
  const width = model.classes.length;
  return Array.from({ length: rows }, (_, i) =>
    probabilities === null ? [predicted[i]!] : [...probabilities.subarray(i * width, (i + 1) * width)],
  );
}

export function movesOf(
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
  variation: Variation,
  wrong: (before: readonly number[], after: readonly number[]) => number,
  task: PortableModel["task"],
): Move[] {
  return variation.changed.map(({ row, from, to }) => {
    const [a, b] = [before[row]!, after[row]!];
    const absolute = wrong(a, b);
    const distance = task === "regression" && absolute !== 0 ? absolute / Math.abs(a[0]!) : absolute;
    return { row, from, to, before: a, after: b, distance };
  });
}

/** Rounding of the last bits moves nothing. */
const ROUNDING = 1e-12;

/** The farthest move of every row that went farther than allowed; the worst first, equals by row. */
export function farthest(moves: readonly Move[], within: number): Move[] {
  const worst = new Map<number, Move>();
  for (const move of moves) {
    if (!(move.distance > within + ROUNDING)) continue;
    const known = worst.get(move.row);
    if (known === undefined || move.distance > known.distance) worst.set(move.row, move);
  }
  return [...worst.values()].sort((a, b) => b.distance - a.distance || a.row - b.row);
}
