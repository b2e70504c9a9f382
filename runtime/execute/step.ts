/** What a step is: one declaration carried out, from its props and its inputs' artifacts to its own. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Digest, Store } from "../store/types.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a step leaves behind. Equal meaning and equal inputs must give equal outputs, byte for byte. */
export interface StepResult {
  /** Named artifacts: `rows`, `transform`, `model.onnx`, `signature.json`, `plots/roc.svg`… */
  readonly outputs: Readonly<Record<string, Digest>>;
  /** Small facts that people and later steps read (row counts, metrics, versions). No clock, no paths. */
  readonly summary: Readonly<Record<string, Json>>;
  /**
   * `failed`: the step worked and said no (an expectation, a gate): exit code 2, dependents are blocked.
   * `insufficient`: not enough evidence; blocks too.
   */
  readonly verdict?: "passed" | "failed" | "insufficient";
  /** Lines for people, shown under the step (bad rows, which rule failed and by how much). */
  readonly notes?: readonly string[];
  /** Diagnostics that a reader should see whether or not the step passed. */
  readonly diagnostics?: readonly RuntimeDiagnostic[];
}

/** A failure or finding at run time that points at the spec. */
export interface RuntimeDiagnostic {
  /** Of the catalogue: `ML4xxx` data, `ML5xxx` training, `ML6xxx` gates and releases, `ML7xxx` serving, `ML8xxx` the store and the machine. */
  readonly code: string;
  /** Values for the catalogue's message template. */
  readonly values: Readonly<Record<string, string>>;
  /** The declaration, and a JSON pointer into its props: `/schema/3`, `/path`. */
  readonly declaration: string;
  readonly pointer?: string;
  /** Further lines: file:line:column of bad rows, numbers, what to do next. */
  readonly details?: readonly string[];
  /** The finding that this one follows from. */
  readonly because?: RuntimeDiagnostic;
}

/** Thrown by an executor for anything the user can mend; other errors are bugs or the machine's. */
export class StepFailure extends Error {
  readonly diagnostic: RuntimeDiagnostic;
  readonly exit: 1 | 2 | 3;
  constructor(diagnostic: RuntimeDiagnostic, exit: 1 | 2 | 3 = 1) {
    super(`${diagnostic.code} ${diagnostic.declaration}: ${Object.values(diagnostic.values).join(", ")}`);
    this.name = "StepFailure";
    this.diagnostic = diagnostic;
    this.exit = exit;
  }
}

export interface StepContext<Props = Record<string, Json>> {
  readonly program: Program;
  readonly declaration: Declaration;
  readonly props: Props;
  /** Results of every declaration that this one refers to, directly or not, by id. */
  readonly inputs: ReadonlyMap<string, StepResult>;
  /** Absolute folder that relative paths of the spec are relative to. */
  readonly project: string;
  /**
   * Absolute folder for what an interrupted step goes on from (checkpoints), kept for the step's key through Ctrl-C
   * and kill -9 and removed when the step succeeds. Whoever writes there makes it. What it holds must never change
   * the result, only when it is there.
   */
  readonly resume: string;
  readonly store: Store;
  readonly registry: RegistryReader;
  /** Aborted on Ctrl-C; long work checks it and stops. */
  readonly signal: AbortSignal;
  /** How many threads this step may use. */
  readonly threads: number;
  /** Progress in any unit; the scheduler turns it into a share and an estimate. */
  progress(done: number, total: number, note?: string): void;
  /** A tracked series: loss by round, and so on. */
  track(metric: string, value: number, at: number): void;
  log(line: string): void;
}

/** Read-only view of the registry that gates and plans need. */
export interface RegistryReader {
  /**
   * The version under `alias` of the registered `name`, looking past versions of `candidate` itself: the model
   * that a candidate is compared with. Null when there is none yet.
   */
  champion(name: string, alias: string, candidate: Digest | null): RegisteredVersion | null;
}

export interface RegisteredVersion {
  readonly name: string;
  readonly version: number;
  /** Digest of the version's manifest: one per distinct set of model files. */
  readonly model: Digest;
  /** The model's files by name, as the model step left them. */
  readonly files: Readonly<Record<string, Digest>>;
  /** Probability from which the positive class is predicted, where costs chose one; else the signature's holds. */
  readonly threshold?: number | null;
}

/** What the planner needs to know of a kind of step. Light: the work itself is loaded when it runs. */
export interface StepExecutor {
  readonly kind: string;
  /** Raised when the same meaning and inputs would give another result than before; part of every key. */
  readonly version: number;
  /**
   * Things outside the spec that the result depends on: files by absolute path (hashed by the planner), and
   * pinned facts (the champion's digest) by name. Called when planning; must be quick.
   */
  externals?(
    context: Pick<StepContext, "program" | "declaration" | "props" | "project" | "registry" | "inputs">,
  ): Externals | Promise<Externals>;
  /** Runs even when its key is unchanged if this says its effect outside is gone (a batch's output file). */
  effectPresent?(
    context: Pick<StepContext, "program" | "declaration" | "props" | "project" | "store" | "registry">,
    result: StepResult,
  ): boolean;
  load(): Promise<(context: StepContext) => Promise<StepResult>>;
}

export interface Externals {
  /** Absolute paths (globs already resolved, in order). A missing file is the executor's error to report. */
  readonly files?: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
}
