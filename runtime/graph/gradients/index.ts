/** Gradients of look-ups and of the loss. */
import { sizeOf, type Value } from "../graph.ts";
import type { GradientRule } from "./rule.ts";

/** Up to this many rows, a product with one-hot rows is quicker than adding row by row (measured). */
const SMALL_TABLE = 128;

export const INDEX: Readonly<Record<string, GradientRule>> = {
  gather: (b, { inputs, g }) => {
    const [table, ids] = inputs as [Value, Value];
    const rows = table.shape[0]!;
    return [
      () => {
        if (rows > SMALL_TABLE) return b.scatterAdd(ids, g, rows);
        const looked = sizeOf(ids.shape);
        const hot = b.oneHot(b.reshape(ids, [looked]), rows);
        const parts = b.reshape(g, [looked, sizeOf(g.shape) / looked]);
        return b.reshape(b.matmul(hot, parts, { transposeA: true }), table.shape);
      },
      null,
    ];
  },
  gatherLast: (b, { inputs, g }) => {
    const [x, ids] = inputs as [Value, Value];
    const one = b.oneHot(ids, x.shape[x.shape.length - 1]!);
    return [() => b.mul(one, b.reshape(g, [...g.shape, 1])), null];
  },
  oneHot: () => [null],
  scatterAdd: (b, { inputs, g }) => [null, () => b.gather(g, inputs[0]!)],
  crossEntropy: (b, { inputs, g }) => {
    const [logits, targets] = inputs as [Value, Value];
    return [() => b.op("crossEntropyGradient", [logits, targets, g]), null];
  },
};
