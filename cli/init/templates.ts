/** The projects that `mlops init` can begin: folders of `templates/`, copied as they are. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { packageRoot } from "../package-root.ts";

/** What each begins with. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  tabular: "a table to a served model: who will leave?",
  text: "texts to a served classifier: what is this message about?",
  llm: "a text to a served language model: an assistant for a small shop",
};

/** Contents by path with slashes, relative to the project. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>;

export function templateFiles(name: string): ProjectFiles {
  const folder = join(packageRoot(), "templates", name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry): [string, Uint8Array] => {
    const file = join(entry.parentPath, entry.name);
    // npm leaves files of that name out of packages.
    const path = relative(folder, file)
      .split(sep)
      .join("/")
      .replace(/^gitignore$/, ".gitignore");
    return [path, readFileSync(file)];
  });
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
