/** Learning from pairs, in the worker: reward models and direct preference optimisation. */
import type { TensorData } from "../../graph/graph.ts";
import { stepwise } from "../training/batches.ts";
import type { TrainingJob } from "../training/job.ts";
import { type Feeds, Interrupted, type Preparation } from "../training/training.ts";
import { bucketOf } from "./buckets.ts";
import { type Compiled, compiled } from "./compiled.ts";
import { Judge, type Judged, type Parameters } from "./judge.ts";
import { fed } from "./losses/parts.ts";
import { dpoLoss, rewardLoss, sequenceLogProbability } from "./losses/preference.ts";
import { type ModelInTraining, type ModelOptions, modelInTraining } from "./model-in-training.ts";
import type { Pair } from "./pairs.ts";
import { batchesOnce, batchPlan, inGroups } from "./plan.ts";
import type { Batching } from "./plan-of.ts";
import { answersOf, judgedPairs, pairLength } from "./preference-batches.ts";
import { openModelTraining, tokensRead, withOthers } from "./trainee.ts";

/** JSON. */
export interface PreferenceOptions extends Batching {
  readonly model: ModelOptions;
  /** Null for a reward model. */
  readonly beta: number | null;
}

export interface PreferenceData {
  readonly pairs: readonly Pair[];
  readonly validation: readonly Pair[] | null;
  /** Row lengths, of sequences that are read whole. */
  readonly buckets: readonly number[];
}

/** On the whole validation set; null without one. */
export interface PreferenceResult {
  readonly validation: { readonly loss: number; readonly accuracy: number } | null;
}

export async function prepare(job: TrainingJob, aborted: () => boolean): Promise<Preparation> {
  const options = job.options as PreferenceOptions;
  const { pairs, validation, buckets } = job.data as PreferenceData;
  const model = modelInTraining(options.model);
  const { beta } = options;
  const loss = beta === null ? rewardLoss(model.network) : dpoLoss(model.network, beta);
  const judge = new Judge(job, model, loss, aborted);
  const lengthOf = (pair: Pair) => bucketOf(buckets, pairLength(pair) + 1);
  const reference =
    beta === null
      ? null
      : await References.of(job, model, options.batch, [...pairs, ...(validation ?? [])], lengthOf, aborted);
  const feedsOf = (chosen: readonly Pair[], length: number, weight: number): Feeds =>
    reference === null
      ? judgedPairs(chosen, options.batch, length, weight)
      : { ...answersOf(chosen, options.batch, length, weight), reference: reference.feed(chosen) };
  const whole: Judged[] = batchesOnce((validation ?? []).map(lengthOf), options.batch).map(
    ({ examples, length }) => ({
      feeds: feedsOf(
        examples.map((place) => validation![place]!),
        length,
        1,
      ),
      weight: examples.length,
    }),
  );
  const judged = async (parameters: Parameters) => judge.mean(parameters, whole);
  const first = feedsOf(pairs.slice(0, 1), buckets.at(-1)!, 0);
  const trainee = await openModelTraining(job, model, options, loss, first);
  const planned = batchPlan(pairs.map(lengthOf), options.batch, job.plan.seed);
  const batches = stepwise(inGroups(planned, options.accumulate));
  return {
    trainee: withOthers(trainee, judge),
    batches: (step) =>
      batches(step).map(({ examples, length }) =>
        feedsOf(
          examples.map((place) => pairs[place]!),
          length,
          1 / options.batch,
        ),
      ),
    units: tokensRead,
    unit: "tokens",
    evaluate: validation === null ? null : () => judged(trainee.parameters()),
    finish: async ({ parameters }): Promise<PreferenceResult> => {
      if (validation === null) return { validation: null };
      const { loss, metrics } = await judged(parameters);
      return { validation: { loss, accuracy: metrics["accuracy"]! } };
    },
  };
}

/** log p of both answers of each pair under the base, computed once. */
class References {
  readonly #known: ReadonlyMap<Pair, readonly [number, number]>;
  readonly #rows: number;

  private constructor(known: ReadonlyMap<Pair, readonly [number, number]>, rows: number) {
    this.#known = known;
    this.#rows = rows;
  }

  static async of(
    job: TrainingJob,
    model: ModelInTraining,
    rows: number,
    pairs: readonly Pair[],
    lengthOf: (pair: Pair) => number,
    aborted: () => boolean,
  ): Promise<References> {
    const functions = new Map<number, Compiled>();
    const known = new Map<Pair, readonly [number, number]>();
    for (const { examples, length } of batchesOnce(pairs.map(lengthOf), rows)) {
      if (aborted()) throw new Interrupted();
      const chosen = examples.map((place) => pairs[place]!);
      const { ids, targets, weights } = answersOf(chosen, rows, length, 1) as Record<string, TensorData>;
      const feeds = { ids: ids!, targets: targets!, weights: weights! };
      let score = functions.get(length);
      if (score === undefined) {
        score = await compiled({ ...job, parameters: model.parameters, inputs: feeds }, (b, p, given) => {
          const seen = model.resolve(b, p, false);
          const logits = model.network.forward(b, seen, { ids: fed(given, "ids") });
          const [to, counted] = [fed(given, "targets"), fed(given, "weights")];
          return { answer: sequenceLogProbability(b, logits, to, counted) };
        });
        functions.set(length, score);
      }
      const { answer } = await score.run(job.parameters, feeds);
      chosen.forEach((pair, i) => {
        known.set(pair, [answer!.data[i]!, answer!.data[rows + i]!]);
      });
    }
    for (const one of functions.values()) await one.release();
    return new References(known, rows);
  }

  /** float32 [2 · rows]: of the chosen, then of the rejected. */
  feed(pairs: readonly Pair[]): TensorData {
    const data = new Float32Array(2 * this.#rows);
    pairs.forEach((pair, i) => {
      const [chosen, rejected] = this.#known.get(pair)!;
      data[i] = chosen;
      data[this.#rows + i] = rejected;
    });
    return { type: "float32", shape: [2 * this.#rows], data };
  }
}
