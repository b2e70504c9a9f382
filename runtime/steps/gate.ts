/** A gate as a step. */
import type { Gate } from "../../stdlib/kinds/gate.ts";
import { readsChampion, releasesOf } from "../evaluate/gate/champion-of.ts";
import type { StepExecutor } from "../execute/step.ts";
import { modelDigest } from "../registry/manifest.ts";

/** `sha256:` and as many hex digits as tell models apart, and can still be read in a plan. */
const SHORT = "sha256:".length + 16;

export const step: StepExecutor = {
  kind: "gate",
  version: 1,
  /** The champion is pinned: another one judges the candidate anew. */
  externals: ({ program, declaration, props, registry, inputs }) => {
    // The planner hands over what stdlib's schema of the kind accepted.
    if (!readsChampion(props as unknown as Gate)) return {};
    const facts = releasesOf(program, declaration.id).map(({ name, alias, model }) => {
      const files = inputs.get(model)?.outputs;
      const champion = registry.champion(name, alias, files === undefined ? null : modelDigest(files));
      const pinned =
        champion === null
          ? "none"
          : `${champion.name}@${champion.version} ${champion.model.slice(0, SHORT)} ${champion.threshold ?? ""}`;
      return [`champion of ${name} (${alias})`, pinned.trim()] as const;
    });
    return { facts: Object.fromEntries(facts) };
  },
  load: async () => (await import("../evaluate/gate/gate.ts")).runGate,
};
