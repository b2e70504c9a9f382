/** What a rule that writes an operation in ONNX gets. */
import type { Value } from "../graph.ts";
import type { Attributes } from "../ops/rule.ts";
import type { Emitter } from "./emitter.ts";

export interface Lowered {
  /** Names of the inputs in the ONNX graph. */
  readonly names: readonly string[];
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
}

/** Emits nodes and gives the name of the result. */
export type OnnxRule = (e: Emitter, op: Lowered) => string;
