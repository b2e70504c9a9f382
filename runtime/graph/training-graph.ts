/** The graphs of a training for batches of one shape: a step's, with gradients, and an evaluation's, without. */
import { gradients } from "./autodiff.ts";
import { GraphBuilder } from "./builder.ts";
import type { DType, Graph, Shape, Value } from "./graph.ts";
import { sizeOf } from "./graph.ts";

export interface TensorSpec {
  readonly type: DType;
  readonly shape: Shape;
}

export interface LossGraph {
  /** float32 []. */
  readonly loss: Value;
  /** float32 [] each; only for reporting. */
  readonly metrics?: Readonly<Record<string, Value>>;
}

/** Adds a model's loss on a batch to a graph. `training` is false for evaluations: no dropout then. */
export type LossBuilder = (
  b: GraphBuilder,
  parameters: ReadonlyMap<string, Value>,
  batch: ReadonlyMap<string, Value>,
  mode: { readonly training: boolean },
) => LossGraph;

/** What a graph's inputs and outputs are called: a parameter and a batch's tensor may have one name. */
export const parameterInput = (name: string): string => `parameter/${name}`;
export const batchInput = (name: string): string => `batch/${name}`;
export const gradientOutput = (name: string): string => `gradient/${name}`;
export const metricOutput = (name: string): string => `metric/${name}`;
export const LOSS = "loss";
/** One number for each operation of the watched graph, NaN where its result is not finite. */
export const FINITE = "finite";

export interface TrainingGraphSpec {
  readonly parameters: readonly { readonly name: string; readonly shape: Shape }[];
  readonly batch: Readonly<Record<string, TensorSpec>>;
  readonly loss: LossBuilder;
  readonly trainable: (name: string) => boolean;
}

/** Outputs the loss, the metrics and, in training, a gradient for each parameter that is trained. */
export function trainingGraph(spec: TrainingGraphSpec, mode: { readonly training: boolean }): Graph {
  return build(spec, mode).graph();
}

export interface WatchedGraph {
  readonly graph: Graph;
  /** What each element of the output `finite` tells of. */
  readonly watched: readonly { readonly scope: string; readonly op: string }[];
}

/** A step's graph which also tells of each result whether it is finite: x · 0 is NaN for what is not. */
export function watchedGraph(spec: TrainingGraphSpec): WatchedGraph {
  const b = build(spec, { training: true });
  const needed = b.graph().ops.filter((op) => b.value(op.output).type === "float32");
  const zero = (value: Value): Value => b.reshape(b.sum(b.mul(value, b.scalar(0))), [1]);
  const trained = spec.parameters.map(({ name }) => ({ scope: name, op: "parameter" }));
  const inputs = b
    .graph()
    .inputs.filter(({ name }) => trained.some(({ scope }) => name === parameterInput(scope)));
  b.output(
    FINITE,
    b.concat(
      [...inputs.map(({ value }) => zero(b.value(value))), ...needed.map((op) => zero(b.value(op.output)))],
      0,
    ),
  );
  return { graph: b.graph(), watched: [...trained, ...needed.map(({ scope, op }) => ({ scope, op }))] };
}

function build(spec: TrainingGraphSpec, mode: { readonly training: boolean }): GraphBuilder {
  const b = new GraphBuilder();
  const parameters = new Map(
    spec.parameters.map(({ name, shape }) => [name, b.input(parameterInput(name), "float32", shape)]),
  );
  const batch = new Map(
    Object.entries(spec.batch).map(([name, { type, shape }]) => [
      name,
      b.input(batchInput(name), type, shape),
    ]),
  );
  const { loss, metrics = {} } = spec.loss(b, parameters, batch, mode);
  if (loss.type !== "float32" || sizeOf(loss.shape) !== 1) {
    b.fail("the loss", `is ${loss.type} [${loss.shape.join(", ")}], not one float`);
  }
  const scalar = b.reshape(loss, []);
  b.output(LOSS, scalar);
  for (const [name, value] of Object.entries(metrics)) b.output(metricOutput(name), b.reshape(value, []));
  if (!mode.training) return b;
  const trained = [...parameters].filter(([name]) => spec.trainable(name));
  const slopes = gradients(
    b,
    scalar,
    trained.map(([, value]) => value),
  );
  trained.forEach(([name], at) => {
    b.output(gradientOutput(name), slopes[at]!);
  });
  return b;
}
