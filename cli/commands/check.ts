/** `mlops check`: what is wrong with a spec; `--fix` mends what a machine can mend. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { compile } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { countDiagnostics } from "../../language/diagnostics/render.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "../command.ts";
import { fromHere, openSpec, printDiagnostics, readSet, type SpecFiles } from "../spec-files.ts";

/** A fix may uncover another; more rounds than this would be going in circles. */
const MOST_ROUNDS = 10;

interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixed: number;
}

export const command: CommandModule = {
  define(command) {
    command
      .argument("<spec...>", "specs to check")
      .option("--fix", "carry out the fixes that diagnostics offer")
      .option("--set <name=value...>", "give a parameter a value")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops check pipeline.mlops\n  mlops check pipeline.mlops --fix\n  mlops check pipeline.mlops --json",
      );
  },
  async run(invocation, args, options) {
    const { terminal, cwd, json } = invocation;
    const set = readSet((options["set"] as readonly string[] | undefined) ?? []); // as defined above
    if ("wrong" in set) {
      terminal.err(`Write --set name=value: \`${set.wrong}\` has no equals sign.`);
      return EXIT.wrong;
    }
    const all: Diagnostic[] = [];
    let fixed = 0;
    for (const path of args) {
      const spec = openSpec(cwd, path);
      const checked = checkSpec(spec, set.values, options["fix"] === true);
      all.push(...fromHere(checked.diagnostics, spec.project, cwd));
      fixed += checked.fixed;
      if (!json) printDiagnostics(terminal, checked.diagnostics, spec.project, cwd, spec.files);
    }
    return conclude(invocation, args, all, fixed);
  },
};

function conclude(
  { terminal, json }: Invocation,
  args: readonly string[],
  all: readonly Diagnostic[],
  fixed: number,
): ExitCode {
  if (json) terminal.out(JSON.stringify({ diagnostics: all }, null, 2));
  else {
    if (fixed > 0) terminal.out(`Fixed ${fixed} finding${fixed === 1 ? "" : "s"}.`);
    const what = args.length === 1 ? args[0] : `${args.length} specs`;
    terminal.out(all.length === 0 ? `${what}: nothing to say.` : `${what}: ${countDiagnostics(all)}.`);
  }
  return all.some((found) => found.severity === "error") ? EXIT.wrong : EXIT.done;
}

/** Checks one spec, after mending it on the disk when asked to. */
function checkSpec(spec: SpecFiles, set: Readonly<Record<string, string>>, fix: boolean): Checked {
  const check = () => compile({ files: spec.files, entry: spec.entry, vocabulary, set }).diagnostics;
  let diagnostics = check();
  let fixed = 0;
  for (let round = 0; fix && round < MOST_ROUNDS; round += 1) {
    const { files, applied } = applyFixes(diagnostics, (file) => spec.files.read(file));
    if (applied.length === 0) break;
    for (const [file, text] of files) writeFileSync(resolve(spec.project, file), text);
    fixed += applied.length;
    diagnostics = check();
  }
  return { diagnostics, fixed };
}
