/** What stops a comparison, as a diagnostic. */
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { EXIT, type ExitCode } from "../command.ts";

export class DiffProblem extends Error {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  readonly exit: ExitCode;
  /** What is wrong with a side's spec. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    code: string,
    values: Readonly<Record<string, string>>,
    exit: ExitCode = EXIT.wrong,
    diagnostics: readonly Diagnostic[] = [],
  ) {
    super(`${code} ${Object.values(values).join(", ")}`);
    this.name = "DiffProblem";
    this.code = code;
    this.values = values;
    this.exit = exit;
    this.diagnostics = diagnostics;
  }
}
