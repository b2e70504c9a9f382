/** A learner's refusal as a diagnostic at the declaration. */
import { type RuntimeDiagnostic, StepFailure } from "../execute/step.ts";
import { LearnFailure, type LearnFinding } from "./fit.ts";

/** @throws StepFailure in place of the LearnFailure that `work` ends with */
export async function translated<T>(declaration: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LearnFailure) throw new StepFailure(diagnosticOf(declaration, error.finding));
    throw error;
  }
}

export const diagnosticOf = (declaration: string, finding: LearnFinding): RuntimeDiagnostic => ({
  ...finding,
  declaration,
});
