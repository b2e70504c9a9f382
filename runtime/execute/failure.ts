/** Turns whatever a step threw into a diagnostic and an exit code. */
import { machineError } from "../store/errors.ts";
import { type RuntimeDiagnostic, StepFailure } from "./step.ts";

export interface Failure {
  readonly diagnostic: RuntimeDiagnostic;
  /** 1: the spec or the data; 2: something said no; 3: outside. */
  readonly exit: 1 | 2 | 3;
}

export function failureOf(error: unknown, declaration: string, root: string): Failure {
  if (error instanceof StepFailure) return { diagnostic: error.diagnostic, exit: error.exit };
  const machine = machineError(error, root);
  if (machine !== null) {
    const { code, values, details } = machine;
    return { diagnostic: { code, values, details, declaration }, exit: 3 };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const stack =
    error instanceof Error && process.env["MLOPS_DEBUG"] !== undefined ? (error.stack ?? "").split("\n") : [];
  return {
    diagnostic: { code: "ML8003", values: { declaration, reason }, details: stack, declaration },
    exit: 3,
  };
}
