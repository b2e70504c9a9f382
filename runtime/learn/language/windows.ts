/** Windows on one long stream of tokens: how a decoder reads a corpus. */
import { random } from "../random.ts";
import type { Example } from "./examples.ts";

/**
 * Documents as one stream. Each is followed by the end of text, unless there is only one (a book) or the vocabulary
 * has no such token.
 */
export function packed(documents: readonly Int32Array[], end: number | null): Int32Array {
  const separated = end !== null && documents.length > 1;
  const total = documents.reduce((sum, ids) => sum + ids.length + (separated ? 1 : 0), 0);
  const stream = new Int32Array(total);
  let at = 0;
  for (const ids of documents) {
    stream.set(ids, at);
    at += ids.length;
    if (separated) stream[at++] = end;
  }
  return stream;
}

/**
 * `batch` windows that begin anywhere in the stream, drawn for this step of this seed.
 * @param length Positions of a window; the stream must have one token more
 */
export function randomWindows(
  stream: Int32Array,
  length: number,
  batch: number,
  seed: number,
  step: number,
): Example[] {
  const source = random(seed, step);
  return Array.from({ length: batch }, () => windowAt(stream, source.int(stream.length - length), length));
}

/** The stream cut into windows that meet: every token but the first is predicted once. The last may be shorter. */
export function windowsInOrder(stream: Int32Array, length: number): Example[] {
  const windows: Example[] = [];
  for (let at = 0; at + 1 < stream.length; at += length) windows.push(windowAt(stream, at, length));
  return windows;
}

const windowAt = (stream: Int32Array, at: number, length: number): Example => ({
  ids: stream.subarray(at, at + length + 1),
  start: 0,
});

/** At most `count` of `items`, evenly spread: a quick look that is the same every time. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
