/** Each diagnostic of serving has a page, and the examples on it are spelled as the grammar wants. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { servingDiagnostics } from "../../language/diagnostics/catalogue/serving.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const folder = fileURLToPath(new URL("../../docs/diagnostics", import.meta.url));

it("no page is missing and none is left over", () => {
  const pages = readdirSync(folder).filter((file) => file.startsWith("ML7"));
  expect(pages.sort()).toEqual(
    Object.keys(servingDiagnostics)
      .map((code) => `${code}.md`)
      .sort(),
  );
});

describe.each(Object.keys(servingDiagnostics))("%s", (code) => {
  const page = readFileSync(`${folder}/${code}.md`, "utf8");
  const blocks = [...page.matchAll(/^```mlops\n(.*?)^```$/gms)].map((match) => match[1] as string);

  it("has its title and an example", () => {
    expect(page).toMatch(new RegExp(`^# ${code}: \\S`));
    expect(blocks.length).toBeGreaterThan(0);
  });

  it("has examples whose only gaps are the declarations that they name", () => {
    // ML2008: what the example refers to is not there; ML3002: nothing refers to the example.
    const allowed = new Set(["ML2008", "ML3002"]);
    for (const text of blocks) {
      const { diagnostics } = compile({ files: { read: () => text }, entry: "block.mlops", vocabulary });
      const strange = diagnostics.filter((one) => !allowed.has(one.code));
      expect(strange.map((one) => `${one.code} ${one.message}`)).toEqual([]);
    }
  });
});
