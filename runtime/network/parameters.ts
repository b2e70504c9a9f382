/** A network's parameters: their names, shapes and first values. */
import type { Shape } from "../graph/graph.ts";

/** How a parameter begins. */
export type Init =
  | { readonly is: "normal"; readonly std: number }
  | { readonly is: "uniform"; readonly bound: number }
  | { readonly is: "zeros" }
  | { readonly is: "ones" };

export interface ParameterSpec {
  /** The path of its layer and its role: `2.repeat.0.1.residual.1.attention.query.weight`. */
  readonly name: string;
  /** Matrices are [in, out]. */
  readonly shape: Shape;
  readonly init: Init;
  /** Whether weight decay shrinks it: matrices and tables, not gains and biases. */
  readonly decay: boolean;
}
