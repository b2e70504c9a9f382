/** A model while it is trained: steps, evaluations, its state. Which engine computes is decided when it is opened. */
import type { EngineName } from "../engine/engines.ts";
import { type Executable, openGraph } from "../engine/graph-engine.ts";
import type { Graph, Shape, TensorData } from "./graph.ts";
import type { OptimizerSpec } from "./optimizer.ts";
import { ParameterStore } from "./parameter-store.ts";
import { randomInputs } from "./random-inputs.ts";
import {
  batchInput,
  FINITE,
  gradientOutput,
  LOSS,
  type LossBuilder,
  metricOutput,
  parameterInput,
  type TensorSpec,
  type TrainingGraphSpec,
  trainingGraph,
  watchedGraph,
} from "./training-graph.ts";

export type { OptimizerSpec } from "./optimizer.ts";
export type { LossBuilder, LossGraph } from "./training-graph.ts";

/** A batch: tensors by name, of the types of `TrainingOptions.batch`. */
export type Feeds = Readonly<Record<string, TensorData>>;

export interface TrainingOptions {
  readonly engine: EngineName | "auto";
  /** Threads within an operation. */
  readonly threads: number;
  readonly parameters: readonly { readonly name: string; readonly shape: Shape; readonly decay: boolean }[];
  /** First values, float32, by name. */
  readonly values: ReadonlyMap<string, TensorData>;
  /** The others are left as they are, and cost no gradient and no moments. */
  readonly trainable: (name: string) => boolean;
  readonly loss: LossBuilder;
  /** The batch for which everything is made ready; batches of other shapes are made ready when they come. */
  readonly batch: Readonly<Record<string, TensorSpec>>;
  readonly optimizer: OptimizerSpec;
  /** Gradients are scaled down to this norm, all together (Pascanu, Mikolov and Bengio 2013); null leaves them. */
  readonly clip: number | null;
  /** Batches of one update, at most. */
  readonly accumulate: number;
}

export interface StepOutcome {
  /** Mean over the batches. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Where a result was first not finite. */
export interface Diagnosis {
  /** The layer: `2.repeat.0.1.attention`; of a parameter, its name. */
  readonly scope: string;
  readonly op: string;
}

export interface TrainingStep {
  readonly engine: EngineName;
  /** Why this engine. */
  readonly why: string;
  /**
   * One update from the mean gradient of one batch or several. Where the loss or the gradient is not finite, nothing
   * is changed.
   * @param at the learning rate, and the seed of whatever is random (dropout)
   */
  step(
    batches: Feeds | readonly Feeds[],
    at: { readonly rate: number; readonly seed: number },
  ): Promise<StepOutcome>;
  /** Loss and metrics without dropout and without an update. */
  evaluate(
    feeds: Feeds,
  ): Promise<{ readonly loss: number; readonly metrics: Readonly<Record<string, number>> }>;
  /** All that the next step depends on beside its feeds, in views that the next step changes. */
  state(): Map<string, TensorData>;
  load(state: ReadonlyMap<string, TensorData>): void;
  /** All parameters, frozen ones too, by name; views that the next step changes. */
  parameters(): Map<string, TensorData>;
  /** The first operation whose result on this batch is not finite; null when all are. */
  diagnose(feeds: Feeds, seed?: number): Promise<Diagnosis | null>;
  /** The layer that `diagnose` finds first for these batches, in words. */
  suspect(batches: readonly Feeds[]): Promise<string | null>;
  release(): Promise<void>;
}

/**
 * Makes a training ready.
 * @throws {ShapeError} when the loss cannot be built for this batch
 * @throws {EngineError} when the engine cannot be had here
 */
export async function openTrainingStep(options: TrainingOptions): Promise<TrainingStep> {
  const training = new Training(options);
  await training.ready();
  return training;
}

interface Compiled {
  readonly graph: Graph;
  readonly executable: Executable;
}

class Training implements TrainingStep {
  engine: EngineName = "onnx";
  why = "";
  readonly #options: TrainingOptions;
  readonly #store: ParameterStore;
  readonly #compiled = new Map<string, Promise<Compiled>>();
  #seed = 0;

  constructor(options: TrainingOptions) {
    this.#options = options;
    const { parameters, values, trainable, optimizer, accumulate } = options;
    this.#store = new ParameterStore(parameters, values, trainable, optimizer, accumulate > 1);
  }

  async ready(): Promise<void> {
    const { executable } = await this.#open(this.#options.batch, true);
    this.engine = executable.engine;
    this.why = executable.why;
  }

  async step(
    given: Feeds | readonly Feeds[],
    { rate, seed }: { readonly rate: number; readonly seed: number },
  ): Promise<StepOutcome> {
    const batches = isList(given) ? given : [given];
    const { accumulate, clip } = this.#options;
    if (batches.length < 1 || batches.length > accumulate) {
      throw new Error(`a step takes 1 to ${accumulate} batches, not ${batches.length}`);
    }
    this.#seed = seed;
    const results: Readonly<Record<string, TensorData>>[] = [];
    for (const [at, feeds] of batches.entries()) {
      results.push(await this.#differentiate(feeds, seed + at * SEED_STRIDE, at === 0));
      if (at > 0) this.#store.accumulate();
    }
    const loss = meanOf(results, LOSS);
    const gradientNorm = this.#store.norm() / batches.length;
    const metrics = metricsOf(results);
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
      const shrink = clip === null || gradientNorm <= clip ? 1 : clip / (gradientNorm + 1e-6);
      this.#store.update({ rate, scale: shrink / batches.length });
    }
    return { loss, gradientNorm, metrics };
  }

  async evaluate(feeds: Feeds): Promise<{ loss: number; metrics: Record<string, number> }> {
    const { graph, executable } = await this.#open(specsOf(feeds), false);
    const results = [await executable.run(this.#fed(graph, feeds, 0))];
    return { loss: meanOf(results, LOSS), metrics: metricsOf(results) };
  }

  state(): Map<string, TensorData> {
    return this.#store.state();
  }

  load(state: ReadonlyMap<string, TensorData>): void {
    this.#store.load(state);
  }

  parameters(): Map<string, TensorData> {
    return this.#store.parameters();
  }

  async diagnose(feeds: Feeds, seed = this.#seed): Promise<Diagnosis | null> {
    const { graph, watched } = watchedGraph(this.#spec(specsOf(feeds)));
    const executable = await openGraph(this.engine, graph, this.#options);
    const { [FINITE]: finite } = await executable.run(this.#fed(graph, feeds, seed));
    await executable.release();
    const first = finite!.data.findIndex((value) => Number.isNaN(value));
    return first < 0 ? null : watched[first]!;
  }

  async suspect(batches: readonly Feeds[]): Promise<string | null> {
    for (const [at, feeds] of batches.entries()) {
      const found = await this.diagnose(feeds, this.#seed + at * SEED_STRIDE);
      if (found !== null) return found.scope === "" ? null : found.scope;
    }
    return null;
  }

  async release(): Promise<void> {
    for (const compiled of this.#compiled.values()) await (await compiled).executable.release();
    this.#compiled.clear();
  }

  /** Runs a step's graph; its gradients are then in the store. */
  async #differentiate(
    feeds: Feeds,
    seed: number,
    first: boolean,
  ): Promise<Readonly<Record<string, TensorData>>> {
    const { graph, executable } = await this.#open(specsOf(feeds), true);
    const places = [...this.#store.gradients(first)].map(
      ([name, place]) => [gradientOutput(name), place] as const,
    );
    const results = await executable.run(this.#fed(graph, feeds, seed), Object.fromEntries(places));
    for (const [name, place] of places) {
      const result = results[name]!;
      if (result !== place) place.data.set(result.data);
    }
    return results;
  }

  #fed(graph: Graph, feeds: Feeds, seed: number): Record<string, TensorData> {
    const fed = randomInputs(graph, seed);
    for (const [name, tensor] of this.#store.parameters()) fed[parameterInput(name)] = tensor;
    for (const [name, tensor] of Object.entries(feeds)) fed[batchInput(name)] = tensor;
    return fed;
  }

  #open(batch: Readonly<Record<string, TensorSpec>>, training: boolean): Promise<Compiled> {
    const specs = Object.entries(batch).map(([name, { type, shape }]) => [name, type, shape] as const);
    const key = JSON.stringify([training, specs.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      compiled = this.#compile(batch, training);
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  async #compile(batch: Readonly<Record<string, TensorSpec>>, training: boolean): Promise<Compiled> {
    const graph = trainingGraph(this.#spec(batch), { training });
    const { engine, threads } = this.#options;
    return { graph, executable: await openGraph(engine, graph, { threads }) };
  }

  #spec(batch: Readonly<Record<string, TensorSpec>>): TrainingGraphSpec {
    const { parameters, loss, trainable } = this.#options;
    return { parameters, batch, loss, trainable };
  }
}

/** Between the seeds of one update's batches: the seeds of neighbouring steps stay apart. */
const SEED_STRIDE = 1_000_003;

const isList = (given: Feeds | readonly Feeds[]): given is readonly Feeds[] => Array.isArray(given);

const specsOf = (feeds: Feeds): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(feeds).map(([name, { type, shape }]) => [name, { type, shape }]));

function meanOf(results: readonly Readonly<Record<string, TensorData>>[], name: string): number {
  return results.reduce((sum, result) => sum + result[name]!.data[0]!, 0) / results.length;
}

function metricsOf(results: readonly Readonly<Record<string, TensorData>>[]): Record<string, number> {
  const prefix = metricOutput("");
  const names = Object.keys(results[0]!).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), meanOf(results, name)]));
}
