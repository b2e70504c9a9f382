/** `mlops runs show ID`: one run whole, its plots as files where asked. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { TrackedPoint } from "../../runtime/store/records.ts";
import { type RunStep, runName } from "../../runtime/store/runs.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import { duration, number, table } from "../table.ts";
import { findRun, moment, type OpenRuns, runJson } from "./open.ts";

interface Artifact {
  readonly step: string;
  readonly name: string;
  readonly digest: `sha256:${string}`;
}

export async function showRun(
  invocation: Invocation,
  open: OpenRuns,
  [name = "last"]: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const run = findRun(invocation, open, name);
  if (run === null) return EXIT.wrong;
  const { terminal, json, cwd } = invocation;
  const steps = open.runs.steps(run.number);
  const metrics = open.runs.metrics(run.number);
  const artifacts = steps.flatMap((step) => artifactsOf(open, step));
  const series = steps.flatMap((step) => seriesOf(open, step));
  const folder = options["plots"];
  const plots = folder === undefined ? [] : await writePlots(open, artifacts, resolve(cwd, String(folder)));
  if (json) {
    const shown = steps.map(({ name, kind, status, seconds, why, key }) => ({
      name,
      kind,
      status,
      seconds,
      why,
      key,
    }));
    terminal.out(
      JSON.stringify({ ...runJson({ run, metrics }), steps: shown, series, artifacts, plots }, null, 2),
    );
    return EXIT.done;
  }
  const took = run.finished === null ? "" : `, ${duration((run.finished - run.started) / 1000)}`;
  terminal.out(
    `run ${runName(run.number)} of ${run.spec}: ${run.status}, started ${moment(run.started)}${took}`,
  );
  const params = Object.entries(run.params).map(([param, value]) => `${param} = ${JSON.stringify(value)}`);
  if (params.length > 0) terminal.out(`parameters: ${params.join(", ")}`);
  const rows = steps.map(({ kind, name, status, seconds, why }) => [
    `${kind} ${name}`,
    status,
    status === "ran" ? duration(seconds) : "",
    why.join("; "),
  ]);
  print(terminal, ["STEP", "STATUS", "TIME", "WHY"], rows);
  print(
    terminal,
    ["METRIC", "VALUE", "INTERVAL"],
    metrics.map(({ step, metric, value, interval }) => [
      `${step}.${metric}`,
      number(value),
      interval === null ? "" : `${number(interval[0])} to ${number(interval[1])}`,
    ]),
  );
  print(
    terminal,
    ["SERIES", "POINTS", "FIRST", "LAST"],
    series.map(({ step, metric, points }) => [
      `${step}.${metric}`,
      String(points.length),
      number(points[0]?.value ?? Number.NaN),
      number(points.at(-1)?.value ?? Number.NaN),
    ]),
  );
  print(
    terminal,
    ["ARTIFACT", "OBJECT"],
    artifacts.map(({ step, name, digest }) => [`${step} ${name}`, digest.slice(0, "sha256:".length + 12)]),
  );
  for (const plot of plots) terminal.out(`wrote ${plot}`);
  return EXIT.done;
}

function print(terminal: Invocation["terminal"], titles: readonly string[], rows: string[][]): void {
  if (rows.length === 0) return;
  terminal.out(
    `\n${table(
      titles.map((title) => ({ title })),
      rows,
    )}`,
  );
}

function artifactsOf({ records }: OpenRuns, { name: step, key }: RunStep): Artifact[] {
  const outputs = key === null ? {} : (records.get(key)?.result.outputs ?? {});
  return Object.entries(outputs).map(([name, digest]) => ({ step, name, digest }));
}

interface Series {
  readonly step: string;
  readonly metric: string;
  readonly points: readonly Omit<TrackedPoint, "metric">[];
}

function seriesOf({ records }: OpenRuns, { name: step, key }: RunStep): Series[] {
  const points = key === null ? [] : records.series(key);
  const byMetric = Map.groupBy(points, ({ metric }) => metric);
  return [...byMetric].map(([metric, all]) => ({
    step,
    metric,
    points: all.map(({ at, value }) => ({ at, value })),
  }));
}

/** Writes each SVG as `<folder>/<step>/<plot>.svg` and returns the paths. */
async function writePlots(
  { store }: OpenRuns,
  artifacts: readonly Artifact[],
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  for (const { step, name, digest } of artifacts) {
    if (!name.endsWith(".svg")) continue;
    const file = join(folder, step, name.replace(/^plots\//, ""));
    if (!file.startsWith(folder + sep)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await store.read(digest));
    written.push(file);
  }
  return written;
}
