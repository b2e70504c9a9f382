/** What the fixtures give today is what their baselines say; `npm run baselines` writes them anew. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { program as programSchema } from "../../language/ir/program.ts";
import { baselinesOf } from "../../scripts/baselines.ts";
import { findings, programOf } from "./spec.ts";

describe("baselines", () => {
  it.each(baselinesOf("check"))("$title", ({ file, produce }) => {
    expect(produce()).toBe(readFileSync(file, "utf8"));
  });
});

describe("the program of a fixture", () => {
  const text = readFileSync(new URL("fixtures/everything.mlops", import.meta.url), "utf8");
  const program = programOf(text);

  it("is what the IR's schema describes", () => {
    expect(programSchema.safeParse(JSON.parse(JSON.stringify(program))).error).toBeUndefined();
  });

  it("names in refs what it refers to, each once, and all of it is there", () => {
    const ids = new Set(program.declarations.map((declaration) => declaration.id));
    for (const { refs } of program.declarations) {
      expect(new Set(refs).size).toBe(refs.length);
      for (const ref of refs) expect(ids).toContain(ref);
    }
  });

  it("places every attribute that was written", () => {
    const model = program.declarations.find((declaration) => declaration.id === "model.judge");
    expect(Object.keys(model?.locations ?? {})).toEqual(
      expect.arrayContaining(["/data", "/tune", "/trees", "/columns", "/class_weights"]),
    );
    const lines = text.split("\n");
    for (const { locations } of program.declarations) {
      for (const range of Object.values(locations))
        expect(lines[range.line - 1]?.length ?? -1).toBeGreaterThanOrEqual(range.column - 1);
    }
  });
});

const example = fileURLToPath(new URL("../../../shared/design/examples/loans.mlops", import.meta.url));
it.skipIf(!existsSync(example))("the design's loan example checks, its monitor apart", () => {
  const text = readFileSync(example, "utf8").replace(/\nmonitor [\s\S]*$/, "");
  expect(findings(text).map((found) => found.message)).toEqual([
    "Nothing uses the secret `PAGER_URL`: take it out, or name it in an attribute",
  ]);
});
