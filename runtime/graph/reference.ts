/** A plain interpreter of tensor graphs in float64: what the engines are compared with, and what finds where NaN begins. */
import type { DType, Graph, Op, TensorData } from "./graph.ts";
import { ELEMENTWISE } from "./reference/elementwise.ts";
import { IMAGE } from "./reference/image.ts";
import { INDEX } from "./reference/index.ts";
import { LINEAR } from "./reference/linear.ts";
import { REDUCE } from "./reference/reduce.ts";
import type { Reference, ReferenceRule } from "./reference/tensor.ts";

/** What each operation computes. */
export const REFERENCE_RULES: ReadonlyMap<string, ReferenceRule> = new Map(
  [ELEMENTWISE, LINEAR, REDUCE, INDEX, IMAGE].flatMap((family) => Object.entries(family)),
);

export interface ReferenceOptions {
  /** Called with each operation and its result, in order; `false` ends the run. */
  readonly watch?: (op: Op, result: Reference) => boolean;
  /** What each operation's result is rounded to, as an engine would. */
  readonly precision?: "float32" | "float64";
}

/**
 * Computes every output of a graph, operation by operation.
 * @param feeds each input by its name; numbers as float64, whatever the input's type
 */
export function interpret(
  graph: Graph,
  feeds: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
  { watch = () => true, precision = "float64" }: ReferenceOptions = {},
): Record<string, Reference> {
  const values = new Map<number, Reference>();
  const put = (id: number, data: ArrayLike<number>): Reference => {
    const { shape, type } = graph.values[id]!;
    const reference = { shape, data: rounded(data, type, precision) };
    values.set(id, reference);
    return reference;
  };
  for (const { name, value } of graph.inputs) {
    const feed = feeds[name];
    if (feed === undefined) throw new Error(`the graph's input ${name} is not fed`);
    put(value, feed.data);
  }
  for (const [id, constant] of graph.constants) put(id, constant.data);
  for (const op of graph.ops) {
    const rule = REFERENCE_RULES.get(op.op);
    if (rule === undefined) throw new Error(`${op.op} has no reference`);
    const inputs = op.inputs.map((id) => values.get(id)!);
    const result = put(op.output, rule(inputs, op.attributes, graph.values[op.output]!.shape));
    if (!watch(op, result)) break;
  }
  return Object.fromEntries([...graph.outputs].flatMap(([name, id]) => pair(name, values.get(id))));
}

const pair = (name: string, value: Reference | undefined): [string, Reference][] =>
  value === undefined ? [] : [[name, value]];

function rounded(data: ArrayLike<number>, type: DType, precision: "float32" | "float64"): Float64Array {
  const result = data instanceof Float64Array ? data : Float64Array.from(data);
  return precision === "float32" && type === "float32" ? result.map(Math.fround) : result;
}

/** A reference result as what an engine would give. */
export function tensorOf(type: DType, { shape, data }: Reference): TensorData {
  switch (type) {
    case "float32":
      return { type, shape, data: Float32Array.from(data) };
    case "int32":
      return { type, shape, data: Int32Array.from(data) };
    case "bool":
      return { type, shape, data: Uint8Array.from(data) };
  }
}
