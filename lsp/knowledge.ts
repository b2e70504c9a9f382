/** What runs have left behind, as the editor shows it. The server is given a reader; it never imports the runtime. */

export interface StepKnowledge {
  /** As of the last run that had it. */
  readonly status: "ran" | "reused" | "failed" | "blocked" | "skipped";
  readonly seconds: number | null;
  /** When it ended, ISO 8601. */
  readonly at: string | null;
  /** Its meaning then: another hash now means that it would run again. */
  readonly hash: string;
  /** Rows, parameters, metrics and whatever else the step said of itself. */
  readonly summary: Readonly<Record<string, unknown>>;
}

export interface Knowledge {
  /** By declaration id, of the last runs of the spec at an absolute path; empty when there was none. */
  steps(spec: string): ReadonlyMap<string, StepKnowledge>;
  /** Calls back when a run has left something new; gives the way to stop. */
  watch(folder: string, changed: () => void): () => void;
}

/** A server that nobody told of runs. */
export const NO_KNOWLEDGE: Knowledge = { steps: () => new Map(), watch: () => () => {} };
