/** The words whose vectors point the same way. */
import { editDistance } from "../../../language/diagnostics/edit-distance.ts";
import type { WordVectors } from "./vectors.ts";

export interface Neighbour {
  readonly word: string;
  /** Cosine of the angle between the vectors, −1 to 1. */
  readonly similarity: number;
}

/** The `count` nearest other words of each of `wanted`, nearest first; equals in the order of the vocabulary. */
export function neighboursOf(
  vectors: WordVectors,
  wanted: readonly number[],
  count: number,
): readonly (readonly Neighbour[])[] {
  const { words, width, values } = vectors;
  const lengths = Float64Array.from(words, (_, row) => Math.sqrt(dot(values, width, row, row)));
  return wanted.map((own) => {
    const near = words
      .map((word, row) => {
        const scale = lengths[own]! * lengths[row]!;
        return { word, row, similarity: scale === 0 ? 0 : dot(values, width, own, row) / scale };
      })
      .filter(({ row }) => row !== own)
      .sort((a, b) => b.similarity - a.similarity || a.row - b.row);
    return near.slice(0, count).map(({ word, similarity }) => ({ word, similarity }));
  });
}

function dot(values: Float32Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < width; i += 1) sum += values[a * width + i]! * values[b * width + i]!;
  return sum;
}

/** Words spelled like `word`, at most three, the nearest and more frequent first. */
export function spelledLike(word: string, words: readonly string[]): string[] {
  const most = Math.max(1, Math.floor([...word].length / 3));
  return words
    .filter((other) => Math.abs(other.length - word.length) <= most)
    .map((other, place) => ({ other, place, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || a.place - b.place)
    .slice(0, 3)
    .map(({ other }) => other);
}
