/** Who computes a tensor graph: one face over ONNX Runtime, native and WebAssembly, and TensorFlow. */
import type { Graph, TensorData } from "../graph/graph.ts";
import { detect, type EngineName, type EngineState } from "./engines.ts";
import { openOrtGraph } from "./graph-ort.ts";
import { openTensorflowGraph } from "./graph-tensorflow.ts";

export interface EngineOptions {
  /** Threads within an operation. */
  readonly threads: number;
}

/** A graph that an engine has made ready. */
export interface Executable {
  readonly engine: EngineName;
  /** Why this engine, in one sentence for the log. */
  readonly why: string;
  /**
   * Computes every output.
   * @param feeds each input by its name, random ones too
   * @param into where outputs should be written, by name; engines that cannot do so give tensors of their own
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>>;
  release(): Promise<void>;
}

/** An engine that this machine does not have. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/**
 * Makes a graph ready to run. `auto` is ONNX Runtime native, or WebAssembly where that does not load.
 * @throws {EngineError} when the engine cannot be had here
 */
export async function openGraph(
  engine: EngineName | "auto",
  graph: Graph,
  options: EngineOptions,
): Promise<Executable> {
  const { name, why } = await chooseEngine(engine);
  if (name === "tensorflow") return openTensorflowGraph(why, graph, options);
  return openOrtGraph(name, why, graph, options);
}

const detected = new Map<EngineName, Promise<EngineState>>();

/** Looks at an engine once a process; those that nobody asks for are not loaded. */
function stateOf(name: EngineName): Promise<EngineState> {
  let state = detected.get(name);
  if (state === undefined) {
    state = detect(name);
    detected.set(name, state);
  }
  return state;
}

/** The engine that a request means here, and why. */
export async function chooseEngine(
  engine: EngineName | "auto",
): Promise<{ readonly name: EngineName; readonly why: string }> {
  if (engine !== "auto") {
    const state = await stateOf(engine);
    if (!state.works) throw new EngineError(`${state.package}: ${state.why}`);
    return { name: engine, why: `${state.package} ${state.version}, as asked` };
  }
  const native = await stateOf("onnx");
  if (native.works) return { name: "onnx", why: `${native.package} ${native.version}, the quickest here` };
  const wasm = await stateOf("wasm");
  if (wasm.works) {
    return {
      name: "wasm",
      why: `${wasm.package} ${wasm.version}, because of ${native.package}: ${native.why}`,
    };
  }
  throw new EngineError(`${native.package}: ${native.why}; ${wasm.package}: ${wasm.why}`);
}
