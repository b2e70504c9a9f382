/** Operations on each element, in ONNX. */

import { DATA_TYPE } from "../../engine/model-proto.ts";
import type { DType } from "../graph.ts";
import { type Emitter, ONNX_TYPE } from "./emitter.ts";
import type { OnnxRule } from "./rule.ts";

const same =
  (op: string): OnnxRule =>
  (e, { names }) =>
    e.emit(op, names);

export const ELEMENTWISE: Readonly<Record<string, OnnxRule>> = {
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
  sin: same("Sin"),
  cos: same("Cos"),
  square: (e, { names: [x] }) => e.emit("Mul", [x!, x!]),
  add: same("Add"),
  sub: same("Sub"),
  mul: same("Mul"),
  div: same("Div"),
  pow: same("Pow"),
  maximum: same("Max"),
  minimum: same("Min"),
  less: same("Less"),
  greater: same("Greater"),
  equal: same("Equal"),
  and: same("And"),
  or: same("Or"),
  not: same("Not"),
  where: same("Where"),
  cast: (e, { names, attributes }) =>
    e.emit("Cast", names, {
      attributes: { to: DATA_TYPE[ONNX_TYPE[attributes["type"] as DType]] },
    }),
  gelu: (e, { names, attributes }) =>
    e.emit("Gelu", names, { attributes: { approximate: String(attributes["approximate"]) } }),
  geluGradient: (e, { names: [x, g], attributes }) =>
    e.emit("Mul", [g!, attributes["approximate"] === "tanh" ? tanhSlope(e, x!) : slope(e, x!)]),
};

/** Φ(x) + x φ(x) */
function slope(e: Emitter, x: string): string {
  const half = e.emit("Mul", [x, e.float(Math.SQRT1_2)]);
  const cumulative = e.emit("Add", [e.emit("Erf", [half]), e.float(1)]);
  const density = e.emit("Exp", [e.emit("Neg", [e.emit("Mul", [half, half])])]);
  const moved = e.emit("Mul", [e.emit("Mul", [x, density]), e.float(Math.sqrt(2 / Math.PI))]);
  return e.emit("Mul", [e.emit("Add", [cumulative, moved]), e.float(0.5)]);
}

/**
 * gelu(x) = x s with s = σ(2u), u = c (x + k x³), as ½ (1 + tanh u) = σ(2u). So its slope is
 * s + x s (1 − s) 2u′ = s (1 + (x − gelu(x)) 2u′), with 2u′ = 2c + 6ck x². The forward pass has gelu(x) already.
 */
function tanhSlope(e: Emitter, x: string): string {
  const c = Math.sqrt(2 / Math.PI);
  const k = 0.044715;
  const square = e.emit("Mul", [x, x]);
  const inner = e.emit("Add", [e.emit("Mul", [square, e.float(2 * c * k)]), e.float(2 * c)]);
  const s = e.emit("Sigmoid", [e.emit("Mul", [x, inner])]);
  const steep = e.emit("Add", [e.emit("Mul", [square, e.float(6 * c * k)]), e.float(2 * c)]);
  const rest = e.emit("Sub", [x, e.emit("Gelu", [x], { attributes: { approximate: "tanh" } })]);
  const moved = e.emit("Add", [e.emit("Mul", [rest, steep]), e.float(1)]);
  return e.emit("Mul", [s, moved]);
}
