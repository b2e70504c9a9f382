/** Specs on the disk: what `compile` is given to read, and how their diagnostics are shown. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Host } from "../language/compile.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import { countDiagnostics, renderDiagnostic } from "../language/diagnostics/render.ts";
import type { Terminal } from "./command.ts";

export interface SpecFiles {
  /** Absolute path of the spec. */
  readonly spec: string;
  /** Absolute folder of the spec; paths in it are relative to this. */
  readonly project: string;
  /** The spec as `files` knows it. */
  readonly entry: string;
  readonly files: Host;
}

/** Where a spec and what it names are read; a file that cannot be read is null to the compiler. */
export function openSpec(cwd: string, path: string): SpecFiles {
  const spec = resolve(cwd, path);
  const project = dirname(spec);
  const read = (file: string): string | null => {
    const place = resolve(project, file);
    return existsSync(place) && statSync(place).isFile() ? readFileSync(place, "utf8") : null;
  };
  return { spec, project, entry: basename(spec), files: { read } };
}

/** `name=value` of `--set` as a record; null and the culprit when one has no `=`. */
export function readSet(set: readonly string[]): { values: Record<string, string> } | { wrong: string } {
  const values: Record<string, string> = {};
  for (const pair of set) {
    const at = pair.indexOf("=");
    if (at < 1) return { wrong: pair };
    values[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { values };
}

/** The diagnostics with their files named from the working directory, as editors and terminals link them. */
export function fromHere(diagnostics: readonly Diagnostic[], project: string, cwd: string): Diagnostic[] {
  const named = (file: string): string => relative(cwd, join(project, file)) || file;
  return diagnostics.map((found) => ({
    ...found,
    file: named(found.file),
    related: found.related.map((place) => ({ ...place, file: named(place.file) })),
    fixes: found.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ ...edit, file: named(edit.file) })),
    })),
  }));
}

/** Prints diagnostics to standard error, and how many there are. `diagnostics` are as `compile` gave them. */
export function printDiagnostics(
  terminal: Terminal,
  diagnostics: readonly Diagnostic[],
  project: string,
  cwd: string,
  files: Host,
): void {
  const shown = fromHere(diagnostics, project, cwd);
  const lines = new Map<string, Lines | null>();
  const linesOf = (file: string): Lines | null => {
    if (!lines.has(file)) {
      const text = files.read(resolve(cwd, file));
      lines.set(file, text === null ? null : new Lines(text));
    }
    return lines.get(file) ?? null;
  };
  for (const found of shown) terminal.err(renderDiagnostic(found, { color: terminal.color, lines: linesOf }));
  if (shown.length > 0) terminal.err(`${countDiagnostics(shown)}. \`mlops explain CODE\` says more.`);
}
