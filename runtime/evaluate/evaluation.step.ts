/** An evaluation as a step. */
import type { StepExecutor } from "../execute/step.ts";

export const evaluationStep: StepExecutor = {
  kind: "evaluation",
  version: 1,
  load: async () => (await import("./evaluation.ts")).runEvaluation,
};
