/** A network over columns while it is trained, in the worker: its graph, its batches, its evaluation. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import { openGraph } from "../../engine/graph-engine.ts";
import { gradients } from "../../graph/autodiff.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { Graph, TensorData, Value } from "../../graph/graph.ts";
import { type OptimizerSpec, openTrainingStep, type TrainingStep } from "../../graph/training-step.ts";
import { compileArchitecture, type Network } from "../../network/network.ts";
import type { NetworkInput } from "../../portable/form.ts";
import { batchPlan } from "../language/plan.ts";
import { stepwise } from "../training/batches.ts";
import type { TrainingJob } from "../training/job.ts";
import type { Evaluation, Feeds, Preparation } from "../training/training.ts";
import { gatherRows, type NetworkRows } from "./rows.ts";

/** JSON. */
export interface NetworkJobOptions {
  readonly layers: readonly Layer[];
  readonly input: NetworkInput;
  readonly outputs: number;
  readonly task: "binary" | "multiclass" | "regression";
  readonly batch: number;
  readonly optimizer: OptimizerSpec;
}

export interface NetworkJobData {
  readonly train: NetworkRows;
  readonly tune: NetworkRows | null;
}

/** What comes back beside the training. */
export interface NetworkFinished {
  /** [inputs] mean |∂output/∂input|, inputs scaled, summed over outputs. */
  readonly importance: Float64Array;
}

/** Rows by which importances are taken, at most. */
const LOOKED = 2_000;

export async function prepare(job: TrainingJob): Promise<Preparation> {
  const options = job.options as NetworkJobOptions;
  const { train, tune } = job.data as NetworkJobData;
  const network = compileArchitecture(options, options.input);
  const batch = Math.min(options.batch, train.rows);
  const step = await openTrainingStep({
    engine: job.engine,
    threads: job.threads,
    parameters: network.parameters,
    values: job.parameters,
    trainable: () => true,
    loss: (b, p, feeds, { training }) => {
      const raw = forward(b, network, p, feeds.get("features")!, options, training);
      return { loss: b.within("loss", () => b.mean(losses(b, raw, feeds, options), [0])) };
    },
    batch: {
      features: { type: "float32", shape: [batch, ...shapeOf(options.input)] },
      ...labelShapes(options, batch),
    },
    optimizer: options.optimizer,
    clip: null,
    accumulate: 1,
  });
  const plan = stepwise(batchPlan(new Array<number>(train.rows).fill(0), batch, job.plan.seed));
  return {
    trainee: step,
    batches: (at) => [feedsOf(train, plan(at).examples, options, batch)],
    units: () => batch,
    unit: "rows",
    evaluate: tune === null ? null : judgeOf(step, tune, options),
    finish: async ({ parameters }): Promise<NetworkFinished> => ({
      importance: await importanceOf(job, network, options, train, parameters),
    }),
  };
}

const shapeOf = (input: NetworkInput): number[] =>
  "features" in input ? [input.features] : [input.channels, input.height, input.width];

const labelShapes = ({ task }: NetworkJobOptions, rows: number) => ({
  target: { type: task === "multiclass" ? "int32" : "float32", shape: [rows] } as const,
  weight: { type: "float32", shape: [rows] } as const,
});

/** [rows × outputs] */
function forward(
  b: GraphBuilder,
  network: Network,
  p: ReadonlyMap<string, Value>,
  features: Value,
  { outputs }: NetworkJobOptions,
  training: boolean,
): Value {
  return b.reshape(network.forward(b, p, { features, training }), [features.shape[0]!, outputs]);
}

/** [rows] weight × log loss, or weight × squared error. */
function losses(
  b: GraphBuilder,
  raw: Value,
  feeds: ReadonlyMap<string, Value>,
  { task }: NetworkJobOptions,
): Value {
  const [target, weight] = [feeds.get("target")!, feeds.get("weight")!];
  if (task === "multiclass") return b.mul(b.crossEntropy(raw, target), weight);
  const z = b.reshape(raw, target.shape);
  if (task === "regression") return b.mul(b.square(b.sub(z, target)), weight);
  // log(1 + eᶻ) − y·z without overflow.
  const soft = b.log(b.add(b.exp(b.neg(b.abs(z))), 1));
  return b.mul(b.add(b.sub(b.maximum(z, 0), b.mul(z, target)), soft), weight);
}

/** Rows as feeds; where there are fewer than the graph's, the rest is nothing and weighs nothing. */
function feedsOf(
  data: NetworkRows,
  rows: ArrayLike<number>,
  { task, input }: NetworkJobOptions,
  size: number,
): Feeds {
  const features = new Float32Array(size * data.width);
  gatherRows(data, rows, features);
  const target = new Float32Array(size);
  const weight = new Float32Array(size);
  for (let i = 0; i < rows.length; i++) {
    target[i] = data.target[rows[i]!]!;
    weight[i] = data.weight[rows[i]!]!;
  }
  return {
    features: { type: "float32", shape: [size, ...shapeOf(input)], data: features },
    target:
      task === "multiclass"
        ? { type: "int32", shape: [size], data: Int32Array.from(target) }
        : { type: "float32", shape: [size], data: target },
    weight: { type: "float32", shape: [size], data: weight },
  };
}

/** Rows that are judged at once. */
const JUDGED = 512;

/** The mean loss of rows, each as it weighs. */
function judgeOf(
  step: TrainingStep,
  rows: NetworkRows,
  options: NetworkJobOptions,
): () => Promise<Evaluation> {
  const size = Math.min(JUDGED, rows.rows);
  const batches = partsOf(rows.rows, size).map((part) => feedsOf(rows, part, options, size));
  const weight = rows.weight.reduce((sum, one) => sum + one, 0);
  return async () => {
    let total = 0;
    for (const feeds of batches) total += (await step.evaluate(feeds)).loss * size;
    return { loss: total / weight, metrics: {} };
  };
}

function withParameters(
  network: Network,
  build: (b: GraphBuilder, p: ReadonlyMap<string, Value>) => void,
): Graph {
  const b = new GraphBuilder();
  const p = new Map(network.parameters.map(({ name, shape }) => [name, b.input(name, "float32", shape)]));
  build(b, p);
  return b.graph();
}

/** 0 … rows − 1 in parts of at most `size`. */
const partsOf = (rows: number, size: number): number[][] =>
  Array.from({ length: Math.ceil(rows / size) }, (_, part) =>
    Array.from({ length: Math.min(size, rows - part * size) }, (_, i) => part * size + i),
  );

/** How far each input moves the outputs, on average over rows spread over the training part. */
async function importanceOf(
  job: TrainingJob,
  network: Network,
  options: NetworkJobOptions,
  rows: NetworkRows,
  parameters: ReadonlyMap<string, TensorData>,
): Promise<Float64Array> {
  const looked = Math.min(LOOKED, rows.rows);
  const size = Math.min(JUDGED, looked);
  const graph = withParameters(network, (b, p) => {
    const features = b.input("features", "float32", [size, ...shapeOf(options.input)]);
    const raw = forward(b, network, p, features, options, false);
    const slopes = Array.from({ length: options.outputs }, (_, k) => {
      const [slope] = gradients(b, b.sum(b.slice(raw, 1, k, k + 1), [0, 1]), [features]);
      return b.abs(slope!);
    });
    b.output(
      "slopes",
      slopes.reduce((sum, slope) => b.add(sum, slope)),
    );
  });
  const opened = await openGraph(job.engine, graph, job);
  const importance = new Float64Array(rows.width);
  try {
    for (const part of partsOf(looked, size)) {
      const spread = part.map((i) => Math.floor((i * rows.rows) / looked));
      const { features } = feedsOf(rows, spread, options, size);
      const { slopes } = await opened.run({ ...Object.fromEntries(parameters), features: features! });
      for (let i = 0; i < part.length; i++)
        for (let j = 0; j < rows.width; j++) importance[j]! += slopes!.data[i * rows.width + j]! / looked;
    }
  } finally {
    await opened.release();
  }
  return importance;
}
