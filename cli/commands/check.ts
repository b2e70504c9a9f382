/** `mlops check`: what is wrong with a spec; `--fix` mends what a machine can mend. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { compile } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { countDiagnostics } from "../../language/diagnostics/render.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { parseSet, printDiagnostics, readText, shown } from "../load.ts";
import { settings, withSettings } from "../options.ts";

/** A fix may uncover another; more rounds than this would be going in circles. */
const MOST_ROUNDS = 10;

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec...>", "specs to check")
      .option("--fix", "carry out the fixes that diagnostics offer")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops check pipeline.mlops\n  mlops check pipeline.mlops --fix\n  mlops check pipeline.mlops --json",
      );
  },
  async run(invocation, args, options) {
    const { terminal, cwd } = invocation;
    const words = settings(options);
    const set = parseSet(words);
    if (set === null) {
      terminal.err(
        `Write --set name=value: ${words.find((word) => !word.includes("=")) ?? "a name"} has no value.`,
      );
      return EXIT.wrong;
    }
    const all: Diagnostic[] = [];
    let fixed = 0;
    for (const path of args) {
      const checked = checkSpec(cwd, path, set, options["fix"] === true);
      all.push(...checked.diagnostics);
      fixed += checked.fixed;
    }
    conclude(invocation, args, all, fixed);
    return all.some((found) => found.severity === "error") ? EXIT.wrong : EXIT.done;
  },
};

function conclude(
  invocation: Invocation,
  args: readonly string[],
  all: readonly Diagnostic[],
  fixed: number,
): void {
  const { terminal, json, cwd } = invocation;
  printDiagnostics({ terminal, json, cwd }, all);
  if (json) return;
  if (fixed > 0) terminal.out(`Fixed ${fixed} finding${fixed === 1 ? "" : "s"}.`);
  const what = args.length === 1 ? args[0] : `${args.length} specs`;
  const more = all.length === 0 ? "" : ` (\`mlops explain ${all[0]?.code}\` says more)`;
  terminal.out(`${what}: ${all.length === 0 ? "nothing wrong" : countDiagnostics(all)}${more}`);
}

/** Checks one spec, after mending it on the disk when asked to. */
function checkSpec(
  cwd: string,
  path: string,
  set: Readonly<Record<string, string>>,
  fix: boolean,
): { diagnostics: readonly Diagnostic[]; fixed: number } {
  const read = (file: string) => readText(resolve(cwd, file));
  const entry = shown(cwd, resolve(cwd, path));
  const check = () => compile({ files: { read }, entry, vocabulary, set }).diagnostics;
  let diagnostics = check();
  let fixed = 0;
  for (let round = 0; fix && round < MOST_ROUNDS; round += 1) {
    const { files, applied } = applyFixes(diagnostics, read);
    if (applied.length === 0) break;
    for (const [file, text] of files) writeFileSync(resolve(cwd, file), text);
    fixed += applied.length;
    diagnostics = check();
  }
  return { diagnostics, fixed };
}
