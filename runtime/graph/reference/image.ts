/** Convolution and pooling, in float64. */
import { type Shape, sizeOf } from "../graph.ts";
import { type Attributes, whole } from "../ops/rule.ts";
import { eachPlace, type Reference, type ReferenceRule, strides } from "./tensor.ts";

/** Calls with the flat places of every (image, weight, result) that a convolution multiplies. */
function eachProduct(
  image: Shape,
  weight: Shape,
  result: Shape,
  attributes: Attributes,
  visit: (x: number, w: number, y: number) => void,
): void {
  const stride = whole(attributes, "stride");
  const padding = whole(attributes, "padding");
  const [, channels, height, width] = image as [number, number, number, number];
  const steps = [strides(image), strides(weight)] as const;
  eachPlace(result, ([n, o, row, column], y) => {
    eachPlace([channels, weight[2]!, weight[3]!], ([c, i, j]) => {
      const h = row! * stride + i! - padding;
      const w = column! * stride + j! - padding;
      if (h < 0 || h >= height || w < 0 || w >= width) return;
      const x = n! * steps[0][0]! + c! * steps[0][1]! + h * width + w;
      visit(x, o! * steps[1][0]! + c! * steps[1][1]! + i! * steps[1][2]! + j!, y);
    });
  });
}

/** For each window the flat place of its first largest element. */
function largest(x: Reference, attributes: Attributes, shape: Shape): Int32Array {
  const [size, stride, padding] = ["size", "stride", "padding"].map((name) => whole(attributes, name));
  const [, , height, width] = x.shape as [number, number, number, number];
  const [image, channel] = strides(x.shape) as [number, number];
  const places = new Int32Array(sizeOf(shape)).fill(-1);
  eachPlace(shape, ([n, c, row, column], y) => {
    eachPlace([size!, size!], ([i, j]) => {
      const h = row! * stride! + i! - padding!;
      const w = column! * stride! + j! - padding!;
      if (h < 0 || h >= height || w < 0 || w >= width) return;
      const at = n! * image + c! * channel + h * width + w;
      if (places[y] === -1 || x.data[at]! > x.data[places[y]!]!) places[y] = at;
    });
  });
  return places;
}

export const IMAGE: Readonly<Record<string, ReferenceRule>> = {
  conv2d: ([x, w], attributes, shape) => {
    const result = new Float64Array(sizeOf(shape));
    eachProduct(x!.shape, w!.shape, shape, attributes, (from, by, to) => {
      result[to]! += x!.data[from]! * w!.data[by]!;
    });
    return result;
  },
  conv2dInputGradient: ([g, w], attributes, shape) => {
    const result = new Float64Array(sizeOf(shape));
    eachProduct(shape, w!.shape, g!.shape, attributes, (to, by, from) => {
      result[to]! += g!.data[from]! * w!.data[by]!;
    });
    return result;
  },
  conv2dWeightGradient: ([x, g], attributes, shape) => {
    const result = new Float64Array(sizeOf(shape));
    eachProduct(x!.shape, shape, g!.shape, attributes, (from, to, by) => {
      result[to]! += x!.data[from]! * g!.data[by]!;
    });
    return result;
  },
  maxPool2d: ([x], attributes, shape) =>
    Float64Array.from(largest(x!, attributes, shape), (place) => x!.data[place]!),
  maxPool2dGradient: ([x, g], attributes, shape) => {
    const result = new Float64Array(sizeOf(shape));
    largest(x!, attributes, g!.shape).forEach((place, at) => {
      result[place]! += g!.data[at]!;
    });
    return result;
  },
};
