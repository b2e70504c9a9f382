/** Tensor graphs in ONNX Runtime. */
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { Graph, TensorData } from "../graph/graph.ts";
import { toOnnx } from "../graph/onnx.ts";
import type { EngineOptions, Executable } from "./graph-engine.ts";
import { loadOrt, type OrtName } from "./onnx.ts";

/** Opens a session for a graph. */
export async function openOrtGraph(
  runtime: OrtName,
  why: string,
  graph: Graph,
  { threads }: EngineOptions,
): Promise<Executable> {
  const ort = await loadOrt(runtime);
  const { bytes, outputs } = toOnnx(graph);
  const session = await ort.InferenceSession.create(bytes, sessionOptions(threads));
  const tensorOf = ({ type, data, shape }: TensorData): Tensor =>
    type === "float32"
      ? new ort.Tensor(type, data, shape)
      : type === "int32"
        ? new ort.Tensor(type, data, shape)
        : new ort.Tensor(type, data, shape);
  return {
    engine: runtime,
    why,
    run: async (feeds, into = {}) => {
      const given: Record<string, Tensor> = {};
      for (const { name } of graph.inputs) {
        const feed = feeds[name];
        if (feed === undefined) throw new Error(`the graph's input ${name} is not fed`);
        given[name] = tensorOf(feed);
      }
      const places: Record<string, Tensor | null> = {};
      const placed: Record<string, TensorData> = {};
      for (const [name, made] of outputs) {
        places[made] ??= null;
        // WebAssembly has memory of its own and ignores where results should go.
        const place = runtime === "onnx" ? into[name] : undefined;
        if (place === undefined || places[made] !== null) continue;
        places[made] = tensorOf(place);
        placed[name] = place;
      }
      const results = await session.run(given, places);
      return Object.fromEntries(
        [...outputs].map(([name, made]) => [name, placed[name] ?? dataOf(results[made]!)]),
      );
    },
    release: () => session.release(),
  };
}

function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    // Threads that wait by spinning take the processor from whatever else runs here.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
}

function dataOf({ type, data, dims }: Tensor): TensorData {
  if (type === "float32" && data instanceof Float32Array) return { type, shape: dims, data };
  if (type === "int32" && data instanceof Int32Array) return { type, shape: dims, data };
  if (type === "bool" && data instanceof Uint8Array) return { type, shape: dims, data };
  throw new Error(`a result is ${type}`);
}
