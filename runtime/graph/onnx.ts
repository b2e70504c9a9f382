/** A tensor graph as an ONNX model (opset 21), with ONNX Runtime's own operators where they are quicker. */
import { encodeModel, type Value as OnnxValue } from "../engine/model-proto.ts";
import type { Graph } from "./graph.ts";
import { type BiasedProduct, biasedProducts } from "./onnx/bias.ts";
import { Emitter, MICROSOFT, ONNX_TYPE } from "./onnx/emitter.ts";
import { ONNX_RULES } from "./onnx/table.ts";
import { flag, real } from "./ops/rule.ts";

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
  const { sums, inside } = biasedProducts(graph);
  for (const op of graph.ops) {
    if (inside.has(op.output)) continue;
    const sum = sums.get(op.output);
    if (sum !== undefined) {
      e.enter(sum.product.scope);
      const made = biased(e, sum, (id) => names.get(id)!);
      const { shape } = graph.values[op.output]!;
      names.set(op.output, shape.length === 2 ? made : e.reshape(made, shape));
      continue;
    }
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

/** The product plus the vector, [N, V]. */
function biased(e: Emitter, { product, bias }: BiasedProduct, nameOf: (id: number) => string): string {
  const { attributes } = product;
  return e.emit("Gemm", [...product.inputs, bias].map(nameOf), {
    attributes: {
      transA: flag(attributes, "transposeA") ? 1 : 0,
      transB: flag(attributes, "transposeB") ? 1 : 0,
      alpha: { float: real(attributes, "scale") },
      beta: { float: 1 },
    },
  });
}
