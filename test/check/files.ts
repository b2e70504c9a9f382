/** Files for the compiler in tests: texts by name, and the libraries that come with the language. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../../language/compile.ts";

const LIBRARY = fileURLToPath(new URL("../../stdlib/library/", import.meta.url));

export const textHost = (files: Readonly<Record<string, string>>): Host => ({
  read: (path) => {
    if (Object.hasOwn(files, path)) return files[path]!;
    if (!path.startsWith("std:")) return null;
    try {
      return readFileSync(join(LIBRARY, path.slice("std:".length)), "utf8");
    } catch {
      return null;
    }
  },
});

export interface SpecBlock {
  readonly text: string;
  /** The block as `spec.mlops`, with the named blocks before it. */
  readonly files: Host;
}

/**
 * The specs in a page: its `mlops` blocks. One whose fence says `mlops file=NAME` is the file that later blocks
 * import as `./NAME`.
 */
export function specBlocks(page: string): SpecBlock[] {
  const named: Record<string, string> = {};
  const blocks: SpecBlock[] = [];
  for (const [, info = "", text = ""] of page.matchAll(/^```mlops(?: file=(\S+))?\n(.*?)^```$/gms)) {
    if (info === "") blocks.push({ text, files: textHost({ ...named, "spec.mlops": text }) });
    else named[info] = text;
  }
  return blocks;
}
