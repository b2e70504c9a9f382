/** A model as a step. */
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "model",
  version: 1,
  load: async () => (await import("../learn/model.ts")).runModel,
};
