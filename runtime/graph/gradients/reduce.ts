/** Gradients of reductions and normalisations. */
import type { GraphBuilder } from "../builder.ts";
import type { Value } from "../graph.ts";
import { list, real } from "../ops/rule.ts";
import { type GradientRule, type Node, unbroadcast } from "./rule.ts";

/** A reduction's result, or its gradient, with the reduced axes kept as 1. */
function kept(b: GraphBuilder, { inputs, attributes }: Node, reduced: Value): Value {
  const axes = new Set(list(attributes, "axes"));
  return b.reshape(
    reduced,
    inputs[0]!.shape.map((size, axis) => (axes.has(axis) ? 1 : size)),
  );
}

const last = (x: Value): number => x.shape.length - 1;

/** The part of a normalisation's gradient that both kinds share: h · scale, less what moving x would scale away. */
function projected(b: GraphBuilder, h: Value, n: Value, scale: Value): Value {
  return b.mul(b.sub(h, b.mul(n, b.mean(b.mul(h, n), [last(n)], true))), scale);
}

export const REDUCE: Readonly<Record<string, GradientRule>> = {
  sum: (b, node) => [() => b.broadcastTo(kept(b, node, node.g), node.inputs[0]!.shape)],
  mean: (b, node) => {
    const [x] = node.inputs as [Value];
    const count = list(node.attributes, "axes").reduce((product, axis) => product * x.shape[axis]!, 1);
    return [() => b.broadcastTo(b.mul(kept(b, node, node.g), 1 / count), x.shape)];
  },
  /** Equal largest elements share. */
  max: (b, node) => {
    const [x] = node.inputs as [Value];
    return [
      () => {
        const largest = b.cast(b.equal(x, kept(b, node, node.output)), "float32");
        const count = b.sum(largest, list(node.attributes, "axes"), true);
        return b.mul(largest, b.div(kept(b, node, node.g), count));
      },
    ];
  },
  softmax: (b, { output: y, g }) => [() => b.mul(y, b.sub(g, b.sum(b.mul(g, y), [last(y)], true)))],
  logSoftmax: (b, { output: y, g }) => [() => b.sub(g, b.mul(b.exp(y), b.sum(g, [last(y)], true)))],
  layerNorm: (b, { inputs, attributes, g }) => {
    const [x, gamma] = inputs as [Value, Value];
    const scale = b.op("normScale", [x], { epsilon: real(attributes, "epsilon") });
    const n = (): Value => b.mul(b.sub(x, b.op("normMean", [x])), scale);
    return [
      () => {
        const h = b.mul(g, gamma);
        return projected(b, b.sub(h, b.mean(h, [last(x)], true)), n(), scale);
      },
      () => unbroadcast(b, b.mul(g, n()), gamma.shape),
      () => unbroadcast(b, g, gamma.shape),
    ];
  },
  normMean: (b, { inputs, g }) => {
    const [x] = inputs as [Value];
    return [() => b.broadcastTo(b.mul(g, 1 / x.shape[last(x)]!), x.shape)];
  },
  normScale: (b, { inputs, output: scale, g }) => {
    const [x] = inputs as [Value];
    return [
      () => {
        const slope = b.mul(b.mul(g, -1 / x.shape[last(x)]!), b.mul(scale, b.square(scale)));
        return b.mul(slope, b.sub(x, b.op("normMean", [x])));
      },
    ];
  },
  rmsNorm: (b, { inputs, attributes, g }) => {
    const [x, gamma] = inputs as [Value, Value];
    const epsilon = real(attributes, "epsilon");
    const scale = b.reciprocal(b.sqrt(b.add(b.mean(b.square(x), [last(x)], true), epsilon)));
    const n = b.mul(x, scale);
    return [() => projected(b, b.mul(g, gamma), n, scale), () => unbroadcast(b, b.mul(g, n), gamma.shape)];
  },
};
