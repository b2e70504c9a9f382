/** Tensor graphs in TensorFlow: each operation is run in its turn, and each tensor freed after its last use. */
import type { Graph, TensorData } from "../graph/graph.ts";
import { type Handle, loadTensorflow, TensorflowOps } from "../graph/tensorflow/binding.ts";
import { TENSORFLOW_RULES } from "../graph/tensorflow/table.ts";
import type { EngineOptions, Executable } from "./graph-engine.ts";

/** Makes a graph ready. How many threads there are is decided for the process, when the first graph is. */
export async function openTensorflowGraph(
  why: string,
  graph: Graph,
  { threads }: EngineOptions,
): Promise<Executable> {
  process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
  const tensorflow = loadTensorflow();
  await tensorflow.ready();
  const t = new TensorflowOps(tensorflow.backend().binding);
  const constants = new Map([...graph.constants].map(([id, tensor]) => [id, t.put(tensor)]));
  const plan = planOf(graph);
  return {
    engine: "tensorflow",
    why,
    run: async (feeds) => {
      const values = new Map<number, Handle>(constants);
      for (const { name, value } of graph.inputs) {
        const feed = feeds[name];
        if (feed === undefined) throw new Error(`the graph's input ${name} is not fed`);
        values.set(value, t.put(feed));
      }
      for (const { op, rule, dead } of plan) {
        const handles = op.inputs.map((id) => values.get(id)!);
        const inputs = op.inputs.map((id) => graph.values[id]!);
        const given = { handles, inputs, output: graph.values[op.output]!, attributes: op.attributes };
        values.set(
          op.output,
          t.keeping(() => rule(t, given)),
        );
        t.free(dead.map((id) => values.get(id)!));
        for (const id of dead) values.delete(id);
      }
      const results: Record<string, TensorData> = {};
      for (const [name, id] of graph.outputs) {
        const { type, shape } = graph.values[id]!;
        results[name] = t.get(type, shape, values.get(id)!);
      }
      t.free([...values].flatMap(([id, handle]) => (constants.has(id) ? [] : [handle])));
      return results;
    },
    release: async () => {
      t.free(constants.values());
      t.release();
    },
  };
}

/** The operations with their rules, and what no later one reads. */
function planOf(graph: Graph) {
  const kept = new Set([...graph.outputs.values(), ...graph.constants.keys()]);
  const last = new Map<number, number>();
  graph.ops.forEach((op, at) => {
    for (const id of [...op.inputs, op.output]) last.set(id, at);
  });
  return graph.ops.map((op, at) => {
    const rule = TENSORFLOW_RULES.get(op.op);
    if (rule === undefined) throw new Error(`${op.op} has no form in TensorFlow`);
    const used = new Set([...op.inputs, op.output]);
    return { op, rule, dead: [...used].filter((id) => last.get(id) === at && !kept.has(id)) };
  });
}
