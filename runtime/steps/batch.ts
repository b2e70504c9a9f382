/** A batch as a step. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Batch } from "../../stdlib/kinds/batch.ts";
import type { StepExecutor } from "../execute/step.ts";
import { BATCH_OUTPUT } from "../serve/batch-output.ts";
import { digestFileNow } from "../store/hash.ts";

export const step: StepExecutor = {
  kind: "batch",
  version: 1,
  externals: async ({ program, props, registry }) => {
    const { aliasFact } = await import("../serve/resolve.ts");
    // The planner hands over what stdlib's schema of the kind accepted.
    return { facts: aliasFact(program, (props as unknown as Batch).release, registry) };
  },
  /** The file must be there with the very bytes that were written. */
  effectPresent: ({ props, project }, { outputs }) => {
    const file = resolve(project, (props as unknown as Batch).output);
    return existsSync(file) && digestFileNow(file) === outputs[BATCH_OUTPUT];
  },
  load: async () => (await import("../serve/batch.ts")).runBatch,
};
