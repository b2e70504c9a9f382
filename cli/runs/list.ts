/** `mlops runs`: the newest runs, one line each. */
import { runName } from "../../runtime/store/runs.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { duration, number, table } from "../table.ts";
import { columnOf, moment, type OpenRuns, runJson, sortRuns } from "./open.ts";

export function listRuns(
  invocation: Invocation,
  { runs }: OpenRuns,
  options: Readonly<Record<string, unknown>>,
): ExitCode {
  const { terminal, json } = invocation;
  const limit = wholeNumber(invocation, "--limit", options["limit"], 1);
  if (limit === null) return EXIT.wrong;
  const newest = runs.list(limit).map((run) => ({ run, metrics: runs.metrics(run.number) }));
  const sort = options["sort"];
  const listed = sort === undefined ? newest : sortRuns(invocation, newest, String(sort));
  if (listed === null) return EXIT.wrong;
  if (json) {
    terminal.out(JSON.stringify({ runs: listed.map(runJson) }, null, 2));
    return EXIT.done;
  }
  if (listed.length === 0) {
    terminal.out("no runs yet");
    return EXIT.done;
  }
  const rows = listed.map(({ run, metrics }) => {
    const steps = runs.steps(run.number);
    const ran = steps.filter(({ status }) => status === "ran").length;
    return [
      runName(run.number),
      run.spec,
      run.status,
      moment(run.started),
      run.finished === null ? "" : duration((run.finished - run.started) / 1000),
      `${ran} of ${steps.length}`,
      metrics
        .slice(0, 4)
        .map((metric) => `${columnOf(metric)} ${number(metric.value)}`)
        .join(", "),
    ];
  });
  const titles = ["RUN", "SPEC", "STATUS", "STARTED", "TIME", "STEPS RAN", "METRICS"];
  terminal.out(
    table(
      titles.map((title) => ({ title })),
      rows,
    ),
  );
  return EXIT.done;
}
