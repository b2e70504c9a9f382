/** The gallery of broken specs: each shows one mistake, its first line says what to change, and the page is up to date. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { EXHIBITS, outputs, renderGallery, specOf } from "../../scripts/gallery.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { ROOT } from "../samples/mlops.ts";

const messages = (text: string): string[] =>
  compile({ files: { read: () => text }, entry: "spec.mlops", vocabulary }).diagnostics.map(
    ({ code, message }) => `${code} ${message}`,
  );

const said = outputs();

describe("docs/gallery.md", () => {
  it("has ten exhibits and is what the tool says today", () => {
    expect(EXHIBITS).toHaveLength(10);
    expect(readFileSync(join(ROOT, "docs/gallery.md"), "utf8")).toBe(renderGallery(said));
  });

  it.each(EXHIBITS)("$title: one error and no other finding", (exhibit) => {
    expect(messages(specOf(exhibit))).toHaveLength(1);
    expect(said.get(exhibit.file)?.match(/^(error|warning)\[/gm)).toEqual(["error["]);
  });

  it.each(EXHIBITS)("$title: the first line alone says what to change", (exhibit) => {
    const [first = ""] = (said.get(exhibit.file) ?? "").split("\n");
    for (const words of exhibit.says) expect(first).toContain(words);
  });

  it.each(EXHIBITS)("$title: with that change nothing is wrong", (exhibit) => {
    const text = specOf(exhibit);
    const [from, to] = exhibit.mend;
    expect(text.split(from)).toHaveLength(2);
    expect(messages(text.replace(from, () => to))).toEqual([]);
  });
});
