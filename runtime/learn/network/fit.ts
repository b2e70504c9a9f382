/** Networks over columns: what the model step asks of a learner. */
import { sizeOf, type TensorData } from "../../graph/graph.ts";
import { initialise } from "../../network/network.ts";
import type { NetworkLearner } from "../../portable/form.ts";
import { columnCount } from "../columns.ts";
import { classWeightsOf, type Fitted, normalised, type TuneSet } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { designOf } from "../linear/design.ts";
import { mixSeed } from "../random.ts";
import type { TrainingJob, TrainingResult } from "../training/job.ts";
import { lossPlot } from "../training/loss-plot.ts";
import { optimizerOf, scheduleOf } from "../training/optimizer.ts";
import { runTraining } from "../training/run-training.ts";
import { designNetwork, type NetworkDesign, type NetworkOptions } from "./layers.ts";
import type { NetworkFinished, NetworkJobData, NetworkJobOptions } from "./recipe.ts";
import { networkRows, type Scale, scaleOf } from "./rows.ts";

/** Checkpoints of a whole training. */
const CHECKPOINTS = 10;
/** Streams of the seed that are no step's. */
const STREAM = { parameters: -1, batches: -2 } as const;

/**
 * A multilayer perceptron, or the layers of an architecture, fitted by gradient steps in a worker thread. Columns are
 * scaled to mean 0 and deviation 1, an image's pixels together; a regression's target too, which the outputs undo.
 * One thread computes whatever `hooks.threads` says: networks of columns are small, and their bytes are then those of
 * any machine with the same engine.
 * @throws LearnFailure ML5001 (a missing number), ML5230 (no number any more), ML5231 and ML5232 (layers that do not fit)
 */
export async function fitNetwork(
  frame: Frame,
  target: Target,
  options: NetworkOptions,
  hooks: LearnHooks,
  tune: TuneSet | null,
): Promise<Fitted<NetworkLearner>> {
  const outputs = target.task === "multiclass" ? target.classes.length : 1;
  const designed = designNetwork(frame, options, outputs, hooks.layers, hooks.columns);
  const { network, layers, input, order } = designed;
  // Refuses missing numbers; the scaled copies are not needed.
  const scale = scaleOf(designOf(frame, true), input);
  const targetScale = targetScaleOf(target);
  const rowsOf = (set: TuneSet) => {
    const weights = classWeightsOf(target, options.class_weights);
    return networkRows(designOf(set.frame, false), scale, order, set.target, weights, targetScale);
  };
  const data: NetworkJobData = {
    train: rowsOf({ frame, target }),
    tune: tune === null ? null : rowsOf(tune),
  };
  const jobOptions: NetworkJobOptions = {
    layers,
    input,
    outputs,
    task: target.task,
    batch: options.batch,
    optimizer: optimizerOf(options.optimizer).spec,
  };
  const parameters = initialise(network, mixSeed(hooks.seed, STREAM.parameters));
  const result = await runTraining(
    {
      recipe: "network",
      options: jobOptions,
      parameters,
      data,
      plan: planOf(frame.rows, options, hooks),
      engine: options.engine,
      threads: 1,
    },
    hooks,
    [data.train, data.tune].flatMap((rows) =>
      rows === null || rows.dense === null ? [] : [rows.dense.buffer],
    ),
  );
  const learner = learnerOf(designed, outputs, target, result.parameters, scale, targetScale);
  return { learner, report: reportOf(learner, result, frame) };
}

function planOf(rows: number, options: NetworkOptions, hooks: LearnHooks): TrainingJob["plan"] {
  const { epochs, batch, optimizer, schedule, patience } = options;
  const steps = Math.ceil((epochs * rows) / Math.min(batch, rows));
  const epoch = Math.ceil(rows / Math.min(batch, rows));
  return {
    steps,
    rate: optimizerOf(optimizer).rate,
    schedule: scheduleOf(schedule),
    seed: mixSeed(hooks.seed, STREAM.batches),
    evaluateEvery: epoch,
    patience,
    checkpoint:
      hooks.resume === null ? null : { folder: hooks.resume, every: epoch * Math.ceil(epochs / CHECKPOINTS) },
  };
}

function targetScaleOf({ task, values }: Target): { offset: number; factor: number } {
  if (task !== "regression" || values.length === 0) return { offset: 0, factor: 1 };
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / values.length);
  return { offset: mean, factor: deviation > 0 ? deviation : 1 };
}

function learnerOf(
  { layers, input, network, order }: NetworkDesign,
  outputs: number,
  { task }: Target,
  parameters: ReadonlyMap<string, TensorData>,
  scale: Scale,
  targetScale: { readonly offset: number; readonly factor: number },
): NetworkLearner {
  const shapes = network.parameters.map(({ name, shape }) => ({ name, shape: [...shape] }));
  const all = new Float32Array(shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let at = 0;
  for (const { name, shape } of shapes) {
    all.set(parameters.get(name)!.data, at);
    at += sizeOf(shape);
  }
  return {
    is: "network",
    outputs,
    link: task === "regression" ? "identity" : task === "binary" ? "logistic" : "softmax",
    input,
    layers,
    shapes,
    parameters: all,
    order,
    offset: Float64Array.from(order, (column) => scale.offset[column]!),
    factor: Float64Array.from(order, (column) => scale.factor[column]!),
    outOffset: new Float64Array(outputs).fill(targetScale.offset),
    outFactor: new Float64Array(outputs).fill(targetScale.factor),
  };
}

function reportOf(learner: NetworkLearner, result: TrainingResult, frame: Frame): Fitted["report"] {
  const finished = result.finished as NetworkFinished;
  const importance = new Float64Array(columnCount(frame));
  learner.order.forEach((column, j) => {
    importance[column] = finished.importance[j]!;
  });
  const unit = learner.link === "identity" ? "squared error, in deviations" : "nats";
  return {
    rounds: null,
    iterations: null,
    importance: normalised(importance),
    warnings: [],
    facts: {
      parameters: learner.parameters.length,
      steps: result.steps,
      loss: result.loss,
      ...(result.validation === null ? {} : { validation_loss: result.validation }),
    },
    files: {
      "history.json": `${JSON.stringify(result.history)}\n`,
      "plots/loss.svg": lossPlot(result.history, unit),
    },
  };
}
