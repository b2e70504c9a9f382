/** Every diagnostic of the checker has a page whose wrong example shows it, alone, and whose right one does not. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { catalogue, entryOf, pageOf } from "../../language/diagnostics/catalogue.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type SpecBlock, specBlocks, textHost } from "./files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const codes = Object.keys(catalogue).filter((code) => /^ML[23]/.test(code));
/** What only a command line or a disk can show; `set.test.ts` has these. */
const OUTSIDE = new Set(["ML2043", "ML2047", "ML2048", "ML2059", "ML2063"]);

const NO_BLOCK: SpecBlock = { text: "", files: textHost({ "spec.mlops": "" }) };
const found = ({ files } = NO_BLOCK) => compile({ files, entry: "spec.mlops", vocabulary }).diagnostics;

const blocksOf = (code: string) => specBlocks(readFileSync(`${root}/${pageOf(code)}`, "utf8"));

describe("the page of every diagnostic", () => {
  it("exists", () => {
    const missing = Object.keys(catalogue).filter((code) => !existsSync(`${root}/${pageOf(code)}`));
    expect(missing).toEqual([]);
  });

  it.each(codes.filter((code) => !OUTSIDE.has(code)))(
    "%s: the wrong example shows it and nothing else",
    (code) => {
      const [wrong] = blocksOf(code);
      // An example may leave its ends unused; that is a warning of its own page.
      const codes = found(wrong)
        .map((diagnostic) => diagnostic.code)
        .filter((other) => other === code || other !== "ML3002");
      expect(codes.length).toBeGreaterThan(0);
      expect(new Set(codes)).toEqual(new Set([code]));
    },
  );

  it.each(codes.filter((code) => code !== "ML2048"))("%s: the right example is right", (code) => {
    const right = blocksOf(code).at(-1);
    const messages = found(right).filter(
      (diagnostic) => diagnostic.code === code || diagnostic.severity === "error",
    );
    expect(messages.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`)).toEqual([]);
  });

  it.each(codes)("%s: no value of the message is forgotten", (code) => {
    if (OUTSIDE.has(code)) return;
    for (const diagnostic of found(blocksOf(code)[0])) {
      // A value may have braces of its own: a prompt's placeholder. The template's names are what is looked for.
      const { message, help = "" } = entryOf(diagnostic.code);
      const said = `${diagnostic.message} ${diagnostic.help ?? ""}`;
      for (const [placeholder] of `${message} ${help}`.matchAll(/\{\w+\}(?! …)/g))
        expect(said).not.toContain(placeholder);
    }
  });
});
