/** An evaluation as a step. */
import { ngramsAsked } from "../evaluate/language/asked.ts";
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "evaluation",
  version: 1,
  // n-gram models of any order may be asked for; those that gates read are fitted, and another one is another result.
  externals({ program, declaration }) {
    const asked = ngramsAsked(program, declaration.id);
    return asked.length === 0 ? {} : { facts: { baselines: asked.join(", ") } };
  },
  load: async () => (await import("../evaluate/evaluation.ts")).runEvaluation,
};
