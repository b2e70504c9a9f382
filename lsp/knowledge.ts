/** What runs have left behind, as the editor shows it. The server is given a reader; it never imports the runtime. */
import type { Declaration } from "../language/ir/program.ts";

export interface StepKnowledge {
  /** As of the last run that had it. */
  readonly status: "ran" | "reused" | "failed" | "blocked" | "skipped" | "interrupted";
  readonly seconds: number | null;
  /** When it was carried out, ISO 8601; null when it never was. */
  readonly at: string | null;
  /** What it meant then; null where that is not kept any more. */
  readonly declaration: Declaration | null;
  /** Rows, parameters, metrics and whatever else the step said of itself. */
  readonly summary: Readonly<Record<string, unknown>>;
}

export interface Knowledge {
  /** By declaration id, of the last run of the spec at an absolute path; empty when there was none. */
  steps(spec: string): ReadonlyMap<string, StepKnowledge>;
  /** Calls back when a run of a spec below one of these folders has left something new; gives the way to stop. */
  watch(folders: readonly string[], changed: () => void): () => void;
}

/** A server that nobody told of runs. */
export const NO_KNOWLEDGE: Knowledge = { steps: () => new Map(), watch: () => () => {} };
