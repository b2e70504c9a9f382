/** What a gradient rule gets and gives. */
import type { GraphBuilder } from "../builder.ts";
import type { Op, Shape, Value } from "../graph.ts";
import type { Attributes } from "../ops/rule.ts";

/** An operation of the graph and the gradient of the loss by its result. */
export interface Node {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
  /** ∂loss / ∂output, of the output's shape. */
  readonly g: Value;
  /** The only operation of the forward graph that reads the output, where there is only one. */
  readonly reader: Op | null;
  /** ∂loss / ∂value of a value after the output; null where the loss does not depend on it. */
  readonly gradientOf: (id: number) => Value | null;
}

/** The gradient by each input, computed only where it is asked for; null where there is none to have (ids, masks). */
export type GradientRule = (b: GraphBuilder, node: Node) => readonly ((() => Value) | null)[];

/** Sums what broadcasting repeated, back to `shape`. */
export function unbroadcast(b: GraphBuilder, g: Value, shape: Shape): Value {
  const lead = g.shape.length - shape.length;
  const axes = g.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  return axes.length === 0 ? g : b.reshape(b.sum(g, axes, true), shape);
}
