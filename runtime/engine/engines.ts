/** Which engines this machine can compute with, and why not the others. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadTensorflow } from "../graph/tensorflow/binding.ts";
import { openSession } from "./onnx.ts";
import { PROBE_MODEL } from "./probe.ts";

export type EngineName = "onnx" | "wasm" | "tensorflow";

export interface EngineState {
  readonly name: EngineName;
  /** The npm package. */
  readonly package: string;
  /** Null when the package is not installed. */
  readonly version: string | null;
  /** It was loaded and computed something. */
  readonly works: boolean;
  /** Why it is used, or why not, in one sentence. */
  readonly why: string;
}

const ENGINES: Readonly<Record<EngineName, { readonly package: string; readonly try: () => Promise<void> }>> =
  {
    onnx: { package: "onnxruntime-node", try: () => tryOnnx("onnx") },
    wasm: { package: "onnxruntime-web", try: () => tryOnnx("wasm") },
    tensorflow: { package: "@tensorflow/tfjs-node", try: tryTensorflow },
  };

/** Loads each engine in turn and lets it compute; nothing is fetched from a network. */
export async function detectEngines(): Promise<EngineState[]> {
  const states: EngineState[] = [];
  for (const name of Object.keys(ENGINES) as EngineName[]) states.push(await detect(name));
  return states;
}

/** The engine that `auto` means: the first of native and WebAssembly that works; null when neither does. */
export function chosenEngine(states: readonly EngineState[]): EngineName | null {
  return states.find((state) => state.works && state.name !== "tensorflow")?.name ?? null;
}

/** Loads one engine and lets it compute. */
export async function detect(name: EngineName): Promise<EngineState> {
  const { package: packageName, try: compute } = ENGINES[name];
  const version = versionOf(packageName);
  const state = { name, package: packageName, version };
  if (version === null) return { ...state, works: false, why: "it is not installed (it is optional)" };
  try {
    await compute();
    return { ...state, works: true, why: "it loads and computes" };
  } catch (error) {
    return { ...state, works: false, why: reasonOf(name, error) };
  }
}

async function tryOnnx(name: "onnx" | "wasm"): Promise<void> {
  const session = await openSession(name, PROBE_MODEL);
  const { y } = await session.run({ x: { type: "float64", dims: [2], data: Float64Array.of(1, 2.5) } });
  await session.release();
  if (y?.[0] !== 2 || y[1] !== 5) throw new Error(`it doubles 1 and 2.5 to ${String(y)}`);
}

async function tryTensorflow(): Promise<void> {
  const doubled = await loadTensorflow().tensor1d([1, 2.5]).mul(2).data();
  if (doubled[0] !== 2 || doubled[1] !== 5) throw new Error(`it doubles 1 and 2.5 to ${String(doubled)}`);
}

function reasonOf(name: EngineName, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split("\n")[0] ?? message;
  if (name === "tensorflow" && /libtensorflow|tfjs_binding|pre-gyp|Cannot find module/.test(message)) {
    return `its install step did not get libtensorflow (${first})`;
  }
  return `it does not load: ${first}`;
}

/** The installed version, found without running any of the package's code; null when it is not installed. */
function versionOf(packageName: string): string | null {
  const folders = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  for (const folder of folders) {
    const file = join(folder, packageName, "package.json");
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : dirname(file);
  }
  return null;
}
