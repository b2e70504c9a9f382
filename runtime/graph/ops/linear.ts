/** Products, and what only moves elements about. */
import { sizeOf } from "../graph.ts";
import {
  axisOf,
  broadcastShapes,
  flag,
  list,
  Mismatch,
  type ShapeRule,
  shapeText,
  typed,
  typeText,
  whole,
} from "./rule.ts";

const ANY = ["float32", "int32", "bool"] as const;

export const LINEAR: Readonly<Record<string, ShapeRule>> = {
  /** scale · a · b over the last two axes, which are swapped first where asked; axes before them broadcast. */
  matmul: (inputs, attributes) => {
    const a = typed(inputs, 0, "float32").shape;
    const b = typed(inputs, 1, "float32").shape;
    const texts = `${shapeText(a)}${flag(attributes, "transposeA") ? "ᵀ" : ""} by ${shapeText(b)}${flag(attributes, "transposeB") ? "ᵀ" : ""}`;
    if (a.length < 2 || b.length < 2)
      throw new Mismatch(`takes two matrices or stacks of them, not ${texts}`);
    const [rows, inner] = lastTwo(a, flag(attributes, "transposeA"));
    const [other, columns] = lastTwo(b, flag(attributes, "transposeB"));
    if (inner !== other) throw new Mismatch(`cannot multiply ${texts}: ${inner} is not ${other}`);
    const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
    if (batch === null) throw new Mismatch(`cannot multiply ${texts}: the stacks differ`);
    return { type: "float32", shape: [...batch, rows, columns] };
  },
  transpose: (inputs, attributes) => {
    const input = typed(inputs, 0, ...ANY);
    const order = list(attributes, "order");
    const { shape } = input;
    if (order.length !== shape.length || new Set(order).size !== shape.length) {
      throw new Mismatch(`cannot order the axes of ${shapeText(shape)} as ${shapeText(order)}`);
    }
    return { type: input.type, shape: order.map((axis) => shape[axisOf(axis, shape.length)]!) };
  },
  reshape: (inputs, attributes) => {
    const input = typed(inputs, 0, ...ANY);
    const shape = list(attributes, "shape");
    if (sizeOf(shape) !== sizeOf(input.shape)) {
      throw new Mismatch(`cannot read ${shapeText(input.shape)} as ${shapeText(shape)}`);
    }
    return { type: input.type, shape };
  },
  broadcastTo: (inputs, attributes) => {
    const input = typed(inputs, 0, ...ANY);
    const shape = list(attributes, "shape");
    const both = broadcastShapes(input.shape, shape);
    if (both === null || both.some((size, axis) => size !== shape[axis]) || both.length !== shape.length) {
      throw new Mismatch(`cannot broadcast ${shapeText(input.shape)} to ${shapeText(shape)}`);
    }
    return { type: input.type, shape };
  },
  slice: (inputs, attributes) => {
    const input = typed(inputs, 0, ...ANY);
    const axis = axisOf(whole(attributes, "axis"), input.shape.length);
    const start = whole(attributes, "start");
    const end = whole(attributes, "end");
    if (start < 0 || end <= start || end > input.shape[axis]!) {
      throw new Mismatch(`cannot take ${start} to ${end} of axis ${axis} of ${shapeText(input.shape)}`);
    }
    return { type: input.type, shape: replaced(input.shape, axis, end - start) };
  },
  /** Zeros around one axis: what undoes a slice. */
  pad: (inputs, attributes) => {
    const input = typed(inputs, 0, "float32");
    const axis = axisOf(whole(attributes, "axis"), input.shape.length);
    const before = whole(attributes, "before");
    const after = whole(attributes, "after");
    if (before < 0 || after < 0) throw new Mismatch("cannot pad by less than nothing");
    return { type: input.type, shape: replaced(input.shape, axis, before + input.shape[axis]! + after) };
  },
  concat: (inputs, attributes) => {
    const first = typed(inputs, 0, ...ANY);
    const axis = axisOf(whole(attributes, "axis"), first.shape.length);
    for (const input of inputs) {
      const fits =
        input.type === first.type &&
        input.shape.length === first.shape.length &&
        input.shape.every((size, at) => at === axis || size === first.shape[at]);
      if (!fits) {
        throw new Mismatch(`cannot join ${inputs.map(typeText).join(" and ")} along axis ${axis}`);
      }
    }
    const joined = inputs.reduce((total, input) => total + input.shape[axis]!, 0);
    return { type: first.type, shape: replaced(first.shape, axis, joined) };
  },
};

function lastTwo(shape: readonly number[], swap: boolean): [number, number] {
  const rows = shape[shape.length - 2]!;
  const columns = shape[shape.length - 1]!;
  return swap ? [columns, rows] : [rows, columns];
}

const replaced = (shape: readonly number[], axis: number, size: number): number[] =>
  shape.map((old, at) => (at === axis ? size : old));
