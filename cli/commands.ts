/** Every command: what help says of it, and its file, which is loaded when it is asked for. */
import type { CommandModule } from "./command.ts";

export interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/** In the order in which help shows them. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  init: {
    summary: "Begin a project: from a template, or from a table of your own",
    load: () => import("./commands/init.ts"),
  },
  check: {
    summary: "Say what is wrong with a spec, and fix what can be fixed",
    load: () => import("./commands/check.ts"),
  },
  fmt: { summary: "Rewrite specs in the one layout", load: () => import("./commands/fmt.ts") },
  explain: { summary: "Print the page of a diagnostic's code", load: () => import("./commands/explain.ts") },
  graph: { summary: "Draw the pipeline", load: () => import("./commands/graph.ts") },
  describe: {
    summary: "Show an architecture's shapes, parameters and memory, layer by layer",
    load: () => import("./commands/describe.ts"),
  },
  plan: { summary: "Say what a run would do, and exactly why", load: () => import("./commands/plan.ts") },
  diff: { summary: "Say what a change of a spec means", load: () => import("./commands/diff.ts") },
  run: { summary: "Carry a spec out", load: () => import("./commands/run.ts") },
  test: { summary: "Try a spec's tests", load: () => import("./commands/test.ts") },
  runs: { summary: "List, show and compare tracked runs", load: () => import("./commands/runs.ts") },
  why: { summary: "Say why one step would run or be reused", load: () => import("./commands/why.ts") },
  models: {
    summary: "The registry: list, show, promote, rollback, history",
    load: () => import("./commands/models.ts"),
  },
  serve: { summary: "Serve a spec's deployments", load: () => import("./commands/serve.ts") },
  predict: {
    summary: "Predict one row, and explain the prediction",
    load: () => import("./commands/predict.ts"),
  },
  profile: {
    summary: "Look at a data file and propose its schema",
    load: () => import("./commands/profile.ts"),
  },
  neighbours: {
    summary: "Look at the words that an embedding puts near each other",
    load: () => import("./commands/neighbours.ts"),
  },
  types: {
    summary: "Write TypeScript types of what a spec serves, with a client",
    load: () => import("./commands/types.ts"),
  },
  lsp: {
    summary: "Speak the Language Server Protocol with an editor",
    load: () => import("./commands/lsp.ts"),
  },
  export: {
    summary: "Write what a spec makes as files that others read",
    load: () => import("./commands/export.ts"),
  },
  gc: { summary: "Remove artifacts that nothing needs any more", load: () => import("./commands/gc.ts") },
  doctor: {
    summary: "Say what this machine can run, and why not the rest",
    load: () => import("./commands/doctor.ts"),
  },
};
