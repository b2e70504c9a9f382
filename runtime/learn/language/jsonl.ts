/** Instruction data as versioned JSON Lines: what was learnt from, byte for byte, for others to read. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { digestBytes } from "../../store/hash.ts";
import type { Digest } from "../../store/types.ts";
import { type Prompt, renderPrompt } from "./prompt.ts";
import type { TextRow } from "./rows.ts";

/** Stands in a path where the version's number goes. */
export const VERSION = "{version}";

/** What the rendered texts are called beside the source's own columns. */
export const RENDERED = ["prompt", "completion"] as const;

/**
 * One JSON object a line, each line ended: the source's columns as they are, then the rendered `prompt` and, where a
 * column holds it, its `completion`.
 * @param completion The column with what should follow the prompt
 * @throws Error when a column has the name of a rendered text; callers look with `collides` first
 */
export function jsonLines(
  rows: readonly TextRow[],
  prompt: Pick<Prompt, "template">,
  completion: string | null,
): string {
  return rows
    .map(({ values }) => {
      const taken = collides(Object.keys(values));
      if (taken !== null) throw new Error(`the source has a column ${taken}`);
      const rendered = {
        prompt: renderPrompt(prompt, values),
        ...(completion === null ? {} : { completion: values[completion]! }),
      };
      return `${JSON.stringify({ ...values, ...rendered })}\n`;
    })
    .join("");
}

/** The first column whose name a rendered text needs; null when there is none. */
export const collides = (columns: readonly string[]): string | null =>
  columns.find((name) => (RENDERED as readonly string[]).includes(name)) ?? null;

export interface WrittenVersion {
  readonly file: string;
  readonly version: number;
  readonly digest: Digest;
  /** False when the newest version there has these very bytes. */
  readonly made: boolean;
}

/**
 * Writes `text` as the next version of `pattern` (an absolute path with `{version}` in its file name), and its SHA-256
 * beside it as `sha256sum -c` reads it. Versions are never written over; the same bytes are not written twice.
 */
export function writeVersion(pattern: string, text: string): WrittenVersion {
  const folder = dirname(pattern);
  const [before = "", after = ""] = basename(pattern).split(VERSION);
  mkdirSync(folder, { recursive: true });
  const versions = readdirSync(folder).flatMap((name) => {
    if (!name.startsWith(before) || !name.endsWith(after)) return [];
    const number = name.slice(before.length, name.length - after.length);
    return /^[1-9]\d*$/.test(number) ? [Number(number)] : [];
  });
  const newest = Math.max(0, ...versions);
  const fileOf = (version: number) => join(folder, `${before}${version}${after}`);
  const digest = digestBytes(text);
  if (newest > 0 && digestBytes(readFileSync(fileOf(newest))) === digest) {
    return { file: fileOf(newest), version: newest, digest, made: false };
  }
  const file = fileOf(newest + 1);
  const sums = `${digest.slice("sha256:".length)}  ${basename(file)}\n`;
  writeWhole(`${file}.sha256`, sums);
  writeWhole(file, text);
  return { file, version: newest + 1, digest, made: true };
}

/** Readers see the whole file or none. */
function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
