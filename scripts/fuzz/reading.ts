/** A check of one text as the entry of a project in which the files exist that its imports name. */
import { type Compiled, compile } from "../../language/compile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const ENTRY = "fuzz.mlops";

export type Modules = ReadonlyMap<string, string>;

export interface Reading {
  readonly compiled: Compiled;
  /** The length of the text and of every file that it imports, each counted once. */
  readonly units: number;
}

/** The work that is timed. */
export function read(text: string, modules: Modules): Reading {
  const seen = new Set<string>();
  let units = text.length;
  const files = {
    read(path: string): string | null {
      if (path === ENTRY) return text;
      const found = modules.get(path.slice(path.lastIndexOf("/") + 1)) ?? null;
      if (found !== null && !seen.has(path)) units += found.length;
      seen.add(path);
      return found;
    },
  };
  return { compiled: compile({ files, entry: ENTRY, vocabulary }), units };
}
