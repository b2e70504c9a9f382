/** Random inputs of a graph: the same seed and name give the same numbers on every engine and machine. */
import { random } from "../learn/random.ts";
import { type Graph, sizeOf, type TensorData } from "./graph.ts";

/** A whole number from a name (FNV-1a). */
function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 2;
}

/** Fills every random input of a graph with uniform numbers in [0, 1). */
export function randomInputs(graph: Graph, seed: number): Record<string, TensorData> {
  const filled: Record<string, TensorData> = {};
  for (const input of graph.inputs) {
    if (!input.random) continue;
    const { shape } = graph.values[input.value]!;
    const source = random(seed, streamOf(input.name));
    const data = new Float32Array(sizeOf(shape));
    // 24 bits, which float32 holds: rounding to 1 would drop what no rate drops.
    for (let at = 0; at < data.length; at++) data[at] = Math.floor(source.next() * 2 ** 24) / 2 ** 24;
    filled[input.name] = { type: "float32", shape, data };
  }
  return filled;
}
