/** Every `mlops` code block of the README and of docs/ (the diagnostics' pages have a test of their own) checks. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { ROOT } from "../samples/mlops.ts";

const pages = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "diagnostics" ? [] : pages(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });

const blocks = [join(ROOT, "README.md"), ...pages(join(ROOT, "docs"))].flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^```mlops\n(.*?)^```$/gms)].map((match, index) => ({
    name: `${relative(ROOT, file)} block ${index + 1}`,
    text: match[1] as string,
  })),
);

describe("code blocks in the docs", () => {
  it("exist", () => expect(blocks.length).toBeGreaterThan(0));

  it.each(blocks)("$name", ({ text }) => {
    const { diagnostics } = compile({ files: { read: () => text }, entry: "block.mlops", vocabulary });
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});
