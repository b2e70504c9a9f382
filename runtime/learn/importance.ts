/** Which features mattered. */
import type { Frame } from "./frame.ts";

export interface Importance {
  readonly [key: string]: string | number;
  readonly name: string;
  /** Share of the whole, 0 to 1. */
  readonly gain: number;
}

/** Importances by column as a list by name, largest first, those of no use left out. */
export function importancesOf(frame: Frame, gains: Float64Array): Importance[] {
  const names = frame.features.flatMap((feature) =>
    feature.kind === "sparse" ? feature.names : [feature.name],
  );
  return names
    .map((name, i) => ({ name, gain: gains[i]! }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1));
}
