/** `mlops check`: what is wrong with a spec, or with another tool's IR; `--fix` mends what a machine can mend. */
import { statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Compiled } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { countDiagnostics } from "../../language/diagnostics/render.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { compileFile, printDiagnostics, readSettings, type Values } from "../load.ts";
import { settings, withSettings } from "../options.ts";
import { diskHost, placeOf } from "../read-text.ts";

/** A fix may uncover another; more rounds than this would be going in circles. */
const MOST_ROUNDS = 10;
/** Bytes from which a spec is checked with a small nursery: a little slower, and in little more than half the memory. */
const LARGE = 300_000;

interface Checked {
  readonly found: Compiled;
  readonly fixed: number;
}

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec...>", "specs to check; a .json file is read as an IR that another tool made")
      .option("--fix", "carry out the fixes that diagnostics offer")
      .option("--sarif <file>", "write the findings as SARIF 2.1.0, for code scanning; - is standard output")
      .option("--ir <file>", "write what the spec means, as JSON; - is standard output")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops check pipeline.mlops\n  mlops check pipeline.mlops --fix\n  mlops check pipeline.mlops --json" +
          "\n  mlops check pipeline.mlops --sarif findings.sarif\n  mlops check pipeline.mlops --ir pipeline.json\n  mlops check pipeline.json",
      );
  },
  async run(invocation, args, options) {
    const { terminal, cwd } = invocation;
    const values = readSettings(terminal, settings(options));
    if (values === null) return EXIT.wrong;
    const wanted = await outputsOf(invocation, options, args);
    if (wanted === null) return EXIT.wrong;
    const checked: Checked[] = [];
    if (args.some((path) => (statSync(resolve(cwd, path), { throwIfNoEntry: false })?.size ?? 0) > LARGE))
      await growSlowly();
    for (const path of args) {
      checked.push(await checkSpec(cwd, path, values, options["fix"] === true));
    }
    const all = checked.flatMap(({ found }) => found.diagnostics);
    const fixed = checked.reduce((sum, one) => sum + one.fixed, 0);
    await wanted.write(all, () => checked[0]?.found.program ?? null);
    const more = checked.reduce((sum, { found }) => sum + (found.more ?? 0), 0);
    conclude(invocation, args, { all, more }, fixed, wanted.toStandardOutput);
    return all.some((found) => found.severity === "error") ? EXIT.wrong : EXIT.done;
  },
};

/** Memory before time: collects what is no longer needed sooner than a short process would. */
async function growSlowly(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=10");
  // Less code is compiled ahead of time and less of it inlined.
  setFlagsFromString("--optimize-for-size");
}

/** Where `--sarif` and `--ir` go; loaded only when asked for. Null when that cannot be, which has been said. */
async function outputsOf(
  invocation: Invocation,
  options: Readonly<Record<string, unknown>>,
  specs: readonly string[],
) {
  const { sarif, ir } = options;
  if (sarif === undefined && ir === undefined)
    return { toStandardOutput: false, write: async () => undefined };
  const { checkOutputs } = await import("../check-outputs.ts");
  return checkOutputs(invocation, { sarif, ir }, specs);
}

function conclude(
  { terminal, json, cwd }: Invocation,
  args: readonly string[],
  { all, more }: { readonly all: readonly Diagnostic[]; readonly more: number },
  fixed: number,
  taken: boolean,
): void {
  if (json && taken) return;
  printDiagnostics({ terminal, json, cwd }, all, more);
  if (json) return;
  const say = taken ? terminal.err : terminal.out;
  if (fixed > 0) say(`Fixed ${fixed} finding${fixed === 1 ? "" : "s"}.`);
  const what = args.length === 1 ? args[0] : `${args.length} specs`;
  const page = all.length === 0 ? "" : ` (\`mlops explain ${all[0]?.code}\` says more)`;
  say(`${what}: ${all.length === 0 ? "nothing wrong" : countDiagnostics(all)}${page}`);
}

/** Checks one spec, after mending it on the disk when asked to. */
async function checkSpec(cwd: string, path: string, values: Values, fix: boolean): Promise<Checked> {
  const files = diskHost(cwd);
  const check = () => compileFile(cwd, resolve(cwd, path), values, files);
  let found = await check();
  let fixed = 0;
  for (let round = 0; fix && round < MOST_ROUNDS; round += 1) {
    const { files: mended, applied } = applyFixes(found.diagnostics, files.read);
    if (applied.length === 0) break;
    for (const [file, text] of mended) writeFileSync(placeOf(cwd, file), text);
    fixed += applied.length;
    found = await check();
  }
  return { found, fixed };
}
