/** How the planner sees `dataset`: its result depends on the files that its path means. */
import type { StepExecutor } from "../execute/step.ts";
import { resolvePaths } from "./paths.ts";

export const datasetStep: StepExecutor = {
  kind: "dataset",
  version: 1,
  externals({ props, project }) {
    const path = props["path"];
    return typeof path === "string" ? { files: resolvePaths(project, path) } : {};
  },
  async load() {
    return (await import("./dataset.ts")).readDataset;
  },
};
