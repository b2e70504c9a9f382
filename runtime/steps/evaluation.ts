/** An evaluation as a step. */
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "evaluation",
  version: 1,
  load: async () => (await import("../evaluate/evaluation.ts")).runEvaluation,
};
