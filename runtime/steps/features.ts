/** How the planner sees `features`: its result depends on which part its models learn from. */
import type { CallUse, Reference } from "../../language/vocabulary/types.ts";
import { trainingOf } from "../data/training.ts";
import { type StepExecutor, StepFailure } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "features",
  version: 1,
  externals({ program, declaration, props }) {
    const from = (props["from"] as Reference).ref;
    const dataset = program.declarations.find((candidate) => candidate.id === from);
    const split = dataset?.props["split"] as { parts?: object } | undefined;
    const encodings = Object.values((props["encode"] ?? {}) as Record<string, CallUse>);
    try {
      const { part, target } = trainingOf(program, declaration, Object.keys(split?.parts ?? {}));
      const facts: Record<string, string> = { fitted_on: part ?? "all rows" };
      // Only a target encoding reads the label.
      if (encodings.some((use) => use.call === "target")) facts["target"] = target ?? "the schema's label";
      return { facts };
    } catch (error) {
      // Models that disagree are reported where the step runs; a plan still shows everything else.
      if (error instanceof StepFailure)
        return { facts: { fitted_on: error.diagnostic.values["parts"] ?? "" } };
      throw error;
    }
  },
  async load() {
    return (await import("../data/features.ts")).fitFeatures;
  },
};
