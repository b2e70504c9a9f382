/**
 * Tensor graphs: what a network computes, as data. Shapes are static, so that every engine may lay out its memory
 * once; other lengths are other graphs (buckets). Values are numbered in the order they are made, and an operation
 * stands after everything that it reads.
 */

/** What a tensor's elements are. `int32` holds ids and positions; `bool` only conditions. */
export type DType = "float32" | "int32" | "bool";

/** Row-major; `[]` is a scalar. */
export type Shape = readonly number[];

/** A tensor in memory. `bool` is a byte of 0 or 1 each. */
export type TensorData =
  | { readonly type: "float32"; readonly shape: Shape; readonly data: Float32Array }
  | { readonly type: "int32"; readonly shape: Shape; readonly data: Int32Array }
  | { readonly type: "bool"; readonly shape: Shape; readonly data: Uint8Array };

/** One tensor of a graph. */
export interface Value {
  /** Its place in `Graph.values`. */
  readonly id: number;
  readonly type: DType;
  readonly shape: Shape;
}

export type OpAttribute = number | boolean | string | readonly number[] | null;

/** One operation; every operation has one result. */
export interface Op {
  readonly op: string;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly attributes: Readonly<Record<string, OpAttribute>>;
  /** The layer that asked for it, for errors and profiles: `2.repeat.0.1.attention`. */
  readonly scope: string;
}

/** What whoever runs the graph must feed. */
export interface GraphInput {
  readonly name: string;
  readonly value: number;
  /** Uniform in [0, 1), filled from the step's seed rather than from data. */
  readonly random: boolean;
}

export interface Graph {
  readonly values: readonly Value[];
  readonly ops: readonly Op[];
  readonly inputs: readonly GraphInput[];
  /** By the value's id. */
  readonly constants: ReadonlyMap<number, TensorData>;
  /** Value ids by name. */
  readonly outputs: ReadonlyMap<string, number>;
}

/** How many elements a shape holds. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
