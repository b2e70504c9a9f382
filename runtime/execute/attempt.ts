/** Carries out one step: alone among all processes, and remembered the moment it is done. */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Declaration } from "../../language/ir/program.ts";
import type { Inspection, Inspector, Seen } from "../plan/inspect.ts";
import type { Leases } from "../store/leases.ts";
import { outcomeOf, type StepRecord, type TrackedPoint } from "../store/records.ts";
import { dropUnfinished, renewUnfinished, unfinishedFolder } from "../store/unfinished.ts";
import type { StepContext, StepResult } from "./step.ts";

export interface Attempt {
  readonly inspector: Inspector;
  readonly leases: Leases;
  readonly declaration: Declaration;
  readonly inspection: Inspection;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly run: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  progress(done: number, total: number, note: string | null): void;
  log(line: string): void;
  /** Another process carries out the same step; said once. */
  waiting(pid: number, host: string): void;
}

/** How often a process that waits for another looks again, in milliseconds. */
const LOOK = 100;
/** How long an interrupted step may take to stop before it is left behind, in milliseconds. */
const GRACE = 5_000;

export interface Done {
  readonly record: StepRecord;
  /** True when another process carried it out meanwhile. */
  readonly elsewhere: boolean;
}

/** Throws what the step throws; an AbortError once the signal was given. */
export async function attempt(work: Attempt): Promise<Done> {
  const { inspector, leases, inspection, signal } = work;
  const { key } = inspection;
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const lease = leases.take(key, () => finishedSince(inspector, inspection));
    if (lease === "taken") break;
    if ("done" in lease) return { record: lease.done, elsewhere: true };
    if (!told) work.waiting(lease.heldBy.pid, lease.heldBy.host);
    told = true;
    await sleep(LOOK, undefined, { signal });
  }
  try {
    return { record: await carryOut(work), elsewhere: false };
  } finally {
    leases.release(key);
  }
}

/** A record of this key that serves and that another process wrote after the step was inspected. */
function finishedSince(inspector: Inspector, { key, stale }: Inspection): StepRecord | null {
  const record = inspector.records.get(key);
  if (record === null || record.finished === stale || (record.result.verdict ?? "passed") !== "passed")
    return null;
  const whole = Object.values(record.result.outputs).every(
    (digest) => inspector.place.store.check(digest) === "whole",
  );
  return whole ? record : null;
}

async function carryOut(work: Attempt): Promise<StepRecord> {
  const { inspector, declaration, signal } = work;
  const { key } = work.inspection;
  const { program, project, store, registry, executors } = inspector.place;
  const series: TrackedPoint[] = [];
  const started = performance.now();
  let memory = process.memoryUsage.rss();
  const sampling = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, 250).unref();
  const context: StepContext = {
    program,
    declaration,
    props: declaration.props,
    inputs: inspector.inputsOf(declaration, work.seen),
    project,
    resume: unfinishedFolder(store, key),
    store,
    registry,
    signal,
    threads: work.threads,
    progress: (done, total, note) => work.progress(done, total, note ?? null),
    track: (metric, value, at) => void series.push({ metric, at, value }),
    log: (line) => work.log(line),
  };
  try {
    renewUnfinished(store, key);
    const execute = await executors.get(declaration.kind)!.load();
    const result = await untilAborted(execute(context), signal);
    signal.throwIfAborted();
    const record = await recordOf(
      work,
      result,
      (performance.now() - started) / 1000,
      Math.max(memory, process.memoryUsage.rss()),
    );
    inspector.records.add(record, program.spec, series);
    dropUnfinished(store, key);
    return record;
  } finally {
    clearInterval(sampling);
  }
}

/** A step that does not stop when asked is left behind after a while, so that Ctrl-C always ends the run. */
async function untilAborted<T>(working: Promise<T>, signal: AbortSignal): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      late = setTimeout(() => reject(signal.reason), GRACE);
    };
  });
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([working, left]);
  } finally {
    signal.removeEventListener("abort", leave);
    clearTimeout(late);
  }
}

async function recordOf(
  work: Attempt,
  result: StepResult,
  seconds: number,
  memory: number,
): Promise<StepRecord> {
  const { inspector, declaration, inspection, run } = work;
  // As it will be read back: what JSON cannot hold (NaN, undefined) must not make a difference between runs.
  const kept = JSON.parse(JSON.stringify(result)) as StepResult;
  return {
    key: inspection.key,
    declaration: declaration.id,
    kind: declaration.kind,
    variant: declaration.variant,
    meaning: await inspector.meaning(declaration),
    basis: { ...inspection.basis, attributes: await inspector.attributes(declaration) },
    result: kept,
    outcome: outcomeOf(kept),
    seconds,
    memory,
    run,
    finished: Date.now(),
  };
}
