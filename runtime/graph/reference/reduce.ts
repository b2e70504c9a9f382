/** Reductions and normalisations, in float64. */
import { type Shape, sizeOf } from "../graph.ts";
import { list, real } from "../ops/rule.ts";
import { broadcastIndex, byRow, eachPlace, type Reference, type ReferenceRule } from "./tensor.ts";

function reduced(
  x: Reference,
  axes: readonly number[],
  start: number,
  combine: (total: number, value: number) => number,
): Float64Array {
  const shape: Shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const result = new Float64Array(sizeOf(shape)).fill(start);
  eachPlace(x.shape, (place, flat) => {
    const at = broadcastIndex(shape, place);
    result[at] = combine(result[at]!, x.data[flat]!);
  });
  return result;
}

const sum = (row: Float64Array): number => row.reduce((total, value) => total + value, 0);
const mean = (row: Float64Array): number => sum(row) / row.length;
const variance = (row: Float64Array): number => {
  const middle = mean(row);
  return mean(row.map((value) => (value - middle) ** 2));
};

export function softmax(row: Float64Array): Float64Array {
  const largest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = row.map((value) => Math.exp(value - largest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

export function logSoftmax(row: Float64Array): Float64Array {
  const largest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const logTotal = Math.log(sum(row.map((value) => Math.exp(value - largest)))) + largest;
  return row.map((value) => value - logTotal);
}

export const REDUCE: Readonly<Record<string, ReferenceRule>> = {
  sum: ([x], attributes) => reduced(x!, list(attributes, "axes"), 0, (total, value) => total + value),
  mean: ([x], attributes, shape) => {
    const count = x!.data.length / sizeOf(shape);
    return reduced(x!, list(attributes, "axes"), 0, (total, value) => total + value / count);
  },
  max: ([x], attributes) =>
    reduced(x!, list(attributes, "axes"), Number.NEGATIVE_INFINITY, (most, value) => Math.max(most, value)),
  softmax: ([x]) => byRow(x!, softmax),
  logSoftmax: ([x]) => byRow(x!, logSoftmax),
  layerNorm: ([x, gamma, beta], attributes) =>
    byRow(x!, (row) => {
      const middle = mean(row);
      const scale = 1 / Math.sqrt(variance(row) + real(attributes, "epsilon"));
      return row.map((value, at) => (value - middle) * scale * gamma!.data[at]! + (beta?.data[at] ?? 0));
    }),
  normMean: ([x]) => byRow(x!, (row) => [mean(row)]),
  normScale: ([x], attributes) =>
    byRow(x!, (row) => [1 / Math.sqrt(variance(row) + real(attributes, "epsilon"))]),
  rmsNorm: ([x, gamma], attributes) =>
    byRow(x!, (row) => {
      const squares = mean(row.map((value) => value ** 2));
      const scale = 1 / Math.sqrt(squares + real(attributes, "epsilon"));
      return row.map((value, at) => value * scale * gamma!.data[at]!);
    }),
};
