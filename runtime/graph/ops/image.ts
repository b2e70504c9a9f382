/** Convolution and pooling over images [N, C, H, W]; `stride` and `padding` are the same for height and width. */
import { type Attributes, list, Mismatch, type ShapeRule, shapeText, typed, whole } from "./rule.ts";

/** How many windows fit along an axis. */
export const windows = (size: number, window: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - window) / stride) + 1;

function geometry(attributes: Attributes): { stride: number; padding: number } {
  const stride = whole(attributes, "stride");
  const padding = whole(attributes, "padding");
  if (stride < 1 || padding < 0) throw new Mismatch("needs a stride of 1 or more and a padding of 0 or more");
  return { stride, padding };
}

function placed(
  image: readonly number[],
  window: readonly [number, number],
  attributes: Attributes,
): number[] {
  const { stride, padding } = geometry(attributes);
  return [0, 1].map((axis) => {
    const count = windows(image[axis + 2]!, window[axis]!, stride, padding);
    if (count < 1) {
      throw new Mismatch(`has no place for a window of ${window.join(" × ")} in ${shapeText(image)}`);
    }
    return count;
  });
}

const pool: ShapeRule = (inputs, attributes) => {
  const x = typed(inputs, 0, "float32").shape;
  if (x.length !== 4) throw new Mismatch(`takes images [N, C, H, W], not ${shapeText(x)}`);
  const size = whole(attributes, "size");
  if (size < 1) throw new Mismatch("needs a size of 1 or more");
  if (2 * whole(attributes, "padding") > size) throw new Mismatch("cannot pad by more than half the window");
  return { type: "float32", shape: [x[0]!, x[1]!, ...placed(x, [size, size], attributes)] };
};

/** The shape is an attribute: a stride leaves it open. */
const toShape: ShapeRule = (_, attributes) => {
  geometry(attributes);
  return { type: "float32", shape: list(attributes, "shape") };
};

export const IMAGE: Readonly<Record<string, ShapeRule>> = {
  /** (x [N, C, H, W], w [O, C, kh, kw]) → [N, O, H', W'] (a correlation, as everywhere in this field). */
  conv2d: (inputs, attributes) => {
    const x = typed(inputs, 0, "float32").shape;
    const w = typed(inputs, 1, "float32").shape;
    if (x.length !== 4 || w.length !== 4 || x[1] !== w[1]) {
      throw new Mismatch(
        `takes images [N, C, H, W] and weights [O, C, h, w], not ${shapeText(x)} and ${shapeText(w)}`,
      );
    }
    return { type: "float32", shape: [x[0]!, w[0]!, ...placed(x, [w[2]!, w[3]!], attributes)] };
  },
  /** (g [N, O, H', W'], w [O, C, kh, kw]) → the gradient of the images. */
  conv2dInputGradient: toShape,
  /** (x [N, C, H, W], g [N, O, H', W']) → the gradient of the weights. */
  conv2dWeightGradient: toShape,
  maxPool2d: pool,
  /** (x, g) → the gradient of the images: to the first largest of each window. */
  maxPool2dGradient: (inputs) => typed(inputs, 0, "float32"),
};
