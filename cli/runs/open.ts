/** What the `runs` commands share: the tracked runs of a project, found by name, with their metrics in order. */
import { StepRecords } from "../../runtime/store/records.ts";
import { type Run, type RunMetric, Runs, runName } from "../../runtime/store/runs.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import type { Invocation } from "../command.ts";
import { refuse } from "../finding.ts";

export interface OpenRuns {
  readonly store: LocalStore;
  readonly runs: Runs;
  readonly records: StepRecords;
}

export function openRuns(root: string): OpenRuns {
  const store = openStore(root);
  return { store, runs: new Runs(store.database), records: new StepRecords(store.database) };
}

/** The named run; null (and said) when there is none. */
export function findRun(invocation: Invocation, { runs }: OpenRuns, name: string): Run | null {
  const run = runs.find(name);
  if (run === null) {
    const newest = runs.list(5).map(({ number }) => runName(number));
    refuse(invocation, "ML8009", {
      run: name,
      known: newest.length === 0 ? "" : ` (the newest are ${newest.join(", ")})`,
    });
  }
  return run;
}

export interface MeasuredRun {
  readonly run: Run;
  readonly metrics: readonly RunMetric[];
}

export const columnOf = ({ step, metric }: RunMetric) => `${step}.${metric}`;

/** Better first by a metric (`f1` or `scored.f1`), runs without it last; null (and said) when no run has it. */
export function sortRuns(
  invocation: Invocation,
  measured: readonly MeasuredRun[],
  wanted: string,
): readonly MeasuredRun[] | null {
  const metricOf = ({ metrics }: MeasuredRun) =>
    metrics.find((one) => columnOf(one) === wanted || one.metric === wanted)?.value ?? null;
  if (measured.every((one) => metricOf(one) === null)) {
    const known = [...new Set(measured.flatMap(({ metrics }) => metrics.map(columnOf)))].sort();
    refuse(invocation, "ML8013", {
      metric: wanted,
      known: known.length === 0 ? "" : ` (${known.join(", ")})`,
    });
    return null;
  }
  const name = (wanted.split(".").at(-1) ?? wanted).split("(")[0] ?? wanted;
  const sign = vocabulary.metrics[name]?.better === "lower" ? 1 : -1;
  return [...measured].sort((a, b) => {
    const [left, right] = [metricOf(a), metricOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

/** `2026-03-01 14:05:09`, in the local time zone. */
export function moment(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

/** As JSON shows a run. */
export function runJson({ run, metrics }: MeasuredRun) {
  const byStep: Record<string, Record<string, number>> = {};
  for (const { step, metric, value } of metrics) byStep[step] = { ...byStep[step], [metric]: value };
  return {
    run: runName(run.number),
    spec: run.spec,
    status: run.status,
    started: new Date(run.started).toISOString(),
    seconds: run.finished === null ? null : (run.finished - run.started) / 1000,
    params: run.params,
    metrics: byStep,
  };
}
