/** From a spec's path to its checked program; findings are printed on the way. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { config } from "zod";
import { compile, type Host } from "../language/compile.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import { renderDiagnostic } from "../language/diagnostics/render.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { type Loaded, NO_SETTINGS, type Settings, type Terminal } from "./command.ts";
import { packageRoot } from "./package-root.ts";

// zod compiles a function for each schema at its first use; a command uses each a few times and ends.
config({ jitless: true });

export interface LoadContext {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly cwd: string;
}

/** `name=value` of `--set`; null when one is not of that form. */
export function parseSet(words: readonly string[]): Record<string, string> | null {
  const set: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals <= 0) return null;
    set[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return set;
}

/** What `--set` and `--environment` say, read; null, and said, when a setting has no value. */
export function readSettings(
  terminal: Terminal,
  { set: words, environment }: Settings,
): { readonly set: Record<string, string>; readonly environment: string | null } | null {
  const set = parseSet(words);
  if (set === null) {
    terminal.err(`Write --set name=value: ${words.find((word) => word.indexOf("=") <= 0)} is not of that form.`);
    return null;
  }
  return { set, environment };
}

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

/** The path as people would type it here: relative when it is below, absolute otherwise. */
export function shown(cwd: string, path: string): string {
  const near = relative(cwd, path);
  return near !== "" && !near.startsWith("..") ? near : path;
}

/** Prints findings as people read them, or as the one JSON document. */
export function printDiagnostics(
  { terminal, json, cwd }: LoadContext,
  diagnostics: readonly Diagnostic[],
): void {
  if (json) {
    terminal.out(JSON.stringify({ diagnostics }));
    return;
  }
  const texts = new Map<string, Lines | null>();
  const lines = (file: string) => {
    if (!texts.has(file)) {
      const text = readText(placeOf(cwd, file));
      texts.set(file, text === null ? null : new Lines(text));
    }
    return texts.get(file) ?? null;
  };
  for (const diagnostic of diagnostics)
    terminal.err(renderDiagnostic(diagnostic, { color: terminal.color, lines }));
}

/** Null when the spec has errors: they are printed, and the caller ends with exit code 1. */
export function loadSpec(
  context: LoadContext,
  spec: string,
  settings: Settings = NO_SETTINGS,
): Loaded | null {
  const values = readSettings(context.terminal, settings);
  if (values === null) return null;
  const path = resolve(context.cwd, spec);
  const { program, diagnostics } = compile({
    files: diskHost(context.cwd),
    entry: shown(context.cwd, path),
    vocabulary,
    ...values,
  });
  // With --json, findings that stop nothing must not stand before the command's own document.
  if (program === null || !context.json) printDiagnostics(context, diagnostics);
  return program === null ? null : { program, project: dirname(path), spec: path };
}
