/** `mlops`: finds the command, loads only its file, and turns what it answers into an exit code. */
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { EXIT, type ExitCode, type Invocation } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { openTerminal } from "./terminal.ts";

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
    if (error.exitCode === 0) return EXIT.done;
    // People have read it on standard error; a program reads one document, here too.
    if (argv.includes("--json")) process.stdout.write(`${JSON.stringify(usageError(error))}\n`);
    return EXIT.wrong;
  }
  return code;
}

function usageError({ code, message }: CommanderError): object {
  const help = "mlops --help lists the commands";
  return {
    error: { code: code.replace(/^commander\./, "usage."), message: message.replace(/^error: /, ""), help },
  };
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
