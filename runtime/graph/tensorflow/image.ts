/** Convolution and pooling, in TensorFlow, which on processors takes channels last: [N, H, W, C] and [h, w, C, O]. */
import type { Shape } from "../graph.ts";
import { type Attributes, whole } from "../ops/rule.ts";
import type { AttributeValue, Handle, TensorflowOps } from "./binding.ts";
import { FLOAT, INT, type TensorflowRule } from "./rule.ts";

const moved = (t: TensorflowOps, x: Handle, order: readonly number[]): Handle =>
  t.run("Transpose", [x, t.ints(order)], { T: FLOAT, Tperm: INT });
const channelsLast = (t: TensorflowOps, x: Handle): Handle => moved(t, x, [0, 2, 3, 1]);
const channelsFirst = (t: TensorflowOps, x: Handle): Handle => moved(t, x, [0, 3, 1, 2]);
const weightsLast = (t: TensorflowOps, w: Handle): Handle => moved(t, w, [2, 3, 1, 0]);

function settings(attributes: Attributes): Record<string, AttributeValue> {
  const stride = whole(attributes, "stride");
  return { T: FLOAT, strides: [1, stride, stride, 1], padding: "VALID", data_format: "NHWC" };
}

const convolution = (attributes: Attributes): Record<string, AttributeValue> => ({
  ...settings(attributes),
  use_cudnn_on_gpu: true,
  dilations: [1, 1, 1, 1],
});

/** Images with channels last and their padding around them. */
function padded(t: TensorflowOps, x: Handle, attributes: Attributes, value: number): Handle {
  const padding = whole(attributes, "padding");
  const last = channelsLast(t, x);
  if (padding === 0) return last;
  const around = t.ints([0, 0, padding, padding, padding, padding, 0, 0], [4, 2]);
  return t.run("PadV2", [last, around, t.scalar(value)], { T: FLOAT, Tpaddings: INT });
}

/** Images of `shape` [N, C, H, W] as they are with channels last and padding. */
function paddedShape([n, c, h, w]: Shape, attributes: Attributes): number[] {
  const padding = whole(attributes, "padding");
  return [n!, h! + 2 * padding, w! + 2 * padding, c!];
}

/** Undoes `padded`. */
function unpadded(t: TensorflowOps, x: Handle, [n, c, h, w]: Shape, attributes: Attributes): Handle {
  const padding = whole(attributes, "padding");
  if (padding === 0) return channelsFirst(t, x);
  const begin = t.ints([0, padding, padding, 0]);
  return channelsFirst(t, t.run("Slice", [x, begin, t.ints([n!, h!, w!, c!])], { T: FLOAT, Index: INT }));
}

const pool = (attributes: Attributes): Record<string, AttributeValue> => {
  const size = whole(attributes, "size");
  return { ...settings(attributes), ksize: [1, size, size, 1] };
};

export const IMAGE: Readonly<Record<string, TensorflowRule>> = {
  conv2d: (t, { handles: [x, w], attributes }) =>
    channelsFirst(
      t,
      t.run("Conv2D", [padded(t, x!, attributes, 0), weightsLast(t, w!)], {
        ...convolution(attributes),
        explicit_paddings: [],
      }),
    ),
  conv2dInputGradient: (t, { handles: [g, w], output, attributes }) => {
    const size = t.ints(paddedShape(output.shape, attributes));
    const slope = t.run("Conv2DBackpropInput", [size, weightsLast(t, w!), channelsLast(t, g!)], {
      ...convolution(attributes),
      explicit_paddings: [],
    });
    return unpadded(t, slope, output.shape, attributes);
  },
  conv2dWeightGradient: (t, { handles: [x, g], output, attributes }) => {
    const [o, c, h, w] = output.shape as [number, number, number, number];
    const inputs = [padded(t, x!, attributes, 0), t.ints([h, w, c, o]), channelsLast(t, g!)];
    const slope = t.run("Conv2DBackpropFilter", inputs, {
      ...convolution(attributes),
      explicit_paddings: [],
    });
    return moved(t, slope, [3, 2, 0, 1]);
  },
  maxPool2d: (t, { handles: [x], attributes }) => {
    const images = padded(t, x!, attributes, LOWEST);
    return channelsFirst(t, t.run("MaxPool", [images], pool(attributes)));
  },
  maxPool2dGradient: (t, { handles: [x, g], output, attributes }) => {
    const images = padded(t, x!, attributes, LOWEST);
    const largest = t.run("MaxPool", [images], pool(attributes));
    const slope = t.run("MaxPoolGrad", [images, largest, channelsLast(t, g!)], pool(attributes));
    return unpadded(t, slope, output.shape, attributes);
  },
};

/** Below every pixel. */
const LOWEST = -3.4e38;
