/** A release as a step. */
import type { StepExecutor } from "../execute/step.ts";
import { openRegistry } from "../registry/registry.ts";

export const step: StepExecutor = {
  kind: "release",
  version: 1,
  /**
   * The version must still be registered, its files in the store. Where another run has moved the alias since (the
   * spec was changed, and changed back), it moves again; where a hand has, a rollback for instance, it stays until
   * the spec releases something else.
   */
  effectPresent: ({ store }, { summary }) => {
    const [name, alias] = [String(summary["name"]), String(summary["alias"])];
    using registry = openRegistry(store.root);
    const version = registry.resolve(name, Number(summary["version"]));
    if (version === null || !Object.values(version.files).every((digest) => store.has(digest))) return false;
    return (
      registry.resolve(name, alias)?.version === version.version || registry.moved(name, alias) !== "release"
    );
  },
  load: async () => (await import("../registry/release.ts")).runRelease,
};
