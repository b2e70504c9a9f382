/**
 * Every `mlops` code block of every page checks: README, CONTRIBUTING and all of docs/. A page whose blocks stand on
 * declarations that it does not repeat says `<!-- context: KIND -->` or `<!-- context: KIND: VARIANT -->`: their own
 * context is then put in front, and names that nothing uses are no finding.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "../check/files.ts";
import { ROOT } from "../samples/mlops.ts";

const pages = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });

interface Block {
  readonly name: string;
  readonly text: string;
  /** The kind, or its variant, whose context stands in front. */
  readonly context: string | null;
  /** The diagnostic whose page it is on. */
  readonly code: string | null;
  /** It shows a mistake, as the line above says. */
  readonly wrong: boolean;
}

const blocks = [join(ROOT, "README.md"), join(ROOT, "CONTRIBUTING.md"), ...pages(join(ROOT, "docs"))].flatMap(
  (file): Block[] => {
    const page = readFileSync(file, "utf8");
    const context = /^<!-- context: (\w+(?:: \w+)?) -->$/m.exec(page)?.[1] ?? null;
    const [code = null] = /^ML\d+/.exec(basename(file)) ?? [];
    const found = [...page.matchAll(/^```mlops\n(.*?)^```$/gms)];
    return found.map((match, index) => ({
      name: `${relative(ROOT, file)} block ${index + 1}`,
      text: match[1] as string,
      context,
      code,
      wrong: /(^|\n)Wrong[^\n]*\n\s*$/.test(page.slice(0, match.index)),
    }));
  },
);

/** A page that names a kind only shows each of its variants behind that one's own context. */
function contextOf(named: string, text: string): string {
  const [name = "", said] = named.split(": ");
  const shown = [...text.matchAll(new RegExp(`^${name} \\w+: (\\w+)`, "gm"))].at(-1)?.[1];
  const variant = said ?? (Object.hasOwn(vocabulary.kinds[name]!.variants, shown ?? "") ? shown : undefined);
  const kind = vocabulary.kinds[name]!;
  return (variant === undefined ? undefined : kind.variants[variant]!.context) ?? kind.context;
}

function findings({ text, context }: Block) {
  const before = context === null ? "" : contextOf(context, text);
  const whole = context === null ? text : `${before}\n${text}`;
  return compile({ files: textHost({ "block.mlops": whole }), entry: "block.mlops", vocabulary }).diagnostics;
}

const prose = blocks.filter(({ code }) => code === null);
/** Those of ML2 and ML3 have a stricter test of their own, `test/check/pages.test.ts`. */
const diagnostics = blocks.filter(({ code }) => code !== null && !/^ML[23]/.test(code));

describe("code blocks in the docs", () => {
  it("exist", () => expect(prose.length).toBeGreaterThan(0));

  it.each(prose)("$name", (block) => {
    const found = findings(block).filter(({ code }) => block.context === null || code !== "ML3002");
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});

describe("code blocks of diagnostics' pages", () => {
  it.each(diagnostics)("$name", (block) => {
    const errors = findings(block).filter(({ severity }) => severity === "error");
    const said = errors.map(({ code, message }) => `${code} ${message}`);
    if (!block.wrong) expect(said).toEqual([]);
    // What only a run can show checks; what the checker sees too is said by it, under this code or its own.
    else expect(errors.length, said.join("\n")).toBeLessThanOrEqual(3);
  });
});
