/** The folder of this package, from the sources and from the bundle alike. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "bin", "mlops.js")))
      return folder;
    if (dirname(folder) === folder) throw new Error("The package's own folder could not be found.");
  }
}
