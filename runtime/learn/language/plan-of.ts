/** What a model's props say of its training, as the training loop reads it. */
import type { StepContext } from "../../execute/step.ts";
import type { OptimizerSpec } from "../../graph/training-step.ts";
import { optimizerOf, scheduleOf } from "../training/optimizer.ts";
import type { TrainingPlan } from "../training/training.ts";

/** The attributes that all variants share (`stdlib/kinds/training.ts`). */
export interface TrainingProps {
  readonly steps: number;
  readonly batch: number;
  readonly accumulate: number;
  readonly optimizer: unknown;
  readonly schedule: unknown;
  readonly clip: number;
  readonly evaluate_every: number;
  readonly patience?: number | undefined;
  readonly checkpoint_every: number;
  readonly seed: number;
}

/** A plan that goes on from where an interrupted run of the same step stopped. */
export function planOf(props: TrainingProps, context: Pick<StepContext, "resume">): TrainingPlan {
  return {
    steps: props.steps,
    rate: optimizerOf(props.optimizer).rate,
    schedule: scheduleOf(props.schedule),
    seed: props.seed,
    evaluateEvery: props.evaluate_every,
    patience: props.patience ?? null,
    checkpoint: { folder: context.resume, every: props.checkpoint_every },
  };
}

/** How batches become updates. */
export interface Batching {
  readonly batch: number;
  readonly accumulate: number;
  readonly optimizer: OptimizerSpec;
  /** Null clips nothing. */
  readonly clip: number | null;
}

/** `clip = 0` clips nothing. */
export function batchingOf({ batch, accumulate, optimizer, clip }: TrainingProps): Batching {
  return { batch, accumulate, optimizer: optimizerOf(optimizer).spec, clip: clip > 0 ? clip : null };
}
