/** Networks computed by the plain interpreter, for tests. */
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import type { TensorData, Value } from "../../runtime/graph/graph.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import type { Network } from "../../runtime/network/network.ts";

export type Weights = ReadonlyMap<string, TensorData>;

/** Builds over the network's parameters as inputs, and computes the outputs. */
export function computed(
  network: Network,
  weights: Weights,
  build: (b: GraphBuilder, p: ReadonlyMap<string, Value>) => void,
  feeds: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
): Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }> {
  const b = new GraphBuilder();
  const p = new Map(network.parameters.map(({ name, shape }) => [name, b.input(name, "float32", shape)]));
  build(b, p);
  return interpret(b.graph(), { ...Object.fromEntries(weights), ...feeds });
}

export const ids = (values: readonly number[]): { data: Int32Array } => ({ data: Int32Array.from(values) });

/** Logits [B, T, V] of ids [B][T], flat. */
export function logitsOf(
  network: Network,
  weights: Weights,
  rows: readonly (readonly number[])[],
): Float64Array {
  const made = computed(
    network,
    weights,
    (b, p) => {
      const given = b.input("ids", "int32", [rows.length, rows[0]!.length]);
      b.output("logits", network.forward(b, p, { ids: given }));
    },
    { ids: ids(rows.flat()) },
  );
  return Float64Array.from(made["logits"]!.data);
}

/** The largest difference between two arrays of numbers. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
