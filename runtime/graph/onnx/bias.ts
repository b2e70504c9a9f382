/** Products to which a vector is added at once: one operator of ONNX (Gemm) instead of two passes over the result. */
import type { Graph, Op } from "../graph.ts";
import { sameShape } from "../ops/rule.ts";

/** A dense layer's product and what is added to each of its rows. */
export interface BiasedProduct {
  readonly product: Op;
  /** Value id of the vector. */
  readonly bias: number;
}

export interface BiasedProducts {
  /** By the addition's result. */
  readonly sums: ReadonlyMap<number, BiasedProduct>;
  /** Results that nothing needs by themselves any more. */
  readonly inside: ReadonlySet<number>;
}

/** Finds additions of a vector [V] to a product of matrices [N, V] that nothing else reads, reshaped or not. */
export function biasedProducts(graph: Graph): BiasedProducts {
  const makers = new Map(graph.ops.map((op) => [op.output, op]));
  const uses = new Map<number, number>();
  for (const id of [...graph.ops.flatMap((op) => op.inputs), ...graph.outputs.values()]) {
    uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  /** The operation of this name that makes a value for one reader. */
  const only = (id: number, name: string): Op | null => {
    const op = makers.get(id);
    return op?.op === name && uses.get(id) === 1 ? op : null;
  };
  const sums = new Map<number, BiasedProduct>();
  const inside = new Set<number>();
  for (const op of graph.ops) {
    if (op.op !== "add") continue;
    const [left, right] = op.inputs as [number, number];
    for (const [sum, bias] of [
      [left, right],
      [right, left],
    ] as const) {
      const reshaped = only(sum, "reshape");
      const product = only(reshaped?.inputs[0] ?? sum, "matmul");
      if (product === null) continue;
      const { shape } = graph.values[product.output]!;
      const columns = graph.values[sum]!.shape.at(-1);
      if (shape.length !== 2 || columns !== shape[1]) continue;
      if (!sameShape(graph.values[bias]!.shape, [shape[1]!])) continue;
      sums.set(op.output, { product, bias });
      inside.add(product.output);
      if (reshaped !== null) inside.add(sum);
      break;
    }
  }
  return { sums, inside };
}
