/** Proximal policy optimisation, in the worker: rounds of answers, each learnt from a few times. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { TensorData } from "../../graph/graph.ts";
import { mixSeed, random } from "../random.ts";
import type { TrainingJob } from "../training/job.ts";
import type { Feeds, Preparation, StepOutcome, TrainingState } from "../training/training.ts";
import type { Example } from "./examples.ts";
import type { Parameters } from "./judge.ts";
import { policyLoss } from "./losses/policy.ts";
import { type ModelOptions, modelInTraining } from "./model-in-training.ts";
import type { Batching } from "./plan-of.ts";
import { ScoreJudge, TokenJudge } from "./policy-judge.ts";
import { distanceOf, emptyRound, type Judged, roundFeeds } from "./rollout.ts";
import { type Draw, Sampler } from "./sampler.ts";
import { openModelTraining, tokensRead, withOthers } from "./trainee.ts";
import { spread } from "./windows.ts";

/** JSON. */
export interface PolicyOptions extends Batching {
  readonly model: ModelOptions;
  readonly reward: readonly Layer[];
  /** Updates from each round of answers. */
  readonly epochs: number;
  readonly ratioClip: number;
  readonly temperature: number;
  readonly klWeight: number;
  /** In nats, the mean over answers. */
  readonly klLimit: number;
  /** Tokens of the longest prompt, and of an answer at most. */
  readonly prompt: number;
  readonly answer: number;
  readonly end: number | null;
}

export interface PolicyData {
  readonly prompts: readonly Int32Array[];
  readonly reward: Parameters;
}

export interface Standing {
  /** Mean score of the reward model. */
  readonly reward: number;
  /** Mean distance of an answer from the base, in nats. */
  readonly kl: number;
}

export interface PolicyResult {
  /** On the same prompts with the same random numbers. */
  readonly before: Standing;
  readonly after: Standing;
  /** Instead of the training's own, where those went beyond the limit. */
  readonly parameters: Parameters | null;
  /** Why it stopped at the limit; null when it did not. */
  readonly stopped: string | null;
}

/** Rounds that a standing is measured by. */
const LOOK = 4;
/** No round's number. */
const LOOK_SEED = 0x6c6f6f6b;

export async function prepare(job: TrainingJob): Promise<Preparation> {
  const options = job.options as PolicyOptions;
  const { prompts, reward: rewardWeights } = job.data as PolicyData;
  const { batch: rows, temperature, klLimit } = options;
  const model = modelInTraining(options.model);
  const judge = modelInTraining({ layers: options.reward, lora: null, freeze: null, head: "reward" });
  const length = options.prompt + options.answer - 1;
  const sampler = await Sampler.open(job, model, { ...options, rows });
  const tokens = await TokenJudge.open(job, model, { rows, length, temperature });
  const whole = await ScoreJudge.open(job, judge, rewardWeights, { rows, length: length + 1 });
  const { seed } = job.plan;

  const answered = async (parameters: Parameters, draws: readonly Draw[], of: number): Promise<Judged[]> => {
    const answers = await sampler.answers(parameters, draws, mixSeed(seed, of));
    const examples = answers.map((answer, i): Example => {
      const { prompt } = draws[i]!;
      const ids = new Int32Array(prompt.length + answer.length);
      ids.set(prompt);
      ids.set(answer, prompt.length);
      return { ids, start: prompt.length };
    });
    const policy = await tokens.judge(parameters, examples);
    const base = await tokens.judge(job.parameters, examples);
    const scored = await whole.judge(examples.map(({ ids }) => ids));
    return examples.map((example, i) => ({
      example,
      score: scored[i]!,
      policy: policy[i]!.logp,
      base: base[i]!.logp,
      guesses: policy[i]!.guesses,
    }));
  };

  const looked = spread(prompts, LOOK * rows).map((prompt, stream): Draw => ({ prompt, stream }));
  const standing = async (parameters: Parameters) =>
    standingOf(await answered(parameters, looked, LOOK_SEED));
  const before = await standing(job.parameters);
  const learning = policyLoss(model.network, { clip: options.ratioClip, temperature });
  const trainee = await openModelTraining(job, model, options, learning, emptyRound(rows, length));

  let round: { readonly feeds: Feeds; readonly standing: Standing } | null = null;
  /** As it was at the last round whose answers were within the limit. */
  let good: TrainingState | null = null;
  let halted: string | null = null;
  let last: StepOutcome = { loss: 0, gradientNorm: 0, metrics: {} };

  async function begin(number: number): Promise<void> {
    const source = random(mixSeed(seed, number), 1);
    const draws = Array.from(
      { length: rows },
      (_, stream): Draw => ({ prompt: prompts[source.int(prompts.length)]!, stream: 2 + stream }),
    );
    const judged = await answered(trainee.parameters(), draws, number);
    const now = standingOf(judged);
    if (now.kl > klLimit && good !== null) {
      halted = overLimit(now.kl, klLimit);
      trainee.load(good);
      return;
    }
    good = copied(trainee.state());
    round = { feeds: roundFeeds(judged, length, options.klWeight), standing: now };
  }

  return {
    trainee: {
      ...withOthers(trainee, sampler, tokens, whole),
      async step(batches, at) {
        // Beyond the limit nothing is learnt any more; the loop hears why after this step.
        if (halted !== null) return last;
        const outcome = await trainee.step(batches, at);
        last = { ...outcome, metrics: { ...outcome.metrics, ...round!.standing } };
        return last;
      },
    },
    async batches(step) {
      if (round === null || (step - 1) % options.epochs === 0)
        await begin(Math.floor((step - 1) / options.epochs));
      return [round!.feeds];
    },
    units: tokensRead,
    unit: "tokens",
    async evaluate() {
      const { reward, kl } = await standing(trainee.parameters());
      return { loss: -reward, metrics: { reward, kl } };
    },
    stop: () => halted,
    memory: {
      save: () =>
        new Map([
          ...Object.entries(round?.feeds ?? {}).map(([name, tensor]): [string, TensorData] => [
            `round/${name}`,
            tensor,
          ]),
          ...(round === null ? [] : [["standing", standingTensor(round.standing)] as const]),
          ...[...(good ?? [])].map(([name, tensor]): [string, TensorData] => [`good/${name}`, tensor]),
        ]),
      load(saved) {
        const part = (prefix: string) =>
          [...saved].flatMap(([name, tensor]): [string, TensorData][] =>
            name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
          );
        const kept = saved.get("standing");
        round =
          kept === undefined
            ? null
            : {
                feeds: Object.fromEntries(part("round/")),
                standing: { reward: kept.data[0]!, kl: kept.data[1]! },
              };
        good = kept === undefined ? null : new Map(part("good/"));
      },
    },
    async finish({ parameters }): Promise<PolicyResult> {
      const after = await standing(parameters);
      if (after.kl <= klLimit || good === null) return { before, after, parameters: null, stopped: halted };
      trainee.load(good);
      const kept = trainee.parameters();
      return {
        before,
        after: await standing(kept),
        parameters: kept,
        stopped: halted ?? overLimit(after.kl, klLimit),
      };
    },
  };
}

const overLimit = (kl: number, limit: number): string =>
  `the answers are ${kl.toPrecision(3)} nats from the base's, and the limit is ${limit}`;

function standingOf(judged: readonly Judged[]): Standing {
  const mean = (value: (one: Judged) => number) =>
    judged.reduce((sum, one) => sum + value(one), 0) / judged.length;
  return { reward: mean(({ score }) => score), kl: mean(distanceOf) };
}

const standingTensor = ({ reward, kl }: Standing): TensorData => ({
  type: "float32",
  shape: [2],
  data: Float32Array.of(reward, kl),
});

function copied(state: TrainingState): TrainingState {
  return new Map(
    [...state].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() } as TensorData]),
  );
}
