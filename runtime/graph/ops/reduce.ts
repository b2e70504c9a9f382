/** Reductions over axes, and what normalises the last axis. */
import {
  axisOf,
  flag,
  list,
  Mismatch,
  real,
  type ShapeRule,
  sameShape,
  shapeText,
  type TensorType,
  typed,
} from "./rule.ts";

const reduction: ShapeRule = (inputs, attributes) => {
  const input = typed(inputs, 0, "float32");
  const axes = list(attributes, "axes").map((axis) => axisOf(axis, input.shape.length));
  const reduced = new Set(axes);
  if (reduced.size !== axes.length) throw new Mismatch(`names an axis twice: ${shapeText(axes)}`);
  const keep = flag(attributes, "keep");
  const shape = input.shape.flatMap((size, axis) => (reduced.has(axis) ? (keep ? [1] : []) : [size]));
  return { type: "float32", shape };
};

const overLast: ShapeRule = (inputs) => {
  const input = typed(inputs, 0, "float32");
  if (input.shape.length === 0) throw new Mismatch("needs an axis, not a scalar");
  return input;
};

/** `x` [..., W] and vectors [W] after it. */
function normalised(inputs: readonly TensorType[]): TensorType {
  const x = typed(inputs, 0, "float32");
  const width = x.shape.at(-1);
  if (width === undefined) throw new Mismatch("needs an axis, not a scalar");
  for (const vector of inputs.slice(1)) {
    if (vector.type !== "float32" || !sameShape(vector.shape, [width])) {
      throw new Mismatch(`scales the ${width} of ${shapeText(x.shape)}, not ${shapeText(vector.shape)}`);
    }
  }
  return x;
}

const perRow: ShapeRule = (inputs) => {
  const x = typed(inputs, 0, "float32");
  if (x.shape.length === 0) throw new Mismatch("needs an axis, not a scalar");
  return { type: "float32", shape: [...x.shape.slice(0, -1), 1] };
};

const scaled = (rule: ShapeRule): ShapeRule => {
  return (inputs, attributes) => {
    if (!(real(attributes, "epsilon") >= 0)) throw new Mismatch("needs an epsilon of 0 or more");
    return rule(inputs, attributes);
  };
};

export const REDUCE: Readonly<Record<string, ShapeRule>> = {
  sum: reduction,
  mean: reduction,
  max: reduction,
  softmax: overLast,
  logSoftmax: overLast,
  /** (x [..., W], gamma [W], beta [W]?) → [..., W] (Ba, Kiros and Hinton 2016). */
  layerNorm: scaled(normalised),
  /** Mean of the last axis, kept: [..., 1]. Its own operation so that engines may share it with `layerNorm`. */
  normMean: perRow,
  /** 1 / √(variance + epsilon) of the last axis, kept: [..., 1]. */
  normScale: scaled(perRow),
  /** (x [..., W], gamma [W]) → x / √(mean of squares + epsilon) · gamma (Zhang and Sennrich 2019). */
  rmsNorm: scaled(normalised),
};
