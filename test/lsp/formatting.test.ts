/** The edits that an editor is given make what `mlops fmt` writes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lines } from "../../language/diagnostics/lines.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { formatEdits } from "../../lsp/features/formatting.ts";
import { Workspace } from "../../lsp/workspace.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { ROOT } from "../samples/mlops.ts";
import { edited } from "./answers.ts";
import { memoryDisk } from "./client.ts";

const workspace = new Workspace(vocabulary, memoryDisk({}));
const parsed = (text: string) => ({ text, tree: parse(text), lines: new Lines(text) });
const TEXTS = ["samples/loan/loan.mlops", "samples/music-store/music-store.mlops"].map((file) =>
  readFileSync(join(ROOT, file), "utf8"),
);

describe("formatting in an editor", () => {
  it("makes of any layout what `mlops fmt` writes", () => {
    const space = fc.constantFrom(" ", "  ", "\n", " \n\n", "\n\n\n", "\t");
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.array(fc.tuple(fc.nat(), space), { maxLength: 30 }),
        (text, moved) => {
          let untidy = text;
          for (const [at, white] of moved) {
            const place = untidy.indexOf("\n", at % untidy.length);
            if (place >= 0) untidy = `${untidy.slice(0, place)}${white}${untidy.slice(place)}`;
          }
          const before = parsed(untidy);
          if (before.tree.errors.length > 0) return;
          const after = edited(untidy, formatEdits(workspace, before));
          expect(after).toBe(format(before.tree, layoutOf(vocabulary)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("changes nothing where nothing is to change, and nothing of what does not parse", () => {
    for (const text of TEXTS) expect(formatEdits(workspace, parsed(text))).toEqual([]);
    expect(formatEdits(workspace, parsed("dataset {{{"))).toEqual([]);
  });
});
