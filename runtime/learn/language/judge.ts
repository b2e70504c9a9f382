/** Losses of a model on data that it does not learn from, with whatever parameters are given. */
import type { TensorData } from "../../graph/graph.ts";
import type { LossBuilder, LossGraph } from "../../graph/training-step.ts";
import type { TrainingJob } from "../training/job.ts";
import { type Evaluation, type Feeds, Interrupted } from "../training/training.ts";
import { type Compiled, compiled } from "./compiled.ts";
import type { ModelInTraining } from "./model-in-training.ts";

export type Parameters = ReadonlyMap<string, TensorData>;

/** Feeds whose loss and metrics are sums over `weight` things. */
export interface Judged {
  readonly feeds: Feeds;
  readonly weight: number;
}

export class Judge {
  readonly #job: Pick<TrainingJob, "engine" | "threads">;
  readonly #model: ModelInTraining;
  readonly #loss: LossBuilder;
  readonly #aborted: () => boolean;
  /** By the shapes of the feeds. */
  readonly #functions = new Map<string, Promise<Compiled>>();

  constructor(
    job: Pick<TrainingJob, "engine" | "threads">,
    model: ModelInTraining,
    loss: LossBuilder,
    aborted: () => boolean,
  ) {
    this.#job = job;
    this.#model = model;
    this.#loss = loss;
    this.#aborted = aborted;
  }

  /** Means over all that is judged. @throws Interrupted */
  async mean(parameters: Parameters, batches: Iterable<Judged>): Promise<Evaluation> {
    const sums: Record<string, number> = {};
    let total = 0;
    for (const { feeds, weight } of batches) {
      if (this.#aborted()) throw new Interrupted();
      const outputs = await (await this.#function(feeds)).run(parameters, feeds);
      for (const [name, { data }] of Object.entries(outputs)) sums[name] = (sums[name] ?? 0) + data[0]!;
      total += weight;
    }
    const { loss = Number.NaN, ...metrics } = Object.fromEntries(
      Object.entries(sums).map(([name, sum]) => [name, sum / total]),
    );
    return { loss, metrics };
  }

  async release(): Promise<void> {
    for (const one of this.#functions.values()) await (await one).release();
  }

  #function(feeds: Feeds): Promise<Compiled> {
    const key = JSON.stringify(Object.entries(feeds).map(([name, { shape }]) => [name, shape]));
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const made = compiled(
      { ...this.#job, parameters: this.#model.parameters, inputs: feeds },
      (b, p, inputs) =>
        outputsOf(this.#loss(b, this.#model.resolve(b, p, false), inputs, { training: false })),
    );
    this.#functions.set(key, made);
    return made;
  }
}

const outputsOf = ({ loss, metrics = {} }: LossGraph) => ({ loss, ...metrics });
