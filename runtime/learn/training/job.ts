/** A training as a message to the worker thread that carries it out: plain data and typed arrays, no functions. */
import type { EngineName } from "../../engine/engines.ts";
import type { TensorData } from "../../graph/graph.ts";
import type { LearnFinding } from "../fit.ts";
import type { RecipeName } from "./recipes.ts";
import type { Preparation, Trained, TrainingPlan } from "./training.ts";

export interface TrainingJob {
  /** Which module makes the graph and the batches, in the worker: `recipes.ts`. */
  readonly recipe: RecipeName;
  /** What that recipe reads: sizes, rates, names. JSON, and part of what the training is. */
  readonly options: unknown;
  /** Parameters to begin with. */
  readonly parameters: ReadonlyMap<string, TensorData>;
  /** Rows, tokens, whatever the recipe reads; typed arrays and maps. */
  readonly data: unknown;
  readonly plan: TrainingPlan;
  readonly engine: EngineName | "auto";
  /** Of the engine; a step gives the same bytes with any number. */
  readonly threads: number;
}

/** What a recipe's module exports, for the worker. */
export interface TrainingRecipe {
  /**
   * @param aborted true once the run is to stop: what takes long looks at it between its parts
   * @throws Interrupted when it stops for that
   */
  prepare(job: TrainingJob, aborted: () => boolean): Promise<Preparation>;
}

/** What comes back, beside what `finish` of the recipe gave. */
export interface TrainingResult extends Trained {
  readonly finished: unknown;
}

/** From the worker. */
export type WorkerNews =
  | { readonly is: "progress"; readonly done: number; readonly total: number; readonly note: string }
  | { readonly is: "track"; readonly metric: string; readonly value: number; readonly at: number }
  | { readonly is: "log"; readonly line: string }
  | { readonly is: "done"; readonly result: TrainingResult }
  | { readonly is: "interrupted" }
  /** Something that a user can mend. */
  | { readonly is: "refused"; readonly finding: LearnFinding }
  | { readonly is: "failed"; readonly message: string; readonly stack: string | null };

export interface WorkerTask {
  readonly job: TrainingJob;
  /** [1] in shared memory: not 0 once the run is to stop. */
  readonly stop: Int32Array;
}

/** Two trainings of one identity come to the same: what a checkpoint is checked with. */
export function identityOf({ recipe, options, plan, engine }: TrainingJob): string {
  const { checkpoint: _, ...rest } = plan;
  return JSON.stringify({ format: 1, recipe, options, plan: rest, engine });
}
