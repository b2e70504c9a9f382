/** Where the files of a program lie, and what stands in them. */
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Host } from "../language/compile.ts";
import { packageRoot } from "./package-root.ts";

/** Stands before the files that come with the language, where the language names files. */
const STANDARD = "std:";

/** Where a program's file lies: what comes with the language, in this package; others as `cwd` sees them. */
export const placeOf = (cwd: string, file: string): string =>
  file.startsWith(STANDARD)
    ? join(packageRoot(), "stdlib", "library", file.slice(STANDARD.length))
    : resolve(cwd, file);

/** The files of a program on this disk. */
export const diskHost = (cwd: string): Host => ({ read: (file) => readText(placeOf(cwd, file)) });

/** The text of a file, or null where there is none to read. */
export function readText(path: string): string | null {
  const place = placeOf("", path);
  try {
    return statSync(place).isFile() ? readFileSync(place, "utf8") : null;
  } catch {
    return null;
  }
}
