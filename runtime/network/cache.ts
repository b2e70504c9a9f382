/** Keys and values of decoded tokens, kept in memory between one graph's run and the next. */
import type { TensorData } from "../graph/graph.ts";
import type { CacheSpec } from "./module.ts";

export interface Cache {
  /** float32 [rows, heads, capacity, head width]; fed as they are. */
  readonly key: TensorData & { readonly type: "float32" };
  readonly value: TensorData & { readonly type: "float32" };
}

/** Empty caches of a network: one for each of its attentions. */
export const emptyCaches = (specs: readonly CacheSpec[], rows: number, capacity: number): Cache[] =>
  specs.map(({ heads, width }) => ({
    key: zeros([rows, heads, capacity, width]),
    value: zeros([rows, heads, capacity, width]),
  }));

const zeros = (shape: readonly number[]): Cache["key"] => ({
  type: "float32",
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

/**
 * Writes what a decoding run gave for `tokens` new tokens behind each row's `position`.
 * @param into [rows, heads, capacity, width]
 * @param fresh [rows, heads, n, width]
 * @param tokens how many of the n each row keeps: those behind are padding
 */
export function keep(
  into: Cache["key"],
  fresh: TensorData,
  position: ArrayLike<number>,
  tokens: ArrayLike<number>,
): void {
  const [rows, heads, capacity, width] = into.shape as [number, number, number, number];
  const given = fresh.shape[2]!;
  for (let row = 0; row < rows; row++) {
    const start = position[row]!;
    const count = Math.min(tokens[row]!, capacity - start);
    if (count <= 0) continue;
    for (let head = 0; head < heads; head++) {
      const from = (row * heads + head) * given * width;
      const to = ((row * heads + head) * capacity + start) * width;
      into.data.set((fresh.data as Float32Array).subarray(from, from + count * width), to);
    }
  }
}
