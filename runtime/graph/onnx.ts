/** A tensor graph as an ONNX model (opset 21), with ONNX Runtime's own operators where they are quicker. */
import { encodeModel, type Value as OnnxValue } from "../engine/model-proto.ts";
import type { Graph } from "./graph.ts";
import { Emitter, MICROSOFT, ONNX_TYPE } from "./onnx/emitter.ts";
import { ONNX_RULES } from "./onnx/table.ts";

export interface OnnxGraph {
  readonly bytes: Uint8Array;
  /** What the graph's outputs are called in the model. */
  readonly outputs: ReadonlyMap<string, string>;
}

export const OPSETS = { "": 21, [MICROSOFT]: 1 } as const;

/** Encodes a graph. Inputs keep their names. */
export function toOnnx(graph: Graph): OnnxGraph {
  const e = new Emitter();
  const names = new Map<number, string>();
  for (const input of graph.inputs) names.set(input.value, input.name);
  for (const [id, constant] of graph.constants) names.set(id, e.constant(`constant ${id}`, constant));
  const given = new Set(names.values());
  for (const op of graph.ops) {
    const rule = ONNX_RULES.get(op.op);
    if (rule === undefined) throw new Error(`${op.op} has no form in ONNX`);
    e.enter(op.scope);
    const lowered = {
      names: op.inputs.map((id) => names.get(id)!),
      inputs: op.inputs.map((id) => graph.values[id]!),
      output: graph.values[op.output]!,
      attributes: op.attributes,
    };
    names.set(op.output, rule(e, lowered));
  }
  const outputs = new Map<string, string>();
  for (const [name, id] of graph.outputs) {
    const made = names.get(id)!;
    // A model's output must come out of a node.
    outputs.set(name, given.has(made) ? e.emit("Identity", [made]) : made);
  }
  const value = (name: string, id: number): OnnxValue => {
    const { type, shape } = graph.values[id]!;
    return { name, type: ONNX_TYPE[type], dims: shape };
  };
  const distinct = new Map([...outputs].map(([name, made]) => [made, graph.outputs.get(name)!]));
  const model = e.graph(
    "graph",
    graph.inputs.map((input) => value(input.name, input.value)),
    [...distinct].map(([made, id]) => value(made, id)),
  );
  return { bytes: encodeModel(model, OPSETS), outputs };
}
