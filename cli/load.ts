/** From a spec's path to its checked program; findings are printed on the way. */
import { dirname, relative, resolve } from "node:path";
import { config } from "zod";
import { analyse, type Compiled, type CompileOptions, type Host } from "../language/compile.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import { renderDiagnostic } from "../language/diagnostics/render.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { checkQueries } from "./check-queries.ts";
import { type Loaded, NO_SETTINGS, type Settings, type Terminal } from "./command.ts";
import { diskHost, placeOf, readText } from "./read-text.ts";

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
    terminal.err(
      `Write --set name=value: ${words.find((word) => word.indexOf("=") <= 0)} is not of that form.`,
    );
    return null;
  }
  return { set, environment };
}

/** The path as people would type it here: relative when it is below, absolute otherwise. */
export function shown(cwd: string, path: string): string {
  const near = relative(cwd, path);
  return near !== "" && !near.startsWith("..") ? near : path;
}

/** Prints findings as people read them, or as the one JSON document; `more` errors there are beyond these. */
export function printDiagnostics(
  { terminal, json, cwd }: LoadContext,
  diagnostics: readonly Diagnostic[],
  more = 0,
): void {
  if (json) {
    terminal.out(JSON.stringify(more === 0 ? { diagnostics } : { diagnostics, more }));
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
  if (more > 0) terminal.err(`… and ${more} more error${more === 1 ? "" : "s"}: mend these first.`);
}

/** What the values of a spec are to be. */
export type Values = Pick<CompileOptions, "set" | "environment">;

/** Compiles a spec, or checks another tool's IR, its queries asked of DuckDB. `path` is absolute. */
export async function compileFile(cwd: string, path: string, values: Values, files: Host): Promise<Compiled> {
  const entry = shown(cwd, path);
  if (path.endsWith(".json")) return (await import("./load-ir.ts")).checkIrFile(path, entry);
  const compiled = analyse({ files, entry, vocabulary, ...values });
  // Who only checks does not pay for the IR, unless a database must be asked.
  if (!compiled.drafts.some(({ props }) => "query" in props)) return compiled;
  const queries = await checkQueries(compiled.program, dirname(path), files.read);
  const refused = queries.some(({ severity }) => severity === "error");
  return {
    program: refused ? null : compiled.program,
    diagnostics: [...compiled.diagnostics, ...queries],
    more: compiled.more ?? 0,
  };
}

/** Null when the spec has errors: they are printed, and the caller ends with exit code 1. */
export async function loadSpec(
  context: LoadContext,
  spec: string,
  settings: Settings = NO_SETTINGS,
): Promise<Loaded | null> {
  const values = readSettings(context.terminal, settings);
  if (values === null) return null;
  const path = resolve(context.cwd, spec);
  const { program, diagnostics, more } = await compileFile(context.cwd, path, values, diskHost(context.cwd));
  // With --json, findings that stop nothing must not stand before the command's own document.
  if (program === null || !context.json) printDiagnostics(context, diagnostics, more);
  return program === null ? null : { program, project: dirname(path), spec: path };
}
