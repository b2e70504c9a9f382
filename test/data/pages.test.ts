/** Every diagnostic of the data has a page, and what it calls right checks. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { dataDiagnostics } from "../../language/diagnostics/catalogue/data.ts";
import { pageOf } from "../../language/diagnostics/catalogue.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the page of every diagnostic of the data", () => {
  it.each(Object.keys(dataDiagnostics))("%s", (code) => {
    const page = readFileSync(`${root}/${pageOf(code)}`, "utf8");
    expect(page).toMatch(new RegExp(`^# ${code}: `));
    const right = /^Right:\n\n```mlops\n(.*?)^```$/ms.exec(page)?.[1] ?? "";
    const { diagnostics } = compile({ files: { read: () => right }, entry: "spec.mlops", vocabulary });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code: found, message }) => `${found} ${message}`)).toEqual([]);
    expect(right).not.toBe("");
  });
});
