/** Cutting text into the pieces within which a byte-level model merges. */

/**
 * The end of the piece that begins at `at`; `at < result <= end`. Pieces follow each other without a gap, and what lies
 * before `at` or behind `end` has no influence.
 */
export type Scanner = (text: string, at: number, end: number) => number;
