/** Gradients of what acts on each element for itself. */
import type { GraphBuilder } from "../builder.ts";
import type { Value } from "../graph.ts";
import { type GradientRule, type Node, unbroadcast } from "./rule.ts";

/** One input x, one result y. */
function unary(rule: (b: GraphBuilder, g: Value, x: Value, y: Value) => Value): GradientRule {
  return (b, { inputs, output, g }) => [() => rule(b, g, inputs[0]!, output)];
}

/** Two inputs that broadcast; each side's gradient at the result's shape. */
function binary(
  left: (b: GraphBuilder, g: Value, x: Value, y: Value, z: Value) => Value,
  right: (b: GraphBuilder, g: Value, x: Value, y: Value, z: Value) => Value,
): GradientRule {
  return (b, { inputs, output, g }) => {
    const [x, y] = inputs as [Value, Value];
    return [
      () => unbroadcast(b, left(b, g, x, y, output), x.shape),
      () => unbroadcast(b, right(b, g, x, y, output), y.shape),
    ];
  };
}

/** Of the larger of two; equal ones share. */
const chosen = (b: GraphBuilder, g: Value, wins: Value, ties: Value): Value =>
  b.where(wins, g, b.where(ties, b.mul(g, 0.5), 0));

/** Comparisons, and everything else that has no slope. */
export const flat: GradientRule = (_: GraphBuilder, { inputs }: Node) => inputs.map(() => null);

export const ELEMENTWISE: Readonly<Record<string, GradientRule>> = {
  neg: unary((b, g) => b.neg(g)),
  exp: unary((b, g, _, y) => b.mul(g, y)),
  log: unary((b, g, x) => b.div(g, x)),
  sqrt: unary((b, g, _, y) => b.div(b.mul(g, 0.5), y)),
  reciprocal: unary((b, g, _, y) => b.neg(b.mul(g, b.square(y)))),
  tanh: unary((b, g, _, y) => b.mul(g, b.sub(1, b.square(y)))),
  erf: unary((b, g, x) => b.mul(g, b.mul(b.exp(b.neg(b.square(x))), 2 / Math.sqrt(Math.PI)))),
  sigmoid: unary((b, g, _, y) => b.mul(g, b.mul(y, b.sub(1, y)))),
  relu: unary((b, g, x) => b.where(b.greater(x, 0), g, 0)),
  abs: unary((b, g, x) => b.mul(g, b.sign(x))),
  sign: flat,
  square: unary((b, g, x) => b.mul(g, b.mul(x, 2))),
  sin: unary((b, g, x) => b.mul(g, b.cos(x))),
  cos: unary((b, g, x) => b.neg(b.mul(g, b.sin(x)))),
  gelu: (b, { inputs, attributes, g }) => [() => b.op("geluGradient", [inputs[0]!, g], attributes)],

  add: binary(
    (_, g) => g,
    (_, g) => g,
  ),
  sub: binary(
    (_, g) => g,
    (b, g) => b.neg(g),
  ),
  mul: binary(
    (b, g, _, y) => b.mul(g, y),
    (b, g, x) => b.mul(g, x),
  ),
  div: binary(
    (b, g, _, y) => b.div(g, y),
    (b, g, _, y, z) => b.neg(b.div(b.mul(g, z), y)),
  ),
  pow: binary(
    (b, g, x, y) => b.mul(g, b.mul(y, b.pow(x, b.sub(y, 1)))),
    // 0 to any power does not depend on the power.
    (b, g, x, _, z) => b.mul(g, b.where(b.greater(x, 0), b.mul(z, b.log(b.maximum(x, 1e-38))), 0)),
  ),
  maximum: binary(
    (b, g, x, y) => chosen(b, g, b.greater(x, y), b.equal(x, y)),
    (b, g, x, y) => chosen(b, g, b.less(x, y), b.equal(x, y)),
  ),
  minimum: binary(
    (b, g, x, y) => chosen(b, g, b.less(x, y), b.equal(x, y)),
    (b, g, x, y) => chosen(b, g, b.greater(x, y), b.equal(x, y)),
  ),
  where: (b, { inputs, g }) => {
    const [condition, x, y] = inputs as [Value, Value, Value];
    return [
      null,
      () => unbroadcast(b, b.where(condition, g, 0), x.shape),
      () => unbroadcast(b, b.where(condition, 0, g), y.shape),
    ];
  },

  less: flat,
  greater: flat,
  equal: flat,
  and: flat,
  or: flat,
  not: flat,
  cast: flat,
};
