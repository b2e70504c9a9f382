/** Gradients of reductions and normalisations. */
import type { GraphBuilder } from "../builder.ts";
import { sizeOf, type Value } from "../graph.ts";
import { flag, list, real } from "../ops/rule.ts";
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

/**
 * Σ g · y of each row of a softmax y. Where y goes into a product z = y v alone, as in attention, g is ∂z vᵀ and the
 * sum equals Σ ∂z · z, over rows that are mostly shorter (Dao et al. 2022, appendix B.4).
 */
function along(b: GraphBuilder, { output: y, g, reader, gradientOf }: Node): Value {
  const plain =
    reader?.op === "matmul" && reader.inputs[0] === y.id && !flag(reader.attributes, "transposeA");
  const product = plain ? b.value(reader.output) : null;
  const slope = product === null ? null : gradientOf(product.id);
  const shorter = product !== null && product.shape[last(product)]! < y.shape[last(y)]!;
  if (product === null || slope === null || !shorter || product.shape.length !== y.shape.length) {
    return b.sum(b.mul(g, y), [last(y)], true);
  }
  return b.sum(b.mul(slope, product), [last(product)], true);
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
  softmax: (b, node) => [() => b.mul(node.output, b.sub(node.g, along(b, node)))],
  logSoftmax: (b, { output: y, g }) => [() => b.sub(g, b.mul(b.exp(y), b.sum(g, [last(y)], true)))],
  // As PyTorch has it: sums of g · x and of g tell how much of h must go, without the normalised x in between.
  layerNorm: (b, { inputs, attributes, g }) => {
    const [x, gamma] = inputs as [Value, Value];
    const width = x.shape[last(x)]!;
    const rows = sizeOf(x.shape) / width;
    const scale = b.op("normScale", [x], { epsilon: real(attributes, "epsilon") });
    const mean = b.op("normMean", [x]);
    const product = (): Value => b.mul(g, x);
    const flat = (value: Value): Value => b.reshape(value, [rows, width]);
    const perRow = (value: Value): Value => b.reshape(value, scale.shape);
    const column = b.reshape(gamma, [width, 1]);
    const line = (value: Value): Value => b.reshape(value, [1, rows]);
    return [
      () => {
        const ofProduct = perRow(b.matmul(flat(product()), column));
        const ofSlope = perRow(b.matmul(flat(g), column));
        const cube = b.mul(b.square(scale), b.mul(scale, 1 / width));
        const byX = b.mul(b.sub(b.mul(ofSlope, mean), ofProduct), cube);
        const rest = b.sub(b.mul(b.neg(byX), mean), b.mul(ofSlope, b.mul(scale, 1 / width)));
        return b.add(b.mul(b.mul(g, gamma), scale), b.add(b.mul(x, byX), rest));
      },
      () => {
        const ofProduct = b.matmul(line(scale), flat(product()));
        const ofSlope = b.matmul(line(b.mul(scale, mean)), flat(g));
        return b.reshape(b.sub(ofProduct, ofSlope), gamma.shape);
      },
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
