/** What a rule that computes an operation in TensorFlow gets. */
import type { Value } from "../graph.ts";
import type { Attributes } from "../ops/rule.ts";
import type { Handle, TensorflowOps } from "./binding.ts";

export interface TensorflowOp {
  readonly handles: readonly Handle[];
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
}

export type TensorflowRule = (t: TensorflowOps, op: TensorflowOp) => Handle;

export const FLOAT = { type: "float32" } as const;
export const INT = { type: "int32" } as const;
