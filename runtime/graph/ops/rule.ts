/** What an operation's declaration is made of: a rule from the types and shapes of its inputs to those of its result. */
import type { DType, OpAttribute, Shape } from "../graph.ts";

/** A tensor, as far as a shape rule knows it. */
export interface TensorType {
  readonly type: DType;
  readonly shape: Shape;
}

export type Attributes = Readonly<Record<string, OpAttribute>>;

/** @throws {Mismatch} when the operation cannot take such inputs */
export type ShapeRule = (inputs: readonly TensorType[], attributes: Attributes) => TensorType;

/** Inputs that an operation cannot take; the builder adds which operation of which layer it was. */
export class Mismatch extends Error {}

/** `float32 [8, 128]` */
export const typeText = (tensor: TensorType): string => `${tensor.type} ${shapeText(tensor.shape)}`;

export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** The shape that numpy broadcasting gives two shapes; null when they do not go together. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    shape[axis] = left === 1 ? right : left;
  }
  return shape;
}

/** The inputs' broadcast shape. */
export function broadcastAll(inputs: readonly TensorType[]): Shape {
  return inputs.reduce<Shape>((shape, input) => {
    const both = broadcastShapes(shape, input.shape);
    if (both === null) throw new Mismatch(`cannot broadcast ${inputs.map(typeText).join(" with ")}`);
    return both;
  }, []);
}

/** An input of this type, or the error. */
export function typed(inputs: readonly TensorType[], index: number, ...types: readonly DType[]): TensorType {
  const input = inputs[index];
  if (input === undefined) throw new Mismatch(`needs an input number ${index + 1}`);
  if (!types.includes(input.type)) {
    throw new Mismatch(`takes ${types.join(" or ")} as input number ${index + 1}, not ${typeText(input)}`);
  }
  return input;
}

/** A whole number of an attribute. */
export function whole(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== "number" || !Number.isInteger(value)) throw new Mismatch(`needs a whole ${name}`);
  return value;
}

/** A number of an attribute. */
export function real(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== "number") throw new Mismatch(`needs a number ${name}`);
  return value;
}

/** A list of whole numbers of an attribute. */
export function list(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value)) throw new Mismatch(`needs a list ${name}`);
  return value as readonly number[];
}

export const flag = (attributes: Attributes, name: string): boolean => attributes[name] === true;

/** An axis between 0 and rank - 1; a negative one counts from the end. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank) throw new Mismatch(`has no axis ${axis} of ${rank}`);
  return at;
}
