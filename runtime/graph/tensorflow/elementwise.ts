/** Operations on each element, in TensorFlow. */
import type { DType } from "../graph.ts";
import type { Handle, TensorflowOps } from "./binding.ts";
import type { TensorflowRule } from "./rule.ts";

/** The operation of this name, of the first input's type. */
const same =
  (op: string): TensorflowRule =>
  (t, { handles, inputs }) =>
    t.run(op, handles, { T: { type: inputs[0]!.type } });

const logical =
  (op: string): TensorflowRule =>
  (t, { handles }) =>
    t.run(op, handles);

const C = Math.sqrt(2 / Math.PI);
const K = 0.044715;

/** tanh(c (x + k x³)) */
function bend(t: TensorflowOps, x: Handle): Handle {
  const cubic = t.float("AddV2", t.float("Mul", t.float("Square", x), t.scalar(C * K)), t.scalar(C));
  return t.float("Tanh", t.float("Mul", x, cubic));
}

/** Twice the share of a normal distribution below x. */
const twiceBelow = (t: TensorflowOps, x: Handle): Handle =>
  t.float("AddV2", t.float("Erf", t.float("Mul", x, t.scalar(Math.SQRT1_2))), t.scalar(1));

export const ELEMENTWISE: Readonly<Record<string, TensorflowRule>> = {
  neg: same("Neg"),
  exp: same("Exp"),
  log: same("Log"),
  sqrt: same("Sqrt"),
  reciprocal: same("Reciprocal"),
  tanh: same("Tanh"),
  erf: same("Erf"),
  sigmoid: same("Sigmoid"),
  relu: same("Relu"),
  abs: same("Abs"),
  sign: same("Sign"),
  square: same("Square"),
  sin: same("Sin"),
  cos: same("Cos"),
  add: same("AddV2"),
  sub: same("Sub"),
  mul: same("Mul"),
  div: same("RealDiv"),
  pow: same("Pow"),
  maximum: same("Maximum"),
  minimum: same("Minimum"),
  less: same("Less"),
  greater: same("Greater"),
  equal: (t, { handles, inputs }) =>
    t.run("Equal", handles, { T: { type: inputs[0]!.type }, incompatible_shape_error: true }),
  and: logical("LogicalAnd"),
  or: logical("LogicalOr"),
  not: logical("LogicalNot"),
  where: (t, { handles, output }) => t.run("SelectV2", handles, { T: { type: output.type } }),
  cast: (t, { handles, inputs, attributes }) =>
    t.run("Cast", handles, {
      SrcT: { type: inputs[0]!.type },
      DstT: { type: attributes["type"] as DType },
      Truncate: false,
    }),
  gelu: (t, { handles: [x], attributes }) => {
    const twice =
      attributes["approximate"] === "tanh" ? t.float("AddV2", bend(t, x!), t.scalar(1)) : twiceBelow(t, x!);
    return t.float("Mul", t.float("Mul", x!, twice), t.scalar(0.5));
  },
  geluGradient: (t, { handles: [x, g], attributes }) => {
    const square = t.float("Square", x!);
    let twice: Handle;
    let moved: Handle;
    if (attributes["approximate"] === "tanh") {
      const bent = bend(t, x!);
      const steep = t.float("AddV2", t.float("Mul", square, t.scalar(3 * C * K)), t.scalar(C));
      twice = t.float("AddV2", bent, t.scalar(1));
      moved = t.float("Mul", steep, t.float("Sub", t.scalar(1), t.float("Square", bent)));
    } else {
      twice = twiceBelow(t, x!);
      moved = t.float("Mul", t.float("Exp", t.float("Mul", square, t.scalar(-0.5))), t.scalar(C));
    }
    const slope = t.float("AddV2", twice, t.float("Mul", x!, moved));
    return t.float("Mul", g!, t.float("Mul", slope, t.scalar(0.5)));
  },
};
