/** `mlops fmt`: specs in the one layout. */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { diagnose, openSource, related } from "../../language/check/source.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { format } from "../../language/syntax/format.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { printDiagnostics, shown } from "../load.ts";
import { readText } from "../read-text.ts";

interface Formatted {
  readonly file: string;
  readonly status: "formatted" | "unchanged" | "broken";
}

export const command: CommandModule = {
  define(command) {
    command
      .argument("<path...>", "specs, or folders of specs")
      .option("--check", "write nothing; exit code 1 when a file is not in the layout")
      .addHelpText("after", "\nExamples:\n  mlops fmt pipeline.mlops\n  mlops fmt .\n  mlops fmt --check .");
  },
  async run(invocation, paths, options) {
    const { terminal, json, cwd } = invocation;
    const check = options["check"] === true;
    const results: Formatted[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const file of paths.flatMap((path) => specsIn(resolve(cwd, path)))) {
      results.push(formatFile(file, cwd, check, diagnostics));
    }
    if (json) terminal.out(JSON.stringify({ files: results, diagnostics }));
    else print(invocation, results, diagnostics, check);
    const refused = results.some(({ status }) => status === "broken" || (check && status === "formatted"));
    return refused ? EXIT.wrong : EXIT.done;
  },
};

/** The file itself, or every spec below a folder, hidden folders and packages left out. */
function specsIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      if (entry.isDirectory()) return specsIn(join(path, entry.name));
      return entry.name.endsWith(".mlops") ? [join(path, entry.name)] : [];
    });
}

function formatFile(path: string, cwd: string, check: boolean, diagnostics: Diagnostic[]): Formatted {
  const file = shown(cwd, path);
  const text = readText(path);
  const source = openSource(file, text ?? "");
  if (text === null) diagnostics.push(diagnose("ML2048", { path: file }, source, { start: 0, end: 0 }));
  const broken = source.tree.errors.map((error) =>
    diagnose(error.code, error.values, source, error.span, {
      related: (error.related ?? []).map((place) => related(source, place.span, place.message)),
    }),
  );
  diagnostics.push(...broken);
  if (text === null || broken.some((found) => found.severity === "error")) return { file, status: "broken" };
  const laidOut = format(source.tree, layoutOf(vocabulary));
  if (laidOut === text) return { file, status: "unchanged" };
  if (!check) writeFileSync(path, laidOut);
  return { file, status: "formatted" };
}

function print(
  { terminal, cwd }: Invocation,
  results: readonly Formatted[],
  found: readonly Diagnostic[],
  check: boolean,
): void {
  printDiagnostics({ terminal, json: false, cwd }, found);
  for (const { file, status } of results) {
    if (status === "formatted") terminal.out(check ? `${file} is not in the layout` : `${file} formatted`);
    if (status === "broken") terminal.err(`${file} was left as it is: it cannot be read`);
  }
  const unchanged = results.filter(({ status }) => status === "unchanged").length;
  if (unchanged > 0) terminal.out(`${unchanged} unchanged`);
}
