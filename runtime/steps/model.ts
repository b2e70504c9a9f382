/** A model as a step: one of a Hugging Face folder depends on the folder's files. */
import { resolve } from "node:path";
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "model",
  version: 1,
  async externals({ declaration, props, project }) {
    if (declaration.variant !== "huggingface") return {};
    const { filesOf } = await import("../network/huggingface/files.ts");
    return { files: filesOf(resolve(project, String(props["path"]))) };
  },
  load: async () => (await import("../learn/model.ts")).runModel,
};
