/** What the losses of language models have in common. */
import type { GraphBuilder } from "../../../graph/builder.ts";
import type { Value } from "../../../graph/graph.ts";

export function fed(batch: ReadonlyMap<string, Value>, name: string): Value {
  const value = batch.get(name);
  if (value === undefined) throw new Error(`the batch has no ${name}`);
  return value;
}

/** −log p of each target under its logits: logits [B, T, V], targets int32 [B, T] → [B, T]. */
export function surprise(b: GraphBuilder, logits: Value, targets: Value): Value {
  const [rows, length, vocabulary] = logits.shape as [number, number, number];
  const flat = b.crossEntropy(
    b.reshape(logits, [rows * length, vocabulary]),
    b.reshape(targets, [rows * length]),
  );
  return b.reshape(flat, [rows, length]);
}

/** log(1 + eˣ) without overflow: −log sigmoid(−x). */
export function softplus(b: GraphBuilder, x: Value): Value {
  return b.add(b.relu(x), b.log(b.add(b.exp(b.neg(b.abs(x))), 1)));
}

/** Σ a·b over everything. */
export const dot = (b: GraphBuilder, x: Value, y: Value): Value => b.sum(b.mul(x, y));
