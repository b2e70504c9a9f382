/** What the three printers say of the fixtures is what their baselines say; `npm run baselines` writes them anew. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { baselinesOf } from "../../scripts/baselines.ts";

describe("baselines", () => {
  it.each(baselinesOf("diff"))("$title", ({ file, produce }) => {
    expect(produce()).toBe(readFileSync(file, "utf8"));
  });
});
