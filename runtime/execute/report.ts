/** What a run answers: the object that `mlops run --json` ends with. */
import type { RunMetric, RunStep, StepStatus } from "../store/runs.ts";
import type { Json, RegistryReader, RuntimeDiagnostic, StepResult } from "./step.ts";

export interface SettledStep extends RunStep {
  readonly result: StepResult | null;
  /** What went wrong, and what a reader should see of a step that passed. */
  readonly diagnostics: readonly RuntimeDiagnostic[];
  readonly exit: 0 | 1 | 2 | 3;
}

export interface RunReport {
  readonly run: string;
  readonly status: "passed" | "failed" | "blocked" | "interrupted";
  readonly steps: readonly {
    readonly name: string;
    readonly kind: string;
    readonly status: StepStatus;
    readonly seconds: number;
    readonly why: readonly string[];
  }[];
  /** By evaluation, by metric. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** The confidence intervals, by evaluation, by metric. */
  readonly intervals: Readonly<Record<string, Json>>;
  readonly gates: Readonly<Record<string, { readonly status: string; readonly rules: readonly Json[] }>>;
  readonly releases: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly diagnostics: readonly RuntimeDiagnostic[];
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function interrupted(steps: readonly SettledStep[]): boolean {
  return steps.some(({ status }) => status === "interrupted");
}

/**
 * `failed`: a step broke or said no. `blocked`: none did, but evidence was not sufficient. Steps that this edition
 * does not carry out change nothing.
 */
export function statusOf(steps: readonly SettledStep[]): RunReport["status"] {
  if (interrupted(steps)) return "interrupted";
  const failed = steps.filter(({ status }) => status === "failed");
  if (failed.length === 0) return "passed";
  return failed.every(({ result }) => result?.verdict === "insufficient") ? "blocked" : "failed";
}

/** The exit code: what is outside weighs more than a wrong spec, that more than a no. */
export function exitOf(steps: readonly SettledStep[]): 0 | 1 | 2 | 3 | 130 {
  if (interrupted(steps)) return 130;
  const codes = new Set(steps.map(({ exit }) => exit));
  return ([3, 1, 2] as const).find((code) => codes.has(code)) ?? 0;
}

/** A reused release moves nothing: what its alias holds now is the registry's to say. */
function releaseNow(summary: Readonly<Record<string, Json>>, registry: RegistryReader): Record<string, Json> {
  const { name, alias } = summary;
  const holder = registry.champion(String(name), String(alias), null);
  return { ...summary, alias_holds: holder?.version ?? null };
}

export function reportOf(run: string, steps: readonly SettledStep[], registry: RegistryReader): RunReport {
  const metrics: Record<string, Record<string, Json>> = {};
  const intervals: Record<string, Json> = {};
  const gates: Record<string, { status: string; rules: readonly Json[] }> = {};
  const releases: Record<string, Record<string, Json>> = {};
  for (const { kind, name, result } of steps) {
    if (result === null) continue;
    const { summary } = result;
    if (isObject(summary["metrics"])) metrics[name] = summary["metrics"];
    if (isObject(summary["intervals"])) intervals[name] = summary["intervals"];
    if (kind === "release") releases[name] = releaseNow(summary, registry);
    if (kind === "gate") {
      const { status, rules } = summary;
      gates[name] = {
        status: typeof status === "string" ? status : (result.verdict ?? "passed"),
        rules: Array.isArray(rules) ? rules : [],
      };
    }
  }
  return {
    run,
    status: statusOf(steps),
    steps: steps.map(({ name, kind, status, seconds, why }) => ({ name, kind, status, seconds, why })),
    metrics,
    intervals,
    gates,
    releases,
    diagnostics: steps.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** The numbers to track of a run: every `metrics` of a step's summary, with its interval. */
export function metricsOf(steps: readonly SettledStep[]): RunMetric[] {
  return steps.flatMap(({ name, result }) => {
    const values = result?.summary["metrics"];
    const bounds = result?.summary["intervals"];
    if (!isObject(values)) return [];
    return Object.entries(values).flatMap(([metric, value]): RunMetric[] => {
      if (typeof value !== "number") return [];
      const bound = isObject(bounds) ? bounds[metric] : undefined;
      const [low, high] = Array.isArray(bound) ? bound : [];
      const interval = typeof low === "number" && typeof high === "number" ? ([low, high] as const) : null;
      return [{ step: name, metric, value, interval }];
    });
  });
}
