/** Looking up by id, and adding back to where something was looked up. */
import { Mismatch, type ShapeRule, sameShape, shapeText, typed, whole } from "./rule.ts";

function positive(size: number, what: string): number {
  if (size < 1) throw new Mismatch(`needs a ${what} of 1 or more`);
  return size;
}

export const INDEX: Readonly<Record<string, ShapeRule>> = {
  /** (table [V, ...], ids [...]) → [...ids, ...]; an id outside the table is undefined behaviour. */
  gather: (inputs) => {
    const table = typed(inputs, 0, "float32", "int32");
    const ids = typed(inputs, 1, "int32");
    if (table.shape.length === 0) throw new Mismatch("looks up in a table, not a scalar");
    return { type: table.type, shape: [...ids.shape, ...table.shape.slice(1)] };
  },
  /** (x [..., V], ids [...]) → [...]: one element of each last axis. */
  gatherLast: (inputs) => {
    const x = typed(inputs, 0, "float32");
    const ids = typed(inputs, 1, "int32");
    if (!sameShape(x.shape.slice(0, -1), ids.shape) || x.shape.length === 0) {
      throw new Mismatch(
        `picks one of each row of ${shapeText(x.shape)}, not ${shapeText(ids.shape)} of them`,
      );
    }
    return { type: "float32", shape: ids.shape };
  },
  /** ids [...] → [..., depth]; an id outside 0 to depth - 1 gives a row of zeros. */
  oneHot: (inputs, attributes) => {
    const ids = typed(inputs, 0, "int32");
    return { type: "float32", shape: [...ids.shape, positive(whole(attributes, "depth"), "depth")] };
  },
  /** (ids [...], x [...ids, W...]) → [rows, W...]: adds each part of x to the row that its id names. */
  scatterAdd: (inputs, attributes) => {
    const ids = typed(inputs, 0, "int32");
    const x = typed(inputs, 1, "float32");
    if (!sameShape(x.shape.slice(0, ids.shape.length), ids.shape)) {
      throw new Mismatch(`adds one part for each id of ${shapeText(ids.shape)}, not ${shapeText(x.shape)}`);
    }
    const rows = positive(whole(attributes, "rows"), "number of rows");
    return { type: "float32", shape: [rows, ...x.shape.slice(ids.shape.length)] };
  },
  /** (logits [N, V], targets [N]) → [N]: −log softmax(logits)[target], without overflow. */
  crossEntropy: (inputs) => {
    const logits = typed(inputs, 0, "float32");
    const targets = typed(inputs, 1, "int32");
    if (logits.shape.length !== 2 || !sameShape(targets.shape, [logits.shape[0]!])) {
      throw new Mismatch(
        `takes logits [N, V] and targets [N], not ${shapeText(logits.shape)} and ${shapeText(targets.shape)}`,
      );
    }
    return { type: "float32", shape: targets.shape };
  },
  /** (logits [N, V], targets [N], g [N]) → (softmax(logits) − one-hot(targets)) · g. */
  crossEntropyGradient: (inputs) => {
    const logits = typed(inputs, 0, "float32");
    const targets = typed(inputs, 1, "int32");
    const g = typed(inputs, 2, "float32");
    if (!sameShape(targets.shape, g.shape)) {
      throw new Mismatch(
        `takes a gradient for each of ${shapeText(targets.shape)}, not ${shapeText(g.shape)}`,
      );
    }
    return logits;
  },
};
