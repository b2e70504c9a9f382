/** Learning to say the next token, in the worker: pretraining and fine-tuning, decoders and encoder-decoders. */
import type { TrainingJob } from "../training/job.ts";
import type { Preparation } from "../training/training.ts";
import { Judge, type Judged, type Parameters } from "./judge.ts";
import {
  feedsOf,
  judged,
  lengthsOf,
  likelihoodBatches,
  type Material,
  type Translated,
} from "./likelihood-batches.ts";
import { likelihoodLoss } from "./losses/likelihood.ts";
import { type ModelOptions, modelInTraining } from "./model-in-training.ts";
import type { Batching } from "./plan-of.ts";
import { openModelTraining, tokensRead, withOthers } from "./trainee.ts";
import { spread } from "./windows.ts";

/** JSON. */
export interface LikelihoodOptions extends Batching {
  readonly model: ModelOptions;
  /** Say also what the loss was before anything was learnt. */
  readonly before: boolean;
}

export interface LikelihoodData {
  readonly material: Material;
  readonly validation: readonly Translated[] | null;
}

/** What comes back beside the training: losses of the whole validation set, in nats a token; null without one. */
export interface LikelihoodResult {
  readonly validation: number | null;
  readonly before: number | null;
}

/** Batches of an evaluation while training; the whole set is judged at the end. */
const LOOK = 32;

export async function prepare(job: TrainingJob, aborted: () => boolean): Promise<Preparation> {
  const options = job.options as LikelihoodOptions;
  const { material, validation } = job.data as LikelihoodData;
  const model = modelInTraining(options.model);
  const lengths = lengthsOf(material);
  const learning = likelihoodLoss(model.network);
  const judge = new Judge(job, model, learning, aborted);
  const all = validation === null ? null : [...batchesOf(validation, lengths, options.batch)];
  const loss = async (parameters: Parameters): Promise<number | null> =>
    all === null ? null : (await judge.mean(parameters, all)).loss;
  const before = options.before ? await loss(job.parameters) : null;
  const batches = likelihoodBatches(material, { ...options, seed: job.plan.seed });
  const first = feedsOf([], options.batch, lengths.at(-1)!, 1, model.network.kind === "encoder_decoder");
  const trainee = await openModelTraining(job, model, options, learning, first);
  const some = all === null ? null : spread(all, LOOK);
  return {
    trainee: withOthers(trainee, judge),
    batches,
    units: tokensRead,
    unit: "tokens",
    evaluate: some === null ? null : () => judge.mean(trainee.parameters(), some),
    finish: async ({ parameters }): Promise<LikelihoodResult> => ({
      validation: await loss(parameters),
      before,
    }),
  };
}

function* batchesOf(
  examples: readonly Translated[],
  lengths: readonly number[],
  rows: number,
): Generator<Judged> {
  for (const { feeds, tokens } of judged(examples, lengths, rows)) yield { feeds, weight: tokens };
}
