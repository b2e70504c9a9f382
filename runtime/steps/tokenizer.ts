/** How the planner sees a tokenizer: one that is taken from files depends on their bytes. */
import { resolve } from "node:path";
import type { StepExecutor } from "../execute/step.ts";
import { tokenizerFiles } from "../text/tokenizer/files.ts";

export const step: StepExecutor = {
  kind: "tokenizer",
  version: 1,
  externals({ declaration, props, project }) {
    if (declaration.variant !== "huggingface") return {};
    const path = resolve(project, String(props["path"]));
    const { files } = tokenizerFiles(path);
    return { files: files.length === 0 ? [path] : files };
  },
  load: async () => (await import("../text/tokenizer/step.ts")).runTokenizer,
};
