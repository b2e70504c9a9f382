/** Writes a new project: all of it, or nothing. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ProjectFiles } from "./templates.ts";

/** The files of the project that are there already. */
export const inTheWay = (folder: string, files: ProjectFiles): string[] =>
  [...files.keys()].filter((path) => existsSync(join(folder, path)));

/** Writes into a folder in which nothing is in the way; makes the folder. */
export function writeProject(folder: string, files: ProjectFiles): void {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // A file that appeared meanwhile is not written over either.
    writeFileSync(file, bytes, { flag: "wx" });
  }
}
