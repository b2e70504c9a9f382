/** `mlops test SPEC`: tries the spec's tests. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { runTests } from "../../runtime/test/run-tests.ts";
import { loadPrepared } from "../cached-load.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { printFindings, refuse, withStore } from "../finding.ts";
import { settings, withSettings } from "../options.ts";
import { showProgress } from "../progress.ts";
import { testsJson } from "../test/json.ts";
import { junitXml } from "../test/junit.ts";
import { printTest, summaryLine } from "../test/print.ts";
import { openWorkplace } from "../workplace.ts";

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .argument("[name...]", "the tests to try; all when none is named")
      .option("--update", "write the snapshots that differ")
      .option("--junit <file>", "also write what was found as JUnit XML")
      .addHelpText(
        "after",
        "\nSteps that a test needs are reused, or carried out first. Ends with 0 all passed, 1 the spec is wrong or a test" +
          " could not be tried, 2 a test failed, 3 something outside failed, 130 interrupted.\n\nExamples:\n  mlops test" +
          " loan.mlops\n  mlops test loan.mlops incomes --json\n  mlops test loan.mlops --junit tests.xml",
      );
  },
  async run(invocation, [spec = "", ...names], options) {
    const { terminal, json, signal, cwd } = invocation;
    const loaded = await loadPrepared(invocation, spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    const { program } = loaded;
    const tests = await chosen(invocation, program, names);
    if (tests === null) return EXIT.wrong;
    return withStore(invocation, async () => {
      const place = await openWorkplace(loaded);
      const progress = showProgress(terminal);
      try {
        const outcome = await runTests({
          ...place,
          tests,
          signal,
          update: options["update"] === true,
          onEvent: (event) => progress.onEvent(event),
          onResult: (result) => {
            progress.stop();
            if (!json) printTest(terminal, program, result);
          },
        });
        progress.stop();
        const { results, diagnostics, exit } = outcome;
        const junit = options["junit"];
        if (typeof junit === "string") {
          mkdirSync(dirname(resolve(cwd, junit)), { recursive: true });
          writeFileSync(resolve(cwd, junit), junitXml(program, results));
        }
        if (json) terminal.out(JSON.stringify(testsJson(program, outcome), null, 2));
        else {
          // Failed claims have been shown above, each at its line.
          const others = results.filter(({ claims }) => claims.length === 0);
          await printFindings(invocation, program, [
            ...diagnostics,
            ...others.flatMap((result) => result.diagnostics),
          ]);
          terminal.out(`\n${summaryLine(results)}`);
        }
        return exit;
      } finally {
        progress.stop();
        place.close();
      }
    });
  },
};

/** Null, and said, when a name is none of the spec's tests or it has no tests at all. */
async function chosen(
  invocation: Invocation,
  program: Program,
  names: readonly string[],
): Promise<readonly Declaration[] | null> {
  const tests = program.tests ?? [];
  if (tests.length === 0) {
    refuse(invocation, "ML6072", { spec: program.spec });
    return null;
  }
  const known = tests.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger === undefined) return tests.filter(({ name }) => names.length === 0 || names.includes(name));
  const { listed, nearest } = await import("../../language/check/suggest.ts");
  const near = nearest(stranger, known);
  const values = {
    spec: program.spec,
    name: `\`${stranger}\``,
    near: near === null ? "" : `; did you mean \`${near}\`?`,
    known: listed(known, "and"),
  };
  refuse(invocation, "ML6071", values);
  return null;
}
