/** The reference is what the vocabulary, the catalogue and the commands say today. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REFERENCE, referencePages, writtenPages } from "../../scripts/reference.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const pages = await referencePages();

describe("docs/reference", () => {
  it("has the pages that it should have: `npm run reference` writes them", () => {
    expect(writtenPages().sort()).toEqual(Object.keys(pages).sort());
  });

  it.each(Object.entries(pages))("%s is up to date", (path, text) => {
    expect(readFileSync(join(REFERENCE, path), "utf8")).toBe(text);
  });

  it("names every kind, variant, attribute, function and metric", () => {
    for (const kind of Object.values(vocabulary.kinds)) {
      const page = pages[`kinds/${kind.name}.md`];
      for (const { name, schema } of Object.values(kind.variants)) {
        expect(page).toContain(name);
        for (const attribute of Object.keys(schema.shape)) expect(page).toContain(`\`${attribute}\``);
      }
    }
    for (const { name } of Object.values(vocabulary.functions))
      expect(pages["functions.md"]).toContain(`\`${name}(`);
    for (const name of Object.keys(vocabulary.metrics)) expect(pages["metrics.md"]).toContain(`\`${name}\``);
  });

  it("links to pages that are there", () => {
    for (const [path, text] of Object.entries(pages)) {
      for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+\.md)\)/g))
        expect(() => readFileSync(join(REFERENCE, path, "..", target)), `${path} → ${target}`).not.toThrow();
    }
  });
});
