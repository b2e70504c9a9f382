/** Two declarations that are one, side by side. */
import type { Json } from "../ir/canonical.ts";
import type { Declaration } from "../ir/program.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import type { Change } from "./model.ts";
import type { Writer } from "./text.ts";

/** Two declarations, and how to say and compare what stands in them. */
export interface Comparison {
  readonly vocabulary: Vocabulary;
  readonly before: Declaration;
  readonly after: Declaration;
  readonly writeBefore: Writer;
  readonly writeAfter: Writer;
  /** The id before of an id after. */
  named(id: string): string;
}

export interface Compared {
  readonly path: string;
  /** JSON pointer into the props. */
  readonly pointer: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export const NOTHING: Change = {
  path: "",
  before: null,
  after: null,
  defaulted: null,
  direction: null,
  added: [],
  removed: [],
  lines: [],
  place: null,
};

/** A change between two texts, with its place. */
export function change(
  { before, after }: Pick<Comparison, "before" | "after">,
  path: string,
  pointer: string,
  old: string | null,
  now: string | null,
): Change {
  const place =
    (now === null ? null : after.locations[pointer]) ?? before.locations[pointer] ?? after.locations[pointer];
  return { ...NOTHING, path, before: old, after: now, place: place ?? null };
}
