/** The texts that are mutated: generated trees, samples, fixtures, pages, and the design's examples where they are. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parse } from "../../language/syntax/parse.ts";
import type { SourceTree } from "../../language/syntax/tree.ts";
import { anyItems } from "../../test/syntax/generate.ts";
import { write } from "../../test/syntax/write.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const GENERATED = 300;

interface SpecFile {
  readonly path: string;
  readonly text: string;
}

/** Every `.mlops` file below a folder. */
function specsBelow(folder: string): SpecFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return specsBelow(path);
    return entry.name.endsWith(".mlops") ? [{ path, text: readFileSync(path, "utf8") }] : [];
  });
}

/** The specs in the pages below docs/, right and wrong ones. */
export function specsOfPages(): string[] {
  const pages = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pages(path);
      return entry.name.endsWith(".md") ? [readFileSync(path, "utf8")] : [];
    });
  return [...pages(join(root, "docs")), readFileSync(join(root, "README.md"), "utf8")].flatMap((page) =>
    [...page.matchAll(/```mlops\n([\s\S]*?)```/g)].map(([, block = ""]) => block),
  );
}

/** Where people write specs: samples, templates, fixtures, the language's own files, the design's examples. */
const WRITTEN = ["samples", "templates", "stdlib", "test", "../shared/design/examples"] as const;

const writtenFiles = (): SpecFile[] => WRITTEN.flatMap((folder) => specsBelow(join(root, folder)));

export const writtenSpecs = (): string[] => writtenFiles().map(({ text }) => text);

export interface Bases {
  /** Whole files, in the same order in every process. */
  readonly texts: readonly string[];
  /** Declarations with their comments: small files that together hold all of the above. */
  readonly pieces: readonly string[];
  /** Tokens of all of them, each text once. */
  readonly tokens: readonly string[];
  /** Files that people wrote, in the order of `texts`. */
  readonly written: readonly string[];
  /** What an import of a file finds, by the last part of its path. */
  readonly modules: ReadonlyMap<string, string>;
}

export function loadBases(): Bases {
  const generated = fc
    .sample(anyItems, { numRuns: GENERATED, seed: 7 })
    .map((items, at) => write(items, at % 2 === 0 ? "lines" : "commas"));
  const files = writtenFiles();
  const written = files.map(({ text }) => text);
  const texts = [...generated, ...written, ...specsOfPages()].filter((text) => text.trim() !== "");
  const trees = texts.map((text) => parse(text));
  const tokens = new Set(trees.flatMap((tree) => tree.tokens.map(({ text }) => text)));
  return {
    texts,
    pieces: trees.flatMap(piecesOf),
    tokens: [...tokens].filter((text) => text.length < 200),
    written,
    modules: new Map(files.map(({ path, text }) => [basename(path), text])),
  };
}

function piecesOf(tree: SourceTree): string[] {
  let start = 0;
  return tree.items.map((item) => {
    const piece = tree.text.slice(start, item.span.end);
    start = item.span.end;
    return `${piece}\n`;
  });
}
