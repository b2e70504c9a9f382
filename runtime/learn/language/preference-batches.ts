/** Batches of pairs: the chosen sequences of a batch, then its rejected ones in the same order. */
import type { TensorData } from "../../graph/graph.ts";
import type { Feeds } from "../training/training.ts";
import { type Example, positionsOf } from "./examples.ts";
import type { Pair } from "./pairs.ts";
import { layOut } from "./sequences.ts";

/** The longer of a pair's two sequences. */
export const pairLength = ({ chosen, rejected }: Pair): number =>
  Math.max(positionsOf(chosen), positionsOf(rejected));

/** `rows` pairs as 2 · rows sequences; pairs that are left over are padding of weight 0. */
function sidesOf(pairs: readonly Pair[], rows: number): Example[] {
  const nothing: Example = { ids: new Int32Array(1), start: 1 };
  const filled = Array.from({ length: rows }, (_, i) => pairs[i] ?? { chosen: nothing, rejected: nothing });
  return [...filled.map(({ chosen }) => chosen), ...filled.map(({ rejected }) => rejected)];
}

function pairWeights(pairs: number, rows: number, weight: number): TensorData {
  const data = new Float32Array(rows).fill(weight, 0, pairs);
  return { type: "float32", shape: [rows], data };
}

/**
 * Feeds of `dpoLoss`, less `reference`.
 * @param weight of each pair: 1 / pairs makes the loss their mean
 */
export function answersOf(pairs: readonly Pair[], rows: number, length: number, weight: number): Feeds {
  return {
    ...layOut(sidesOf(pairs, rows), 2 * rows, length, 1),
    pair_weights: pairWeights(pairs.length, rows, weight),
  };
}

/**
 * Feeds of `rewardLoss`. Sequences are read whole, their end too, which is where they are judged.
 * @param length at least the longest sequence's tokens
 */
export function judgedPairs(pairs: readonly Pair[], rows: number, length: number, weight: number): Feeds {
  return {
    ...wholeSequences(
      sidesOf(pairs, rows).map(({ ids }) => ids),
      length,
    ),
    pair_weights: pairWeights(pairs.length, rows, weight),
  };
}

/** `ids` int32 [rows, length], and `last` float32, 1 at each row's last token. */
export function wholeSequences(
  sequences: readonly Int32Array[],
  length: number,
): { readonly ids: TensorData; readonly last: TensorData } {
  const shape = [sequences.length, length];
  const ids = new Int32Array(sequences.length * length);
  const last = new Float32Array(sequences.length * length);
  sequences.forEach((sequence, row) => {
    ids.set(sequence, row * length);
    last[row * length + sequence.length - 1] = 1;
  });
  return { ids: { type: "int32", shape, data: ids }, last: { type: "float32", shape, data: last } };
}
