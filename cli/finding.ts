/** Findings of a run and errors of the store, as diagnostics on the terminal or in JSON. */

import { entryOf, fill, pageOf } from "../language/diagnostics/catalogue.ts";
import { reportFindings } from "../language/diagnostics/report.ts";
import type { Program } from "../language/ir/program.ts";
import type { RuntimeDiagnostic } from "../runtime/execute/step.ts";
import { StoreError } from "../runtime/store/errors.ts";
import { EXIT, type ExitCode, type Invocation } from "./command.ts";

/** Each finding with the spec's line under it, on standard error. */
export async function printFindings(
  { terminal, cwd }: Invocation,
  program: Program,
  found: readonly RuntimeDiagnostic[],
): Promise<void> {
  if (found.length === 0) return;
  // With the checker and all that it needs: most commands have nothing to show.
  const { printDiagnostics } = await import("./load.ts");
  // What a finding stops stands with it: one root, one finding to read.
  const diagnostics = reportFindings(found, program).filter(({ because }) => because === undefined);
  printDiagnostics({ terminal, json: false, cwd }, diagnostics);
}

/** What a command itself found wrong, apart from any spec. */
export function refuse(
  { terminal, json }: Pick<Invocation, "terminal" | "json">,
  code: string,
  values: Readonly<Record<string, string>>,
  details: readonly string[] = [],
): void {
  const diagnostic = diagnosticOf(code, values);
  if (json) {
    terminal.out(JSON.stringify({ diagnostics: [diagnostic] }));
    return;
  }
  terminal.err(`${diagnostic.severity}[${code}]: ${diagnostic.message}`);
  for (const line of details) terminal.err(`  ${line}`);
  if (diagnostic.help !== null) terminal.err(`  help: ${diagnostic.help}`);
}

/** A diagnostic that stands at no place of a spec. */
export function diagnosticOf(code: string, values: Readonly<Record<string, string>>) {
  const { severity, message, help } = entryOf(code);
  const filled = help === undefined ? null : fill(help, values);
  return { code, severity, message: fill(message, values), help: filled, page: pageOf(code) };
}

/** Runs a command's work; an error of the store becomes its diagnostic and exit code 3. */
export async function withStore(invocation: Invocation, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    refuse(invocation, error.code, error.values, error.details);
    return EXIT.outside;
  }
}
