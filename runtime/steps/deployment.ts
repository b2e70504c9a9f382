/** A deployment as a step: what `mlops serve` will serve, validated and pinned. */
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import type { StepExecutor } from "../execute/step.ts";

export const step: StepExecutor = {
  kind: "deployment",
  version: 1,
  externals: async ({ program, props, registry }) => {
    const { aliasFact } = await import("../serve/resolve.ts");
    // The planner hands over what stdlib's schema of the kind accepted.
    return { facts: aliasFact(program, (props as unknown as Deployment).release, registry) };
  },
  load: async () => (await import("../serve/deployment.ts")).runDeployment,
};
