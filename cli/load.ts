/** From a spec's path to its checked program; findings are printed on the way. */
import { readFileSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { config } from "zod";
import { compile } from "../language/compile.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import { renderDiagnostic } from "../language/diagnostics/render.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";
import type { Loaded, Terminal } from "./command.ts";

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

/** The text of a file, or null where there is none to read. */
export function readText(path: string): string | null {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8") : null;
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
      const text = readText(resolve(cwd, file));
      texts.set(file, text === null ? null : new Lines(text));
    }
    return texts.get(file) ?? null;
  };
  for (const diagnostic of diagnostics)
    terminal.err(renderDiagnostic(diagnostic, { color: terminal.color, lines }));
}

/** Null when the spec has errors: they are printed, and the caller ends with exit code 1. */
export function loadSpec(context: LoadContext, spec: string, set: readonly string[] = []): Loaded | null {
  const values = parseSet(set);
  if (values === null) {
    context.terminal.err(`mlops: --set takes name=value, not ${set.find((word) => word.indexOf("=") <= 0)}`);
    return null;
  }
  const path = resolve(context.cwd, spec);
  const { program, diagnostics } = compile({
    files: { read: (file) => readText(resolve(context.cwd, file)) },
    entry: shown(context.cwd, path),
    vocabulary,
    set: values,
  });
  // With --json, findings that stop nothing must not stand before the command's own document.
  if (program === null || !context.json) printDiagnostics(context, diagnostics);
  return program === null ? null : { program, project: dirname(path), spec: path };
}
