/** An embedding as a step. */
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "embedding",
  version: 1,
  load: async () => (await import("../text/embedding/step.ts")).runEmbedding,
};
