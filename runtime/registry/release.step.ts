/** A release as a step. */
import type { StepExecutor } from "../execute/step.ts";
import { openRegistry } from "./registry.ts";

export const releaseStep: StepExecutor = {
  kind: "release",
  version: 1,
  /**
   * The version must still be registered, its files in the store. Where the alias points is not asked: a rollback
   * by hand stands until the spec releases something else.
   */
  effectPresent: ({ store }, { summary }) => {
    using registry = openRegistry(store.root);
    const version = registry.resolve(String(summary["name"]), Number(summary["version"]));
    return version !== null && Object.values(version.files).every((digest) => store.has(digest));
  },
  load: async () => (await import("./release.ts")).runRelease,
};
