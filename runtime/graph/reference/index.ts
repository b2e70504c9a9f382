/** Look-ups and the loss, in float64. */
import { sizeOf } from "../graph.ts";
import { logSoftmax, softmax } from "./reduce.ts";
import { byRow, type Reference, type ReferenceRule } from "./tensor.ts";

const pick = (x: Reference, ids: Reference): Float64Array =>
  byRow(x, (row, index) => [row[ids.data[index]!]!]);

export const INDEX: Readonly<Record<string, ReferenceRule>> = {
  gather: ([table, ids], _, shape) => {
    const width = table!.data.length / table!.shape[0]!;
    const result = new Float64Array(sizeOf(shape));
    ids!.data.forEach((id, at) => {
      result.set(table!.data.subarray(id * width, (id + 1) * width), at * width);
    });
    return result;
  },
  gatherLast: ([x, ids]) => pick(x!, ids!),
  oneHot: ([ids], _, shape) => {
    const depth = shape[shape.length - 1]!;
    const result = new Float64Array(sizeOf(shape));
    ids!.data.forEach((id, at) => {
      if (id >= 0 && id < depth) result[at * depth + id] = 1;
    });
    return result;
  },
  scatterAdd: ([ids, x], _, shape) => {
    const width = sizeOf(shape) / shape[0]!;
    const result = new Float64Array(sizeOf(shape));
    ids!.data.forEach((id, at) => {
      for (let i = 0; i < width; i++) result[id * width + i]! += x!.data[at * width + i]!;
    });
    return result;
  },
  crossEntropy: ([logits, targets]) =>
    byRow(logits!, (row, index) => [-logSoftmax(row)[targets!.data[index]!]!]),
  crossEntropyGradient: ([logits, targets, g]) =>
    byRow(logits!, (row, index) =>
      softmax(row).map((value, at) => (value - Number(at === targets!.data[index])) * g!.data[index]!),
    ),
};
