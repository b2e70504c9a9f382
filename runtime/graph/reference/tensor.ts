/** Tensors of the reference interpreter: float64, row-major. */
import { type Shape, sizeOf } from "../graph.ts";
import type { Attributes } from "../ops/rule.ts";

export interface Reference {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** @param shape the result's, by its shape rule */
export type ReferenceRule = (
  inputs: readonly Reference[],
  attributes: Attributes,
  shape: Shape,
) => Float64Array;

/** How far apart neighbours along each axis are. */
export function strides(shape: Shape): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

/** Calls with the place of every element of `shape`, in order. The array is reused. */
export function eachPlace(shape: Shape, visit: (place: readonly number[], flat: number) => void): void {
  const place = new Array<number>(shape.length).fill(0);
  const count = sizeOf(shape);
  for (let flat = 0; flat < count; flat++) {
    visit(place, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
  }
}

/** Where a place of a broadcast result is in one of its inputs. */
export function broadcastIndex(shape: Shape, place: readonly number[]): number {
  const lead = place.length - shape.length;
  const steps = strides(shape);
  return shape.reduce((at, size, axis) => at + (size === 1 ? 0 : place[lead + axis]! * steps[axis]!), 0);
}

export const dot = (place: readonly number[], steps: readonly number[]): number =>
  place.reduce((at, index, axis) => at + index * steps[axis]!, 0);

/** Works through x row by row, a row being a last axis. */
export function byRow(
  x: Reference,
  of: (row: Float64Array, index: number) => ArrayLike<number>,
): Float64Array {
  const width = x.shape[x.shape.length - 1]!;
  const rows: number[] = [];
  for (let start = 0; start < x.data.length; start += width) {
    const result = of(x.data.subarray(start, start + width), start / width);
    for (let at = 0; at < result.length; at++) rows.push(result[at]!);
  }
  return Float64Array.from(rows);
}
