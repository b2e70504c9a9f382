/** A language model's training, made ready in the worker. */
import { type LossBuilder, openTrainingStep, type TrainingStep } from "../../graph/training-step.ts";
import type { TrainingJob } from "../training/job.ts";
import type { Feeds, Trainee } from "../training/training.ts";
import type { ModelInTraining } from "./model-in-training.ts";
import type { Batching } from "./plan-of.ts";

/**
 * Opens the training of `model` by `loss`, whose parameters are those that the network's graph sees.
 * @param batch of the shapes that come first
 */
export function openModelTraining(
  job: TrainingJob,
  model: ModelInTraining,
  options: Batching,
  loss: LossBuilder,
  batch: Feeds,
): Promise<TrainingStep> {
  return openTrainingStep({
    engine: job.engine,
    threads: job.threads,
    parameters: model.parameters,
    values: job.parameters,
    trainable: model.trainable,
    loss: (b, p, feeds, mode) => loss(b, model.resolve(b, p, mode.training), feeds, mode),
    batch,
    optimizer: options.optimizer,
    clip: options.clip,
    accumulate: options.accumulate,
  });
}

/** The trainee, and with its end that of what was opened beside it. */
export const withOthers = (
  trainee: TrainingStep,
  ...others: readonly { release(): Promise<void> }[]
): Trainee => ({
  step: (batches, at) => trainee.step(batches, at),
  state: () => trainee.state(),
  load: (state) => trainee.load(state),
  parameters: () => trainee.parameters(),
  suspect: (batches) => trainee.suspect(batches),
  async release() {
    for (const one of others) await one.release();
    await trainee.release();
  },
});

/** How many tokens a step reads, padding too. */
export const tokensRead = (batches: readonly Feeds[]): number =>
  batches.reduce((sum, { ids }) => sum + (ids?.data.length ?? 0), 0);
