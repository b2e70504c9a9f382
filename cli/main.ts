/** `mlops`: finds the command, loads only its file, and turns what it answers into an exit code. */
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "./command.ts";
import { openTerminal } from "./terminal.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/** In the order in which help shows them. */
const COMMANDS: Readonly<Record<string, Entry>> = {
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
  types: {
    summary: "Write TypeScript types of what a spec serves, with a client",
    load: () => import("./commands/types.ts"),
  },
  gc: { summary: "Remove artifacts that nothing needs any more", load: () => import("./commands/gc.ts") },
  doctor: {
    summary: "Say what this machine can run, and why not the rest",
    load: () => import("./commands/doctor.ts"),
  },
};

async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupted = new AbortController();
  let signals = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT.interrupted);
      interrupted.abort();
    });
  }

  const program = new Command("mlops")
    .description("Declarative machine-learning pipelines: a .mlops file is checked, planned, run and served.")
    .version(packageJson.version)
    .option("--json", "one JSON document on standard output")
    .option("--no-color", "no colours")
    .exitOverride()
    .showHelpAfterError("(mlops --help lists the commands)");

  const chosen = argv.find((word) => !word.startsWith("-"));
  let code: ExitCode = EXIT.done;
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const sub = program.command(name).description(entry.summary).exitOverride();
    if (name !== chosen) continue;
    const { command } = await entry.load();
    command.define(sub);
    // Accepted after the command too, which is where people type them.
    sub.option("--json", "one JSON document on standard output").option("--no-color", "no colours");
    sub.action(async () => {
      const options = sub.optsWithGlobals() as Readonly<Record<string, unknown>>;
      const json = options["json"] === true;
      const terminal = openTerminal(json, options["color"] !== false);
      const invocation: Invocation = {
        terminal,
        cwd: process.cwd(),
        json,
        signal: interrupted.signal,
        load: async (spec, settings) =>
          (await import("./load.ts")).loadSpec({ terminal, json, cwd: process.cwd() }, spec, settings),
      };
      code = await command.run(invocation, sub.args, options);
    });
  }

  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.wrong;
  }
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const failure = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`mlops: ${failure.message}\n`);
  process.stderr.write(
    process.env["MLOPS_DEBUG"] === undefined
      ? "Set MLOPS_DEBUG=1 to see where it happened.\n"
      : `${failure.stack}\n`,
  );
  process.exitCode = EXIT.outside;
}
