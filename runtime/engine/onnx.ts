/** ONNX Runtime behind one face, native or WebAssembly. */
import type { InferenceSession, Tensor } from "onnxruntime-common";

export type OrtName = "onnx" | "wasm";

/** What both packages of ONNX Runtime export. */
interface OrtModule {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
  readonly env: { logLevel?: string; wasm: { numThreads?: number } };
}

export type OrtValue =
  | { readonly type: "float64"; readonly dims: readonly number[]; readonly data: Float64Array }
  | { readonly type: "string"; readonly dims: readonly number[]; readonly data: readonly string[] };

export interface OrtSession {
  readonly runtime: OrtName;
  /** @returns outputs by name: doubles as Float64Array, strings as an array */
  run(
    feeds: Readonly<Record<string, OrtValue>>,
  ): Promise<Readonly<Record<string, Float64Array | readonly string[]>>>;
  release(): Promise<void>;
}

const PACKAGES = { onnx: "onnxruntime-node", wasm: "onnxruntime-web" } as const;
const loaded = new Map<OrtName, Promise<OrtModule>>();

/** The npm package of a runtime. */
export const packageOf = (name: OrtName): string => PACKAGES[name];

/** Loads a runtime once a process; rejects with the loader's own reason when it cannot. */
export function loadOrt(name: OrtName): Promise<OrtModule> {
  let module = loaded.get(name);
  if (module === undefined) {
    module = name === "onnx" ? loadNative() : loadWasm();
    loaded.set(name, module);
  }
  return module;
}

async function loadNative(): Promise<OrtModule> {
  const module: OrtModule = await import("onnxruntime-node");
  return module;
}

async function loadWasm(): Promise<OrtModule> {
  const module: OrtModule = await import("onnxruntime-web");
  // One thread: sums are then added in one order. The .wasm file stands beside the package's code.
  module.env.wasm.numThreads = 1;
  module.env.logLevel = "error";
  return module;
}

/** Opens a session with one thread, so that sums are the same on every machine. */
export async function openSession(name: OrtName, model: Uint8Array): Promise<OrtSession> {
  const ort = await loadOrt(name);
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  return {
    runtime: name,
    run: async (feeds) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([input, value]) => [
          input,
          value.type === "float64"
            ? new ort.Tensor("float64", value.data, value.dims)
            : new ort.Tensor("string", value.data, value.dims),
        ]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(results).map(([output, tensor]) => [output, dataOf(output, tensor)]),
      );
    },
    release: () => session.release(),
  };
}

function dataOf(name: string, tensor: Tensor): Float64Array | readonly string[] {
  if (tensor.data instanceof Float64Array) return tensor.data;
  if (Array.isArray(tensor.data)) return tensor.data;
  throw new Error(`the output ${name} is ${tensor.type}`);
}
