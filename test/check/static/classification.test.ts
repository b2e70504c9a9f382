/** Every finding of the runtime is classified, and what a spec alone tells is said by `mlops check`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkQueries } from "../../../cli/check-queries.ts";
import { compileText } from "../spec.ts";
import { CLASSIFICATION } from "./classification.ts";
import { QUERIES, REFUSED, WARNED } from "./refused-specs.ts";

const RUNTIME = fileURLToPath(new URL("../../../runtime", import.meta.url));

function raised(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return raised(path);
    return [...readFileSync(path, "utf8").matchAll(/"(ML\d{4})"/g)].map((match) => match[1]!);
  });
}

describe("the findings of the runtime", () => {
  it("are classified, all of them and nothing else", () => {
    expect(Object.keys(CLASSIFICATION).sort()).toEqual([...new Set(raised(RUNTIME))].sort());
  });

  it("have a spec each where the spec alone tells", () => {
    const known = Object.entries(CLASSIFICATION).flatMap(([code, [when]]) =>
      when === "static" ? [code] : [],
    );
    const shown = [...REFUSED, ...QUERIES].flatMap(({ code, check }) => [code, check]);
    expect(known.filter((code) => !shown.includes(code) && !WARNED.has(code))).toEqual([]);
  });
});

const errorsOf = (text: string): string[] =>
  compileText(text)
    .diagnostics.filter((found) => found.severity === "error")
    .map((found) => found.code);

describe("mlops check", () => {
  it.each(REFUSED)("says $check where a run would say $code", ({ check, text, mistake }) => {
    if (mistake === undefined) expect(new Set(errorsOf(text))).toEqual(new Set([check]));
    // The mistake is in the IR only; its text is refused by the fixtures of the checker.
    else expect(errorsOf(text)).toEqual([]);
  });

  it.each(QUERIES)("says $check of a query where a run would say $code", async ({ check, text }) => {
    const { program, diagnostics } = compileText(text);
    expect(diagnostics.filter((found) => found.severity === "error")).toEqual([]);
    const found = await checkQueries(program, ".", () => null);
    expect(found.filter((one) => one.severity === "error").map((one) => one.code)).toEqual([check]);
  });
});
