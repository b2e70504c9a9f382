/** `mlops run SPEC`: carries a spec out; what is there already is reused. */

import { reportFindings } from "../../language/diagnostics/report.ts";
import { runProgram } from "../../runtime/execute/run.ts";
import { publishRun } from "../../runtime/track/mlflow.ts";
import { loadPrepared } from "../cached-load.ts";
import { type CommandModule, EXIT } from "../command.ts";
import { printFindings, refuse, withStore } from "../finding.ts";
import { mlflowServer, trackedRun } from "../mlflow.ts";
import { settings, wholeNumber, withSettings } from "../options.ts";
import { showProgress } from "../progress.ts";
import { printSummary } from "../run-summary.ts";
import { openWorkplace } from "../workplace.ts";

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .option("--threads <n>", "threads for all steps together (the processor's when not given)")
      .option("--parallel <n>", "steps side by side at most (as many as threads when not given)")
      .addHelpText(
        "after",
        "\nEnds with 0 passed, 1 the spec or its data is wrong, 2 an expectation or a gate said no, 3 something outside" +
          " failed, 130 interrupted.\nRun again to go on from where it stopped.\n\nExamples:\n  mlops run loan.mlops\n  mlops run loan.mlops --set trees=500 --json",
      );
  },
  async run(invocation, [spec = ""], options) {
    const { terminal, json, signal } = invocation;
    const threads = wholeNumber(invocation, "--threads", options["threads"], 1);
    const parallel = wholeNumber(invocation, "--parallel", options["parallel"], 1);
    if (threads === null || parallel === null) return EXIT.wrong;
    const loaded = await loadPrepared(invocation, spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    return withStore(invocation, async () => {
      const place = await openWorkplace(loaded);
      const progress = showProgress(terminal);
      const started = Date.now();
      try {
        const outcome = await runProgram({
          ...place,
          signal,
          ...(threads === undefined ? {} : { threads }),
          ...(parallel === undefined ? {} : { parallel }),
          onEvent: (event) => progress.onEvent(event),
        });
        progress.stop();
        const { report, exit } = outcome;
        const server = mlflowServer(process.env, loaded.program.spec);
        if (server !== null) {
          try {
            const tracked = trackedRun(loaded.program, outcome, started, place.store);
            const id = await publishRun(server, tracked, signal);
            if (!json) terminal.err(`mlflow: run ${id} in experiment ${server.experiment}`);
          } catch (error) {
            // The run itself is done and kept; only its copy is missing.
            const problem = error instanceof Error ? error.message : String(error);
            refuse({ terminal, json: false }, "ML8014", { url: new URL(server.url).host, problem });
          }
        }
        if (json) {
          const diagnostics = reportFindings(report.diagnostics, loaded.program);
          terminal.out(JSON.stringify({ ...report, diagnostics }, null, 2));
        } else {
          await printFindings(invocation, loaded.program, report.diagnostics);
          printSummary(terminal, outcome);
        }
        return exit;
      } finally {
        progress.stop();
        place.close();
      }
    });
  },
};
