/** What every learner of this folder takes and gives, beside `frame.ts`. */
import type { Learner } from "../portable/form.ts";
import type { Frame, Target } from "./frame.ts";

export interface Fitted<L extends Learner = Learner> {
  readonly learner: L;
  readonly report: FitReport;
}

export interface FitReport {
  /** Boosting rounds kept, or trees of a forest; null for the others. */
  readonly rounds: number | null;
  /** Solver steps taken; null where there are none. */
  readonly iterations: number | null;
  /** [columns], features laid side by side; not negative, summing to 1 (or all 0). */
  readonly importance: Float64Array;
  /** Findings that a reader should see though the model was fitted. */
  readonly warnings: readonly LearnFinding[];
  /** Further facts of the step's summary. */
  readonly facts?: Readonly<Record<string, number>>;
  /** Further outputs of the step, by name: texts. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface LearnFinding {
  readonly code: `ML5${string}`;
  readonly values: Readonly<Record<string, string>>;
  /** JSON pointer into the model's props. */
  readonly pointer?: string;
  readonly details?: readonly string[];
}

/** Data that a learner cannot learn from; the model step turns it into a diagnostic at the declaration. */
export class LearnFailure extends Error {
  readonly finding: LearnFinding;
  constructor(finding: LearnFinding) {
    super(`${finding.code}: ${Object.values(finding.values).join(", ")}`);
    this.name = "LearnFailure";
    this.finding = finding;
  }
}

/** Rows that decide when to stop; same layout of features as the training frame. */
export interface TuneSet {
  readonly frame: Frame;
  readonly target: Target;
}

export type ClassWeights = "balanced" | "none";

/**
 * Weight of each class: 1, or rows / (classes × rows of the class), so that every class counts the same in
 * total (King and Zeng 2001). A class without rows weighs 0.
 */
export function classWeightsOf(target: Target, mode: ClassWeights): Float64Array {
  const weights = new Float64Array(target.classes.length).fill(1);
  if (mode === "none") return weights;
  const counts = new Float64Array(target.classes.length);
  for (const value of target.values) counts[value]! += 1;
  for (let k = 0; k < counts.length; k++) {
    weights[k] = counts[k]! > 0 ? target.values.length / (counts.length * counts[k]!) : 0;
  }
  return weights;
}

/** Importances as shares of their sum. */
export function normalised(gains: Float64Array): Float64Array {
  let sum = 0;
  for (const gain of gains) sum += gain;
  return sum > 0 ? gains.map((gain) => gain / sum) : gains;
}

/** Lets timers, signals and other steps have a turn; then throws if the run was aborted. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
