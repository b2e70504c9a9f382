/** The tutorial, carried out: its blocks make one spec, its commands run, and what it shows is what they print. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { mlops, ROOT } from "../samples/mlops.ts";

const page = readFileSync(join(ROOT, "docs/tutorial.md"), "utf8");
const blocks = [...page.matchAll(/^```(mlops add|sh|text)\n(.*?)^```$/gms)].map(([, kind, text]) => ({
  kind: kind as string,
  text: text as string,
}));

const folder = mkdtempSync(join(tmpdir(), "mlops-tutorial-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of a line, as columns are as wide as what stands in them. */
const plain = (line: string): string => line.trim().replace(/\s+/g, " ");

describe("docs/tutorial.md", () => {
  it("has no block that nothing carries out", () => {
    expect(page.match(/^```\S/gm)).toHaveLength(blocks.length);
  });

  it("does what it says, in its order", async () => {
    mkdirSync(join(folder, "data"));
    cpSync(join(ROOT, "samples/loan/data/loan-prediction.csv"), join(folder, "data/loans.csv"));
    const spec = join(folder, "loan.mlops");
    let text = "";
    let printed: string[] = [];
    for (const block of blocks) {
      if (block.kind === "mlops add") {
        text += text === "" ? block.text : `\n${block.text}`;
        writeFileSync(spec, text);
        const { diagnostics } = compile({ files: { read: () => text }, entry: "loan.mlops", vocabulary });
        expect(diagnostics.filter(({ code }) => code !== "ML3002")).toEqual([]);
        expect(format(parse(text), layoutOf(vocabulary))).toBe(text);
      } else if (block.kind === "sh") {
        printed = [];
        for (const line of block.text.trim().split("\n")) {
          const [command = "", , code = "0"] = line.split(/\s+(# exit code )/);
          const [program, ...args] = command.trim().split(" ");
          expect(program).toBe("mlops");
          const { status, out, err } = await mlops(args, folder);
          expect({ line, status, err }).toEqual({ line, status: Number(code), err });
          printed.push(...`${out}\n${err}`.split("\n").map(plain));
        }
      } else {
        let from = 0;
        for (const line of block.text.trimEnd().split("\n").map(plain)) {
          if (line === "…") continue;
          const at = printed.findIndex((one, i) => i >= from && one.includes(line));
          expect(at === -1 ? { line, printed } : { line }).toEqual({ line });
          from = at + 1;
        }
      }
    }
    const { diagnostics } = compile({ files: { read: () => text }, entry: "loan.mlops", vocabulary });
    expect(diagnostics).toEqual([]);
  });
});
