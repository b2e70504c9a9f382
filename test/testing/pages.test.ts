/** The pages of findings about tests: what the checker says of the wrong example, and nothing of the right one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testsDiagnostics } from "../../language/diagnostics/catalogue/tests.ts";
import { pageOf } from "../../language/diagnostics/catalogue.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { findings } from "../check/spec.ts";

const codes = Object.keys(testsDiagnostics);
/** What only `mlops test` can find. */
const isLater = (code: string): boolean => code >= "ML6070";

function blocksOf(code: string): string[] {
  const page = readFileSync(new URL(`../../${pageOf(code)}`, import.meta.url), "utf8");
  return [...page.matchAll(/^```mlops\n(.*?)^```$/gms)].map((match) => match[1] as string);
}
const errorsOf = (text: string): string[] =>
  findings(text)
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);

describe.each(codes)("%s", (code) => {
  const [wrong = "", right = ""] = blocksOf(code);

  it("has a wrong example that shows it alone", () => {
    const found = findings(wrong).filter((one) => one.severity === "error" || one.code === code);
    expect(found.map((one) => one.code)).toEqual(isLater(code) ? [] : [code]);
    for (const { message, help } of found) expect(`${message} ${help ?? ""}`).not.toMatch(/\{\w+\}(?! …)/);
  });

  it("has a right example without an error", () => expect(errorsOf(right)).toEqual([]));

  it("has examples in the one layout", () => {
    for (const text of [wrong, right]) expect(format(parse(text), layoutOf(vocabulary))).toBe(text);
  });
});
