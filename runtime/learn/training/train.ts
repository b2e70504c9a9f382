/** The training loop: steps, evaluations, early stopping, checkpoints. It knows no model. */
import { performance } from "node:perf_hooks";
import type { TensorData } from "../../graph/graph.ts";
import { LearnFailure } from "../fit.ts";
import { mixSeed } from "../random.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { noteOf, Speed } from "./progress.ts";
import { shareAt } from "./schedule.ts";
import {
  type Feeds,
  type HistoryEntry,
  Interrupted,
  type Preparation,
  type StepOutcome,
  type Trained,
  type TrainHooks,
  type TrainingPlan,
} from "./training.ts";

/** Entries of the history that are no evaluation's, at most. */
const ENTRIES = 200;
/** Lines of the log, about. */
const LINES = 10;

/**
 * Trains. Killed at any moment and started again with the same plan, it comes to the same parameters, to the last
 * bit, as if it had never been killed.
 * @param identity what the training is: another one never goes on from its checkpoint
 * @throws LearnFailure ML5230 when the loss or the gradient is no number; Interrupted when `aborted()`
 */
export async function train(
  preparation: Preparation,
  plan: TrainingPlan,
  hooks: TrainHooks,
  identity = "",
): Promise<Trained> {
  const loop = new Loop(preparation, plan, hooks, identity);
  await loop.resume();
  return loop.run();
}

class Loop {
  readonly #made: Preparation;
  readonly #plan: TrainingPlan;
  readonly #hooks: TrainHooks;
  readonly #identity: string;
  readonly #speed = new Speed();
  readonly #history: HistoryEntry[] = [];
  /** Losses as the note's curve shows them. */
  readonly #curve: number[] = [];
  #step = 0;
  #saved = -1;
  /** The step of the last line of the log. */
  #said = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  #best: { step: number; loss: number; parameters: ReadonlyMap<string, TensorData> } | null = null;
  #worse = 0;

  constructor(made: Preparation, plan: TrainingPlan, hooks: TrainHooks, identity: string) {
    this.#made = made;
    this.#plan = plan;
    this.#hooks = hooks;
    this.#identity = identity;
  }

  /** Goes to where the checkpoint is, when there is one. */
  async resume(): Promise<void> {
    const { checkpoint } = this.#plan;
    const found = checkpoint === null ? null : readCheckpoint(checkpoint.folder, this.#identity);
    if (found === null || found.step > this.#plan.steps) return;
    await this.#made.trainee.load(found.state);
    this.#made.memory?.load(found.memory);
    this.#step = found.step;
    this.#saved = found.step;
    this.#best = found.best;
    this.#worse = found.worse;
    this.#sum = found.pending.sum;
    this.#count = found.pending.count;
    for (const entry of found.history) this.#enter(entry);
    this.#hooks.log(`goes on from step ${found.step} of ${this.#plan.steps}`);
  }

  async run(): Promise<Trained> {
    const { steps, checkpoint } = this.#plan;
    let stopped = this.#patienceLost();
    while (this.#step < steps && stopped === null) {
      if (this.#hooks.aborted()) {
        await this.#save();
        throw new Interrupted();
      }
      const outcome = await this.#next();
      stopped = (await this.#judge()) ?? this.#made.stop?.(this.#step, outcome) ?? null;
      // After the judgement, and not where it says stop: what is resumed then judges that step again.
      if (stopped === null && checkpoint !== null && this.#step % checkpoint.every === 0) await this.#save();
    }
    return this.#trained(stopped);
  }

  /** One update. */
  async #next(): Promise<StepOutcome> {
    const { steps, rate, schedule, seed } = this.#plan;
    const at = this.#step + 1;
    const began = performance.now();
    const batches = await this.#made.batches(at);
    const share = shareAt(schedule, at, steps);
    const outcome = await this.#made.trainee.step(batches, { rate: rate * share, seed: mixSeed(seed, at) });
    if (!Number.isFinite(outcome.loss) || !Number.isFinite(outcome.gradientNorm))
      throw await this.#noNumber(at, outcome, batches);
    this.#step = at;
    this.#sum += outcome.loss;
    this.#count += 1;
    this.#speed.add(this.#made.units(batches), (performance.now() - began) / 1000);
    for (const [name, value] of Object.entries(outcome.metrics))
      this.#hooks.track(`train_${name}`, value, at);
    return outcome;
  }

  /** Enters the loss where it is due, evaluates where that is due; why to stop, or null. */
  async #judge(): Promise<string | null> {
    const { steps, rate, schedule, evaluateEvery } = this.#plan;
    const at = this.#step;
    const evaluated = this.#made.evaluate !== null && (at % evaluateEvery === 0 || at === steps);
    const due = evaluated || at === steps || at % Math.ceil(steps / ENTRIES) === 0;
    if (due) {
      const loss = this.#sum / this.#count;
      this.#sum = 0;
      this.#count = 0;
      const entry = { step: at, loss, rate: rate * shareAt(schedule, at, steps) };
      this.#enter(evaluated ? { ...entry, ...(await this.#evaluate()) } : entry);
    }
    this.#hooks.progress(
      at,
      steps,
      noteOf(this.#curve, this.#lastValidation(), this.#speed.said(this.#made.unit)),
    );
    const telling = evaluated || (due && this.#made.evaluate === null);
    if (telling && (at === steps || at - this.#said >= steps / LINES)) this.#say();
    return evaluated ? this.#patienceLost() : null;
  }

  #enter(entry: HistoryEntry): void {
    this.#history.push(entry);
    this.#curve.push(entry.loss);
    const { step, loss, rate, validation, ...metrics } = entry;
    this.#hooks.track("train_loss", loss, step);
    this.#hooks.track("rate", rate, step);
    if (validation !== undefined) this.#hooks.track("validation_loss", validation, step);
    for (const [name, value] of Object.entries(metrics))
      if (value !== undefined) this.#hooks.track(`validation_${name}`, value, step);
  }

  async #evaluate(): Promise<{ validation: number }> {
    const { loss, metrics } = await this.#made.evaluate!();
    if (!Number.isFinite(loss)) throw noNumber(this.#step, "validation loss", loss, null);
    if (this.#best === null || loss < this.#best.loss) {
      this.#worse = 0;
      // Without patience the last parameters are kept: only the number is of interest.
      const keep = this.#plan.patience !== null;
      const parameters = keep ? copied(await this.#made.trainee.parameters()) : new Map();
      this.#best = { step: this.#step, loss, parameters };
    } else this.#worse += 1;
    return { validation: loss, ...metrics };
  }

  #patienceLost(): string | null {
    const { patience } = this.#plan;
    if (patience === null || this.#worse < patience || this.#best === null) return null;
    const looks = patience === 1 ? "an evaluation" : `${patience} evaluations`;
    return `${looks} without a better validation loss than ${this.#best.loss.toPrecision(5)} at step ${this.#best.step}`;
  }

  #lastValidation(): number | null {
    return this.#history.findLast(({ validation }) => validation !== undefined)?.validation ?? null;
  }

  #say(): void {
    this.#said = this.#step;
    const { steps } = this.#plan;
    const { step, loss, validation } = this.#history.at(-1)!;
    const parts = [
      `step ${step} of ${steps}: loss ${loss.toPrecision(4)}`,
      ...(validation === undefined ? [] : [`validation ${validation.toPrecision(4)}`]),
      this.#speed.said(this.#made.unit),
      this.#speed.left(steps - step),
    ];
    this.#hooks.log(parts.filter((part) => part !== "").join(", "));
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#plan;
    if (checkpoint === null || this.#saved === this.#step) return;
    writeCheckpoint(checkpoint.folder, this.#identity, {
      step: this.#step,
      state: await this.#made.trainee.state(),
      memory: this.#made.memory?.save() ?? new Map(),
      best: this.#best,
      worse: this.#worse,
      history: this.#history,
      pending: { sum: this.#sum, count: this.#count },
    });
    this.#saved = this.#step;
  }

  async #trained(stopped: string | null): Promise<Trained> {
    const best = this.#plan.patience === null ? null : this.#best;
    if (stopped !== null) this.#hooks.log(`stops after step ${this.#step}: ${stopped}`);
    return {
      parameters: best?.parameters ?? copied(await this.#made.trainee.parameters()),
      steps: this.#step,
      kept: best?.step ?? this.#step,
      loss: this.#history.at(-1)?.loss ?? this.#sum / this.#count,
      validation: best?.loss ?? this.#lastValidation(),
      history: this.#history,
      stopped,
    };
  }

  async #noNumber(at: number, outcome: StepOutcome, batches: readonly Feeds[]): Promise<LearnFailure> {
    const layer = (await this.#made.trainee.suspect?.(batches)) ?? null;
    return Number.isFinite(outcome.loss)
      ? noNumber(at, "gradient", outcome.gradientNorm, layer)
      : noNumber(at, "loss", outcome.loss, layer);
  }
}

const noNumber = (step: number, what: string, value: number, layer: string | null): LearnFailure =>
  new LearnFailure({
    code: "ML5230",
    values: {
      step: String(step),
      what,
      value: String(value),
      layer: layer === null ? "" : `, first in the layer \`${layer}\``,
    },
    pointer: "/optimizer",
  });

function copied(parameters: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  return new Map(
    [...parameters].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  ) as Map<string, TensorData>;
}
