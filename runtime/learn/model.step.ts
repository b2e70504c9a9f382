/** A model as a step. */
import type { StepExecutor } from "../execute/step.ts";

export const modelStep: StepExecutor = {
  kind: "model",
  version: 1,
  load: async () => (await import("./model.ts")).runModel,
};
