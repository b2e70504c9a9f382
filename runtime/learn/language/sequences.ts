/** Rows of static shape from sequences of any length: what a decoder reads, what it should say, and what counts. */
import type { TensorData } from "../../graph/graph.ts";
import { countedOf, type Example, positionsOf } from "./examples.ts";

/** Feeds of a decoder's loss. `weights` are 0 on prompts and padding. */
export interface SequenceFeeds {
  /** int32 [rows, length] */
  readonly ids: TensorData;
  /** int32 [rows, length]: the token after each. */
  readonly targets: TensorData;
  /** float32 [rows, length] */
  readonly weights: TensorData;
}

/**
 * Lays `examples` out as `rows` × `length`; rows that are left over are padding. Padding stands behind an example,
 * where a causal decoder's earlier positions cannot see it, so it needs no mask.
 * @param weight What each counted token weighs: 1 / (tokens of the whole step) makes the summed loss their mean
 */
export function layOut(
  examples: readonly Example[],
  rows: number,
  length: number,
  weight: number,
): SequenceFeeds {
  const ids = new Int32Array(rows * length);
  const targets = new Int32Array(rows * length);
  const weights = new Float32Array(rows * length);
  examples.forEach((example, row) => {
    const positions = positionsOf(example);
    if (positions > length) throw new Error(`${positions} positions in a row of ${length}`);
    const at = row * length;
    for (let i = 0; i < positions; i++) {
      ids[at + i] = example.ids[i]!;
      targets[at + i] = example.ids[i + 1]!;
    }
    for (let i = Math.max(1, example.start); i <= positions; i++) weights[at + i - 1] = weight;
  });
  const shape = [rows, length];
  return {
    ids: { type: "int32", shape, data: ids },
    targets: { type: "int32", shape, data: targets },
    weights: { type: "float32", shape, data: weights },
  };
}

export const countedTokens = (examples: readonly Example[]): number =>
  examples.reduce((sum, example) => sum + countedOf(example), 0);
