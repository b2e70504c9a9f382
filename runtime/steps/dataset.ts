/** How the planner sees `dataset`: its result depends on the files that its path means. */

import { resolvePaths } from "../data/paths.ts";
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "dataset",
  version: 2,
  externals({ props, project }) {
    const path = props["path"];
    return typeof path === "string" ? { files: resolvePaths(project, path) } : {};
  },
  async load() {
    return (await import("../data/dataset.ts")).readDataset;
  },
};
