/** The disk as the language server may see it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Disk } from "../../lsp/files.ts";
import { readText } from "../read-text.ts";

/** Folders that hold no specs of the project's own. */
const PASSED_OVER = new Set(["node_modules", ".git", ".mlops", ".venv", "dist", "__pycache__"]);

export const disk: Disk = {
  read: readText,
  specs: (folder) => [...specsBelow(folder)],
  list(folder) {
    return entries(folder)
      .filter(({ name }) => !PASSED_OVER.has(name))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort();
  },
};

function* specsBelow(folder: string): Generator<string> {
  for (const entry of entries(folder)) {
    if (entry.isDirectory()) {
      if (!PASSED_OVER.has(entry.name)) yield* specsBelow(join(folder, entry.name));
    } else if (entry.name.endsWith(".mlops")) yield join(folder, entry.name);
  }
}

/** A folder that may not be read has nothing in it. */
function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
