/**
 * The baselines of the tests: what each fixture (`test/<area>/fixtures/*.mlops`) gives, kept beside the fixtures in
 * `baselines/`. `node scripts/baselines.ts` writes them anew; the diff of the commit shows what has changed.
 * A producer is one line in `PRODUCERS`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "../language/syntax/format.ts";
import { parse } from "../language/syntax/parse.ts";
import { outlineDiagnostics, outlineProgram } from "../test/check/outline.ts";
import { printers } from "../test/diff/support.ts";
import { outlineTokens, outlineTree } from "../test/syntax/outline.ts";

export interface Producer {
  /** Ends the baseline's file name. */
  readonly extension: string;
  /** The test areas whose fixtures have this baseline. */
  readonly areas: readonly string[];
  /** `file` is the fixture's path, for what reads other files beside it. */
  readonly produce: (text: string, file: string) => string;
}

export const PRODUCERS: readonly Producer[] = [
  { extension: "tokens", areas: ["syntax"], produce: (text) => outlineTokens(parse(text)) },
  { extension: "tree", areas: ["syntax"], produce: (text) => outlineTree(parse(text)) },
  { extension: "formatted", areas: ["syntax"], produce: (text) => format(parse(text)) },
  { extension: "ir", areas: ["check"], produce: outlineProgram },
  { extension: "diagnostics", areas: ["check"], produce: outlineDiagnostics },
  // Of a fixture and the one of that name in `before/`.
  { extension: "txt", areas: ["diff"], produce: (text, file) => printers.text(before(file), text) },
  { extension: "md", areas: ["diff"], produce: (text, file) => printers.md(before(file), text) },
  { extension: "json", areas: ["diff"], produce: (text, file) => printers.json(before(file), text) },
];

const before = (file: string): string => readFileSync(join(dirname(file), "before", basename(file)), "utf8");

export interface Baseline {
  /** The baseline's file. */
  readonly file: string;
  /** `pipeline.mlops → tree`. */
  readonly title: string;
  /** What the file should hold. */
  readonly produce: () => string;
}

const TESTS = fileURLToPath(new URL("../test/", import.meta.url));

/** Every baseline of one area: its fixtures times its producers. */
export function baselinesOf(area: string): Baseline[] {
  const folder = join(TESTS, area, "fixtures");
  if (!existsSync(folder)) return [];
  const fixtures = readdirSync(folder).filter((name) => name.endsWith(".mlops"));
  const producers = PRODUCERS.filter(({ areas }) => areas.includes(area));
  return fixtures.sort().flatMap((name) => {
    const fixture = join(folder, name);
    return producers.map(({ extension, produce }) => ({
      file: join(folder, "baselines", `${basename(name, ".mlops")}.${extension}`),
      title: `${name} → ${extension}`,
      produce: () => produce(readFileSync(fixture, "utf8"), fixture),
    }));
  });
}

if (import.meta.main) {
  for (const area of readdirSync(TESTS)) {
    for (const { file, produce } of baselinesOf(area)) {
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, produce());
    }
  }
  const { answerOf, sceneFiles, writeScenes } = await import("../test/lsp/scenes.ts");
  for (const { file, feature, scenes } of sceneFiles()) {
    const answered = [];
    for (const scene of scenes) answered.push({ ...scene, answer: await answerOf(feature, scene) });
    writeFileSync(file, writeScenes(answered));
  }
}
