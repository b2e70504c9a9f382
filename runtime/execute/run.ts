/** Carries a program out: independent steps side by side, each remembered the moment it is done. */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { inOrder, spoken } from "../../language/ir/order.ts";
import type { Declaration } from "../../language/ir/program.ts";
import { type Inspection, Inspector, type Seen, type Workplace } from "../plan/inspect.ts";
import { Leases } from "../store/leases.ts";
import type { StepRecord } from "../store/records.ts";
import { Runs, runName } from "../store/runs.ts";
import { sweepTemporary } from "../store/store.ts";
import { attempt } from "./attempt.ts";
import type { RunEvent } from "./events.ts";
import { failureOf } from "./failure.ts";
import { exitOf, metricsOf, type RunReport, reportOf, type SettledStep, statusOf } from "./report.ts";
import type { RuntimeDiagnostic } from "./step.ts";

/** A step did not run because of another. */
const BLOCKED = "ML8050";

export interface RunOptions extends Workplace {
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Threads for all steps together; the processor's when not given. */
  readonly threads?: number;
  /** How many steps run side by side; as many as threads when not given. */
  readonly parallel?: number;
  /** Ids of the declarations to carry out, all that they refer to among them; every one when not given. */
  readonly only?: ReadonlySet<string>;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface RunOutcome {
  readonly report: RunReport;
  readonly steps: readonly SettledStep[];
  readonly exit: 0 | 1 | 2 | 3 | 130;
}

/**
 * Runs every step whose result is not there yet. Never throws for what a step does: failures are in the outcome.
 * Throws StoreError when the store itself cannot be used. A process killed at any moment loses only the steps that
 * were under way; the next run goes on from the rest.
 */
export async function runProgram(options: RunOptions): Promise<RunOutcome> {
  const { store, program } = options;
  sweepTemporary(store);
  const runs = new Runs(store.database);
  const text = JSON.stringify(program);
  const number = runs.start({ spec: program.spec, program: await store.put(text), params: program.params });
  const run = new Run(options, number, runs);
  const steps = await run.all();
  run.keep(steps);
  const report = reportOf(runName(number), steps, options.registry);
  return { report, steps, exit: exitOf(steps) };
}

class Run {
  readonly #options: RunOptions;
  readonly #number: number;
  readonly #runs: Runs;
  readonly #inspector: Inspector;
  readonly #leases: Leases;
  readonly #seen = new Map<string, Seen>();
  readonly #settled = new Map<string, SettledStep>();
  readonly #ordered: readonly Declaration[];
  readonly #threads: number;
  readonly #parallel: number;
  #running = 0;
  /** Settled steps that the database does not have yet. */
  #unsaved: SettledStep[] = [];
  #saved = 0;

  constructor(options: RunOptions, number: number, runs: Runs) {
    this.#options = options;
    this.#number = number;
    this.#runs = runs;
    this.#inspector = new Inspector(options);
    this.#leases = new Leases(options.store.database);
    this.#ordered = inOrder(options.program).filter(({ id }) => options.only?.has(id) ?? true);
    this.#threads = options.threads ?? availableParallelism();
    this.#parallel = Math.max(1, options.parallel ?? this.#threads);
  }

  #tell(event: RunEvent): void {
    this.#options.onEvent?.(event);
  }

  /** Settled steps, each after those it names. */
  async all(): Promise<SettledStep[]> {
    this.#tell({ type: "start", run: runName(this.#number), steps: this.#ordered.length });
    const waiting = new Set(this.#ordered);
    const running = new Set<Promise<void>>();
    try {
      while (waiting.size > 0 || running.size > 0) {
        for (const declaration of waiting) {
          if (running.size >= this.#parallel) break;
          if (!declaration.refs.every((ref) => this.#settled.has(ref))) continue;
          waiting.delete(declaration);
          const work: Promise<void> = this.#settle(declaration).finally(() => running.delete(work));
          running.add(work);
        }
        await Promise.race(running);
      }
    } finally {
      this.#leases.stop();
    }
    return this.#ordered.map(({ id }) => this.#settled.get(id)!);
  }

  /** Writes the run's end; a disk that is full does not take the report away. */
  keep(steps: readonly SettledStep[]): void {
    try {
      this.#save();
      this.#runs.finish(this.#number, statusOf(steps), metricsOf(steps));
    } catch (error) {
      const { diagnostic } = failureOf(error, this.#options.program.spec, this.#options.store.root);
      this.#tell({
        type: "log",
        id: this.#options.program.spec,
        line: `The run was not tracked: ${diagnostic.values["reason"]}`,
      });
    }
  }

  #save(): void {
    if (this.#unsaved.length === 0) return;
    const reused = this.#unsaved.flatMap(({ declaration, status, key }) =>
      status === "reused" && key !== null ? [{ declaration, key }] : [],
    );
    this.#inspector.records.use(this.#options.program.spec, reused, Date.now());
    this.#runs.addSteps(this.#number, this.#saved, this.#unsaved);
    this.#saved += this.#unsaved.length;
    this.#unsaved = [];
  }

  async #settle(declaration: Declaration): Promise<void> {
    const started = performance.now();
    const step = await this.#decide(declaration, started).catch((error): SettledStep => {
      const seconds = (performance.now() - started) / 1000;
      if (this.#options.signal.aborted)
        return this.#step(declaration, { status: "interrupted", why: ["interrupted"], seconds });
      const { diagnostic, exit } = failureOf(error, declaration.id, this.#options.store.root);
      return this.#step(declaration, {
        status: "failed",
        why: ["it failed"],
        seconds,
        diagnostics: [diagnostic],
        exit,
      });
    });
    this.#settled.set(declaration.id, step);
    this.#unsaved.push(step);
    this.#tell({ type: "settled", step });
  }

  async #decide(declaration: Declaration, started: number): Promise<SettledStep> {
    const { executors, signal } = this.#options;
    if (!executors.has(declaration.kind)) {
      return this.#step(declaration, {
        status: "skipped",
        why: [`this edition checks ${declaration.kind} declarations and does not carry them out`],
      });
    }
    const stopped = declaration.refs.filter((ref) => !this.#seen.has(ref));
    if (stopped.length > 0) {
      const interrupted = signal.aborted;
      const why = stopped.map((ref) => `${spoken(ref)} ${said(this.#settled.get(ref)!)}`);
      if (interrupted) return this.#step(declaration, { status: "skipped", why });
      return this.#step(declaration, {
        status: "blocked",
        why,
        diagnostics: this.#because(declaration, stopped),
      });
    }
    if (signal.aborted)
      return this.#step(declaration, { status: "interrupted", why: ["interrupted before it began"] });
    const inspection = await this.#inspector.inspect(declaration, this.#seen);
    const { record } = inspection;
    if (record !== null) {
      this.#see(declaration, record);
      // Said at once where `gc` could otherwise take it for something that nobody uses.
      if (!inspection.latest) {
        this.#inspector.records.use(
          this.#options.program.spec,
          [{ declaration: declaration.id, key: record.key }],
          Date.now(),
        );
      }
      const why = [...inspection.why, ...this.#afterRun(declaration)];
      return this.#step(declaration, {
        status: "reused",
        why,
        key: record.key,
        result: record.result,
        diagnostics: record.result.diagnostics ?? [],
      });
    }
    return this.#carryOut(declaration, inspection, started);
  }

  /** Why a step is blocked, as a finding that leads back to what is to be mended; none where nothing is wrong. */
  #because({ id, kind, name }: Declaration, stopped: readonly string[]): RuntimeDiagnostic[] {
    for (const ref of stopped) {
      const { diagnostics } = this.#settled.get(ref)!;
      const because = diagnostics.find(({ code }) => code !== BLOCKED) ?? diagnostics[0];
      if (because === undefined) continue;
      const values = { kind, name, cause: `${spoken(ref)} ${said(this.#settled.get(ref)!)}` };
      return [{ code: BLOCKED, values, declaration: id, because }];
    }
    return [];
  }

  /** For a step that is reused although one above ran: that one came to the same bytes. */
  #afterRun(declaration: Declaration): string[] {
    return declaration.refs
      .filter((ref) => this.#settled.get(ref)!.status === "ran")
      .map((ref) => `${spoken(ref)} ran and came to the same`);
  }

  async #carryOut(declaration: Declaration, inspection: Inspection, started: number): Promise<SettledStep> {
    const { id, name, kind } = declaration;
    const { store } = this.#options;
    const found: RuntimeDiagnostic[] = inspection.damaged.map(({ name: output, digest }) => ({
      code: "ML8008",
      values: { name: output, declaration: id },
      declaration: id,
      details: [digest, `set aside as ${store.setAside(digest)}`],
    }));
    const estimate = inspection.previous?.seconds ?? null;
    this.#save();
    this.#tell({ type: "step", id, name, kind, why: inspection.why, estimate });
    this.#running += 1;
    try {
      const { record, elsewhere } = await attempt({
        inspector: this.#inspector,
        leases: this.#leases,
        declaration,
        inspection,
        seen: this.#seen,
        run: this.#number,
        threads: Math.max(1, Math.floor(this.#threads / this.#running)),
        signal: this.#options.signal,
        progress: (done, total, note) => {
          const share = total > 0 ? Math.min(1, done / total) : null;
          const elapsed = (performance.now() - started) / 1000;
          this.#tell({ type: "progress", id, share, note, remaining: remainingOf(share, elapsed, estimate) });
        },
        log: (line) => this.#tell({ type: "log", id, line }),
        waiting: (pid, host) => this.#tell({ type: "waiting", id, pid, host }),
      });
      const seconds = (performance.now() - started) / 1000;
      const { result, key } = record;
      const diagnostics = [...found, ...(result.diagnostics ?? [])];
      const passed = (result.verdict ?? "passed") === "passed";
      if (passed) this.#see(declaration, record);
      if (elsewhere) {
        const why = [...inspection.why, "another process has just carried it out"];
        return this.#step(declaration, { status: "reused", why, seconds, key, result, diagnostics });
      }
      const status = passed ? "ran" : "failed";
      return this.#step(declaration, {
        status,
        why: inspection.why,
        seconds,
        key,
        result,
        diagnostics,
        exit: passed ? 0 : 2,
      });
    } finally {
      this.#running -= 1;
    }
  }

  #see(declaration: Declaration, record: StepRecord): void {
    this.#seen.set(
      declaration.id,
      this.#inspector.see(declaration, record.result, record.outcome, this.#seen),
    );
  }

  #step(
    { id, kind, name }: Declaration,
    rest: Pick<SettledStep, "status" | "why"> & Partial<SettledStep>,
  ): SettledStep {
    return {
      declaration: id,
      kind,
      name,
      seconds: 0,
      key: null,
      result: null,
      diagnostics: [],
      exit: 0,
      ...rest,
    };
  }
}

/** Why a step below one that did not pass cannot run, as the end of a sentence. */
function said({ status, result }: SettledStep): string {
  if (status === "skipped") return "was not carried out";
  if (status === "failed" && result !== null)
    return result.verdict === "insufficient" ? "lacks evidence" : "said no";
  return status === "failed" ? "failed" : `is ${status}`;
}

/** By the share when enough of it is done to tell; before that by the last time. Seconds. */
function remainingOf(share: number | null, elapsed: number, estimate: number | null): number | null {
  if (share !== null && share >= 0.05) return (elapsed * (1 - share)) / share;
  return estimate === null ? null : Math.max(0, estimate - elapsed);
}
