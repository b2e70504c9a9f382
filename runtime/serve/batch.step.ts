/** A batch as a step. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Batch } from "../../stdlib/kinds/batch.ts";
import type { StepExecutor } from "../execute/step.ts";
import { digestFileNow } from "../store/hash.ts";
import { BATCH_OUTPUT } from "./batch-output.ts";

export const batchStep: StepExecutor = {
  kind: "batch",
  version: 1,
  externals: async ({ program, props, registry }) => {
    const { aliasFact } = await import("./resolve.ts");
    // The planner hands over what stdlib's schema of the kind accepted.
    return { facts: aliasFact(program, (props as unknown as Batch).release, registry) };
  },
  /** The file must be there with the very bytes that were written. */
  effectPresent: ({ props, project }, { outputs }) => {
    const file = resolve(project, (props as unknown as Batch).output);
    return existsSync(file) && digestFileNow(file) === outputs[BATCH_OUTPUT];
  },
  load: async () => (await import("./batch.ts")).runBatch,
};
