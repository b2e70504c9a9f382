/** Writes `docs/reference/` from the vocabulary, the catalogue and the commands. `npm run reference`; a test says when it is stale. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { commandLinePage } from "./reference/command-line.ts";
import { kindPages } from "./reference/kinds.ts";
import { diagnosticsPage, grammarPage, readmePage } from "./reference/language.ts";
import { layersPage } from "./reference/layers.ts";
import { columnsPage, functionsPage, metricsPage, unitsPage } from "./reference/words.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
export const REFERENCE = join(root, "docs/reference");

/** Every page by its path relative to `docs/reference/`. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    "README.md": readmePage(Object.values(vocabulary.kinds)),
    ...kindPages(vocabulary),
    "layers.md": layersPage(vocabulary),
    "functions.md": functionsPage(vocabulary),
    "metrics.md": metricsPage(vocabulary),
    "units.md": unitsPage(vocabulary),
    "column-types-and-constraints.md": columnsPage(),
    "command-line.md": await commandLinePage(),
    "diagnostics.md": diagnosticsPage(root),
    "grammar.md": grammarPage(),
  };
}

/** What stands in the folder now. */
export const writtenPages = (): string[] =>
  existsSync(REFERENCE)
    ? readdirSync(REFERENCE, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(REFERENCE, join(entry.parentPath, entry.name)).split(sep).join("/"))
    : [];

if (import.meta.main) {
  const pages = await referencePages();
  for (const path of writtenPages()) if (!(path in pages)) rmSync(join(REFERENCE, path));
  for (const [path, text] of Object.entries(pages)) {
    mkdirSync(dirname(join(REFERENCE, path)), { recursive: true });
    writeFileSync(join(REFERENCE, path), text);
  }
}
