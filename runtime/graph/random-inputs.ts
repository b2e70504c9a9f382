/** Random inputs of a graph: the same seed and name give the same numbers on every engine and machine. */
import { mixSeed } from "../learn/random.ts";
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
    const stream = streamOf(input.name);
    const data = new Float32Array(sizeOf(shape));
    fill(data, mixSeed(seed, 2 * stream), mixSeed(seed, 2 * stream + 1));
    filled[input.name] = { type: "float32", shape, data };
  }
  return filled;
}

/**
 * Each number is a hash of its place: two rounds of Wellons' low-bias integer hash (nullprogram.com/blog/2018/07/31)
 * with a key each. A training draws millions a step; a generator with state takes ten times as long here.
 */
function fill(data: Float32Array, first: number, second: number): void {
  for (let at = 0; at < data.length; at++) {
    let x = at ^ first;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    x = x ^ (x >>> 15) ^ second;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    // 24 bits, which float32 holds: rounding up to 1 would keep what no rate keeps.
    data[at] = ((x ^ (x >>> 15)) >>> 8) * 2 ** -24;
  }
}
