/** What a command that plans or runs works with: the spec's store, registry, executors and vocabulary. */
import { relative } from "node:path";
import { executorsOf } from "../runtime/execute/executors.ts";
import type { Workplace } from "../runtime/plan/inspect.ts";
import type { Template } from "../runtime/plan/template.ts";
import { openRegistry } from "../runtime/registry/registry.ts";
import { openStore } from "../runtime/store/store.ts";
import type { Loaded } from "./command.ts";
import { stateOf } from "./project.ts";

export interface OpenWorkplace extends Workplace {
  close(): void;
}

export async function openWorkplace({
  program,
  project,
  spec,
  templates,
}: Loaded & { readonly templates?: ReadonlyMap<string, Template> }): Promise<OpenWorkplace> {
  const executors = await executorsOf(program);
  const root = stateOf(project);
  const store = openStore(root);
  const registry = openRegistry(root);
  return {
    // The same spec from whatever folder the command was given.
    program: { ...program, spec: relative(project, spec) },
    project,
    store,
    registry,
    executors,
    kinds: async () => (await import("../stdlib/vocabulary.ts")).vocabulary.kinds,
    ...(templates === undefined ? {} : { templates }),
    close: () => {
      registry.close();
      store.close();
    },
  };
}
