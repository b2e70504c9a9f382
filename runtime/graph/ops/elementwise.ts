/** Operations on each element for itself; two or more inputs broadcast as numpy's do. */
import type { DType } from "../graph.ts";
import {
  broadcastAll,
  Mismatch,
  type ShapeRule,
  sameShape,
  shapeText,
  type TensorType,
  typed,
  typeText,
} from "./rule.ts";

const NUMBERS: readonly DType[] = ["float32", "int32"];

/** One float in, one out. */
const unary: ShapeRule = (inputs) => typed(inputs, 0, "float32");

function sameTypes(inputs: readonly TensorType[], types: readonly DType[]): DType {
  const { type } = typed(inputs, 0, ...types);
  if (inputs.some((input) => input.type !== type)) {
    throw new Mismatch(`takes inputs of one type, not ${inputs.map(typeText).join(" and ")}`);
  }
  return type;
}

const arithmetic: ShapeRule = (inputs) => ({ type: sameTypes(inputs, NUMBERS), shape: broadcastAll(inputs) });

const floats: ShapeRule = (inputs) => ({ type: sameTypes(inputs, ["float32"]), shape: broadcastAll(inputs) });

const comparison: ShapeRule = (inputs) => {
  sameTypes(inputs, NUMBERS);
  return { type: "bool", shape: broadcastAll(inputs) };
};

const logic: ShapeRule = (inputs) => ({ type: sameTypes(inputs, ["bool"]), shape: broadcastAll(inputs) });

export const UNARY = [
  "neg",
  "exp",
  "log",
  "sqrt",
  "reciprocal",
  "tanh",
  "erf",
  "sigmoid",
  "relu",
  "abs",
  "sign",
  "square",
  "sin",
  "cos",
] as const;

export type UnaryName = (typeof UNARY)[number];

export const ELEMENTWISE: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(UNARY.map((name) => [name, unary])),
  add: arithmetic,
  sub: arithmetic,
  mul: arithmetic,
  div: floats,
  maximum: arithmetic,
  minimum: arithmetic,
  /** The base must be positive where the exponent is no whole number, as in C. */
  pow: floats,
  less: comparison,
  greater: comparison,
  equal: comparison,
  and: logic,
  or: logic,
  not: (inputs) => typed(inputs, 0, "bool"),
  where: (inputs) => {
    typed(inputs, 0, "bool");
    const type = sameTypes(inputs.slice(1), NUMBERS);
    return { type, shape: broadcastAll(inputs) };
  },
  cast: (inputs, attributes) => {
    const input = typed(inputs, 0, "float32", "int32", "bool");
    const { type } = attributes;
    if (type !== "float32" && type !== "int32" && type !== "bool") throw new Mismatch("needs a type");
    return { type, shape: input.shape };
  },
  gelu: (inputs, attributes) => {
    const { approximate } = attributes;
    if (approximate !== "none" && approximate !== "tanh") throw new Mismatch('approximates "none" or "tanh"');
    return typed(inputs, 0, "float32");
  },
  /** (x, g) → g · gelu'(x) */
  geluGradient: (inputs) => {
    const x = typed(inputs, 0, "float32");
    const g = typed(inputs, 1, "float32");
    if (!sameShape(x.shape, g.shape)) {
      throw new Mismatch(`takes two of one shape, not ${shapeText(x.shape)} and ${shapeText(g.shape)}`);
    }
    return x;
  },
};
