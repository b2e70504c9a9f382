/** Each fixture gives what its baselines hold; `node scripts/baselines.ts` writes them anew. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { baselinesOf } from "../../scripts/baselines.ts";

const baselines = baselinesOf("syntax");

describe("fixtures", () => {
  it.each(baselines)("$title", ({ file, produce }) => {
    expect(produce()).toBe(readFileSync(file, "utf8"));
  });

  it.each(baselines.filter(({ file }) => file.endsWith(".formatted")))(
    "$title is its own layout",
    ({ file }) => {
      const formatted = readFileSync(file, "utf8");
      expect(format(parse(formatted))).toBe(formatted);
    },
  );
});
