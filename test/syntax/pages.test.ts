/** Every syntax diagnostic has a page; what it calls wrong is reported by its code, what it calls right is read. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { syntaxDiagnostics } from "../../language/diagnostics/catalogue/syntax.ts";
import { pageOf } from "../../language/diagnostics/catalogue.ts";
import { parse } from "../../language/syntax/parse.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the page of every syntax diagnostic", () => {
  it.each(Object.keys(syntaxDiagnostics))("%s", (code) => {
    const page = readFileSync(`${root}/${pageOf(code)}`, "utf8");
    expect(page).toMatch(new RegExp(`^# ${code}: `));
    const wrong = /^Wrong:\n\n```mlops\n(.*?)^```$/ms.exec(page)?.[1];
    const right = /^Right:\n\n```mlops\n(.*?)^```$/ms.exec(page)?.[1];
    if (wrong !== undefined) expect(parse(wrong).errors.map((error) => error.code)).toEqual([code]);
    if (right !== undefined) expect(parse(right).errors).toEqual([]);
  });
});
