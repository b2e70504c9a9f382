/**
 * A network in double. Convolutions and pools gather their windows first: ONNX Runtime has neither of doubles, and a
 * matrix product is the same in every runtime up to the order of its sums.
 */
import type { NetworkLearner } from "../form.ts";
import { ERFC_SERIES } from "../network/erf.ts";
import { type Activation, type Matrix, type Stage, stagesOf } from "../network/stages.ts";
import type { GraphBuilder } from "./builder.ts";

/**
 * Adds the network.
 * @param features [rows × columns] double
 * @returns raw outputs [rows × outputs]; NaN where a number is missing
 */
export function addNetwork(graph: GraphBuilder, learner: NetworkLearner, features: string): string {
  const { order, offset, factor, outOffset, outFactor } = learner;
  const inOrder = order.every((column, j) => column === j);
  const x = inOrder ? features : gathered(graph, features, order);
  const z = graph.add("Div", [graph.add("Sub", [x, row(graph, offset)]), row(graph, factor)]);
  const writer = new StageWriter(graph);
  const y = writer.sequence(z, stagesOf(learner).stages);
  const raw = graph.add("Add", [graph.add("Mul", [y, row(graph, outFactor)]), row(graph, outOffset)]);
  // Said outright, for a maximum may forget a NaN.
  const total = graph.add("ReduceSum", [z, graph.integers([1])], { keepdims: { int: 1 } });
  return graph.add("Where", [graph.add("IsNaN", [total]), graph.number(Number.NaN), raw]);
}

const row = (graph: GraphBuilder, values: Float64Array): string =>
  graph.constant({ type: "double", dims: [values.length], values });

/** Columns of [rows × n], in this order. */
const gathered = (graph: GraphBuilder, x: string, columns: Int32Array): string =>
  graph.add(
    "Gather",
    [
      x,
      graph.constant({ type: "int64", dims: [columns.length], values: BigInt64Array.from(columns, BigInt) }),
    ],
    { axis: { int: 1 } },
  );

/** Writes stages; whatever the shape, a row's numbers lie side by side. */
class StageWriter {
  readonly #graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  sequence(x: string, stages: readonly Stage[]): string {
    return stages.reduce((value, stage) => this.#stage(value, stage), x);
  }

  #stage(x: string, stage: Stage): string {
    const graph = this.#graph;
    switch (stage.is) {
      case "dense":
        return this.#dense(x, stage.matrix);
      case "gated": {
        const opened = this.#activation(
          this.#dense(x, stage.gate),
          stage.activation,
          stage.gate.to,
          stage.gate.to,
        );
        return this.#dense(graph.add("Mul", [opened, this.#dense(x, stage.up)]), stage.down);
      }
      case "activation":
        return this.#activation(x, stage.name, stage.size, stage.axis);
      case "norm":
        return this.#norm(x, stage);
      case "residual":
        return graph.add("Add", [x, this.sequence(x, stage.stages)]);
      case "conv2d":
        return this.#convolution(x, stage);
      case "pool":
        return this.#pool(x, stage);
      case "scale":
        return graph.add("Mul", [x, graph.number(stage.by)]);
    }
  }

  #dense(x: string, { from, to, weight, bias }: Matrix): string {
    const graph = this.#graph;
    const product = graph.add("MatMul", [
      x,
      graph.constant({ type: "double", dims: [from, to], values: weight }),
    ]);
    return bias === null ? product : graph.add("Add", [product, row(graph, bias)]);
  }

  #reshape(x: string, ...dims: number[]): string {
    return this.#graph.add("Reshape", [x, this.#graph.integers(dims)]);
  }

  #reduce(op: "ReduceMax" | "ReduceMean", x: string, axis: number, keep: boolean): string {
    return this.#graph.add(op, [x, this.#graph.integers([axis])], { keepdims: { int: keep ? 1 : 0 } });
  }

  /** patches · weights, each window of every channel a row of the product. */
  #convolution(
    x: string,
    { from, filters, windows, weight, bias }: Extract<Stage, { is: "conv2d" }>,
  ): string {
    const graph = this.#graph;
    const { places, seen } = windows;
    const plane = from.height * from.width;
    const window = seen.length / places;
    const depth = from.channels * window;
    const zero = from.channels * plane;
    const columns = new Int32Array(places * depth);
    for (let place = 0; place < places; place++) {
      for (let i = 0; i < depth; i++) {
        const index = seen[place * window + (i % window)]!;
        columns[place * depth + i] = index < 0 ? zero : Math.floor(i / window) * plane + index;
      }
    }
    const padded = columns.includes(zero)
      ? graph.add("Pad", [x, graph.integers([0, 0, 0, 1]), graph.number(0)])
      : x;
    const patches = this.#reshape(gathered(graph, padded, columns), -1, depth);
    const transposed = new Float64Array(weight.length);
    for (let filter = 0; filter < filters; filter++)
      for (let i = 0; i < depth; i++) transposed[i * filters + filter] = weight[filter * depth + i]!;
    const made = this.#dense(patches, { from: depth, to: filters, weight: transposed, bias });
    const apart = this.#reshape(made, -1, places, filters);
    const channels = graph.add("Transpose", [apart], { perm: { ints: [0, 2, 1] } });
    return this.#reshape(channels, -1, filters * places);
  }

  #pool(x: string, { by, channels, plane, windows }: Extract<Stage, { is: "pool" }>): string {
    const { places, seen } = windows;
    const columns = new Int32Array(channels * seen.length);
    for (let channel = 0; channel < channels; channel++)
      for (let i = 0; i < seen.length; i++) columns[channel * seen.length + i] = channel * plane + seen[i]!;
    const apart = this.#reshape(
      gathered(this.#graph, x, columns),
      -1,
      channels * places,
      seen.length / places,
    );
    return this.#reduce(by === "max" ? "ReduceMax" : "ReduceMean", apart, 2, false);
  }

  #norm(x: string, { centred, gain, bias, epsilon }: Extract<Stage, { is: "norm" }>): string {
    const graph = this.#graph;
    const moved = centred ? graph.add("Sub", [x, this.#reduce("ReduceMean", x, 1, true)]) : x;
    const variance = this.#reduce("ReduceMean", graph.add("Mul", [moved, moved]), 1, true);
    const deviation = graph.add("Sqrt", [graph.add("Add", [variance, graph.number(epsilon)])]);
    const scaled = graph.add("Mul", [graph.add("Div", [moved, deviation]), row(graph, gain)]);
    return bias === null ? scaled : graph.add("Add", [scaled, row(graph, bias)]);
  }

  #activation(x: string, name: Activation, size: number, axis: number): string {
    const graph = this.#graph;
    switch (name) {
      case "none":
        return x;
      case "relu":
        return graph.add("Where", [graph.add("Less", [x, graph.number(0)]), graph.number(0), x]);
      case "tanh":
        return graph.add("Tanh", [x]);
      case "sigmoid":
        return graph.add("Sigmoid", [x]);
      case "silu": {
        // Written so: ONNX Runtime makes x · Sigmoid(x) one operation that it does not have in double.
        const power = graph.add("Exp", [graph.add("Neg", [x])]);
        return graph.add("Div", [x, graph.add("Add", [graph.number(1), power])]);
      }
      case "softmax":
        return this.#reshape(
          graph.add("Softmax", [this.#reshape(x, -1, axis)], { axis: { int: 1 } }),
          -1,
          size,
        );
      case "gelu":
        return this.#half(x, this.#erf(graph.add("Mul", [x, graph.number(Math.SQRT1_2)])));
      case "gelu_tanh": {
        const cube = graph.add("Mul", [graph.add("Mul", [x, x]), x]);
        const sum = graph.add("Add", [x, graph.add("Mul", [cube, graph.number(0.044715)])]);
        return this.#half(
          x,
          graph.add("Tanh", [graph.add("Mul", [sum, graph.number(Math.sqrt(2 / Math.PI))])]),
        );
      }
    }
  }

  /** x / 2 · (1 + y) */
  #half(x: string, y: string): string {
    const graph = this.#graph;
    const half = graph.add("Mul", [x, graph.number(0.5)]);
    return graph.add("Mul", [half, graph.add("Add", [y, graph.number(1)])]);
  }

  /** As `erf` of `network/erf.ts`, step by step. */
  #erf(x: string): string {
    const graph = this.#graph;
    const number = (value: number): string => graph.number(value);
    const z = graph.add("Abs", [x]);
    const t = graph.add("Div", [number(2), graph.add("Add", [number(2), z])]);
    const twice = graph.add("Sub", [graph.add("Mul", [number(4), t]), number(2)]);
    let [d, before] = [number(0), number(0)];
    for (let j = ERFC_SERIES.length - 1; j > 0; j--) {
      const step = graph.add("Sub", [graph.add("Mul", [twice, d]), before]);
      before = d;
      d = graph.add("Add", [step, number(ERFC_SERIES[j]!)]);
    }
    const series = graph.add("Add", [number(ERFC_SERIES[0]!), graph.add("Mul", [twice, d])]);
    const power = graph.add("Sub", [
      graph.add("Sub", [graph.add("Mul", [number(0.5), series]), graph.add("Mul", [z, z])]),
      before,
    ]);
    const complement = graph.add("Mul", [t, graph.add("Exp", [power])]);
    return graph.add("Where", [
      graph.add("Less", [x, number(0)]),
      graph.add("Sub", [complement, number(1)]),
      graph.add("Sub", [number(1), complement]),
    ]);
  }
}
