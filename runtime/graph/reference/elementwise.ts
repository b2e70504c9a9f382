/** Operations on each element, in float64. */
import { sizeOf } from "../graph.ts";
import { erf } from "./special.ts";
import { broadcastIndex, eachPlace, type ReferenceRule } from "./tensor.ts";

const each =
  (f: (x: number) => number): ReferenceRule =>
  ([x]) =>
    x!.data.map(f);

const over =
  (f: (...xs: number[]) => number): ReferenceRule =>
  (inputs, _, shape) => {
    const result = new Float64Array(sizeOf(shape));
    eachPlace(shape, (place, flat) => {
      result[flat] = f(...inputs.map((input) => input.data[broadcastIndex(input.shape, place)]!));
    });
    return result;
  };

const C = Math.sqrt(2 / Math.PI);
const K = 0.044715;

const normal = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));

const gelu = (x: number): number => x * normal(x);
const geluTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(C * (x + K * x ** 3)));
const geluSlope = (x: number): number => normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
const geluTanhSlope = (x: number): number => {
  const t = Math.tanh(C * (x + K * x ** 3));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * C * (1 + 3 * K * x * x);
};

export const ELEMENTWISE: Readonly<Record<string, ReferenceRule>> = {
  neg: each((x) => -x),
  exp: each(Math.exp),
  log: each(Math.log),
  sqrt: each(Math.sqrt),
  reciprocal: each((x) => 1 / x),
  tanh: each(Math.tanh),
  erf: each(erf),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  relu: each((x) => Math.max(x, 0)),
  abs: each(Math.abs),
  sign: each(Math.sign),
  square: each((x) => x * x),
  sin: each(Math.sin),
  cos: each(Math.cos),
  gelu: (inputs, { approximate }, shape) => each(approximate === "tanh" ? geluTanh : gelu)(inputs, {}, shape),
  geluGradient: ([x, g], { approximate }) => {
    const slope = approximate === "tanh" ? geluTanhSlope : geluSlope;
    return x!.data.map((value, at) => g!.data[at]! * slope(value));
  },
  add: over((x, y) => x! + y!),
  sub: over((x, y) => x! - y!),
  mul: over((x, y) => x! * y!),
  div: over((x, y) => x! / y!),
  pow: over((x, y) => x! ** y!),
  maximum: over((x, y) => Math.max(x!, y!)),
  minimum: over((x, y) => Math.min(x!, y!)),
  less: over((x, y) => Number(x! < y!)),
  greater: over((x, y) => Number(x! > y!)),
  equal: over((x, y) => Number(x === y)),
  and: over((x, y) => Number(x !== 0 && y !== 0)),
  or: over((x, y) => Number(x !== 0 || y !== 0)),
  not: each((x) => Number(x === 0)),
  where: over((condition, x, y) => (condition !== 0 ? x! : y!)),
  cast: ([x], { type }) =>
    type === "int32"
      ? x!.data.map(Math.trunc)
      : type === "bool"
        ? x!.data.map((v) => Number(v !== 0))
        : x!.data,
};
