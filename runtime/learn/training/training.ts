/** What a training consists of: what is trained, what the loop is told, and what comes out. */
import type { TensorData } from "../../graph/graph.ts";
import type { Schedule } from "./schedule.ts";

/** Tensors that a step is fed, by input. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** Everything that the next step depends on beside its feeds: parameters, the optimizer's moments, its counter. */
export type TrainingState = ReadonlyMap<string, TensorData>;

export interface StepOutcome {
  /** Mean over the batches. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Evaluation {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A model while it is trained. */
export interface Trainee {
  /** One update from the mean gradient of these batches; `seed` decides dropout. */
  step(batches: readonly Feeds[], at: { readonly rate: number; readonly seed: number }): Promise<StepOutcome>;
  state(): TrainingState | Promise<TrainingState>;
  load(state: TrainingState): void | Promise<void>;
  /** The parameters alone, by name. */
  parameters(): ReadonlyMap<string, TensorData> | Promise<ReadonlyMap<string, TensorData>>;
  /** The layer where numbers first stop being numbers for these batches; null when that cannot be told. */
  suspect?(batches: readonly Feeds[]): Promise<string | null>;
  release(): Promise<void>;
}

/** What the loop is told by whoever starts the training; plain data. */
export interface TrainingPlan {
  readonly steps: number;
  /** The full learning rate. */
  readonly rate: number;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Steps between evaluations; the last step is always evaluated. */
  readonly evaluateEvery: number;
  /** Stop after so many evaluations without a better loss, and keep the best parameters; null goes on to the end. */
  readonly patience: number | null;
  /** Null writes none. */
  readonly checkpoint: CheckpointPlan | null;
}

export interface CheckpointPlan {
  /** `StepContext.resume`. */
  readonly folder: string;
  readonly every: number;
}

/** What a recipe hands the loop. */
export interface Preparation {
  readonly trainee: Trainee;
  /**
   * The batches of one update (several when gradients are accumulated), `step` counted from 1. It must depend on
   * nothing but the step, the seed, the trainee's state and `memory`: a resumed training asks from where it was.
   */
  batches(step: number): readonly Feeds[] | Promise<readonly Feeds[]>;
  /** How many units (tokens, rows) these batches hold, for the speed. */
  units(batches: readonly Feeds[]): number;
  /** What `units` counts: "tokens". */
  readonly unit: string;
  /** On validation data; null where there is none. */
  readonly evaluate: (() => Promise<Evaluation>) | null;
  /** Why to stop after this step although steps are left; null goes on. */
  stop?(step: number, outcome: StepOutcome): string | null;
  /** What `batches` remembers from one step to another. */
  readonly memory?: {
    save(): ReadonlyMap<string, TensorData>;
    load(saved: ReadonlyMap<string, TensorData>): void;
  };
  /** Further results, computed with the parameters that are kept; must be fit for `postMessage`. */
  finish?(trained: Trained): Promise<unknown>;
}

/** One point of the loss curves. */
export interface HistoryEntry {
  readonly [key: string]: number | undefined;
  /** Steps done. */
  readonly step: number;
  /** Mean training loss since the entry before. */
  readonly loss: number;
  /** Learning rate of this step. */
  readonly rate: number;
  readonly validation?: number;
}

export interface Trained {
  /** The best ones where `patience` was given and a validation set is there, else the last. */
  readonly parameters: ReadonlyMap<string, TensorData>;
  /** Steps done. */
  readonly steps: number;
  /** The step whose parameters these are. */
  readonly kept: number;
  /** Training loss, mean since the entry before the last. */
  readonly loss: number;
  /** Validation loss of the kept parameters; null without a validation set. */
  readonly validation: number | null;
  readonly history: readonly HistoryEntry[];
  /** Why it ended before its last step; null when it did not. */
  readonly stopped: string | null;
}

export interface TrainHooks {
  /** True once the run is to stop: a checkpoint is written, and `train` throws `Interrupted`. */
  aborted(): boolean;
  progress(done: number, total: number, note: string): void;
  track(metric: string, value: number, at: number): void;
  log(line: string): void;
}

/** The training was stopped from outside; its checkpoint is written. */
export class Interrupted extends Error {
  constructor() {
    super("the training was interrupted");
    this.name = "Interrupted";
  }
}
