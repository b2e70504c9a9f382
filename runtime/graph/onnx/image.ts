/** Convolution and pooling, in ONNX. */
import { sizeOf } from "../graph.ts";
import { type Attributes, whole } from "../ops/rule.ts";
import type { Emitter } from "./emitter.ts";
import type { OnnxRule } from "./rule.ts";

function geometry(attributes: Attributes): {
  strides: number[];
  pads: number[];
  stride: number;
  padding: number;
} {
  const stride = whole(attributes, "stride");
  const padding = whole(attributes, "padding");
  return { stride, padding, strides: [stride, stride], pads: [padding, padding, padding, padding] };
}

/** Largest values, and where they were in the flattened images. */
function maxPool(e: Emitter, x: string, attributes: Attributes): readonly string[] {
  const { strides, pads } = geometry(attributes);
  const size = whole(attributes, "size");
  return e.emitAll("MaxPool", [x], { attributes: { kernel_shape: [size, size], strides, pads }, outputs: 2 });
}

export const IMAGE: Readonly<Record<string, OnnxRule>> = {
  conv2d: (e, { names, attributes }) => {
    const { strides, pads } = geometry(attributes);
    return e.emit("Conv", names, { attributes: { strides, pads } });
  },
  conv2dInputGradient: (e, { names, inputs, output, attributes }) => {
    const { strides, pads, stride, padding } = geometry(attributes);
    const [g, w] = inputs;
    const rest = [2, 3].map(
      (axis) => output.shape[axis]! + 2 * padding - w!.shape[axis]! - (g!.shape[axis]! - 1) * stride,
    );
    return e.emit("ConvTranspose", names, { attributes: { strides, pads, output_padding: rest } });
  },
  /** A convolution of channels over images, in which the stride is between the weights. */
  conv2dWeightGradient: (e, { names: [x, g], inputs, output, attributes }) => {
    const { strides, pads, stride, padding } = geometry(attributes);
    const swap = { attributes: { perm: [1, 0, 2, 3] } };
    const sums = e.emit("Conv", [e.emit("Transpose", [x!], swap), e.emit("Transpose", [g!], swap)], {
      attributes: { dilations: strides, pads },
    });
    const got = [2, 3].map(
      (axis) => inputs[0]!.shape[axis]! + 2 * padding - stride * (inputs[1]!.shape[axis]! - 1),
    );
    const wanted = [output.shape[2]!, output.shape[3]!];
    const fits = got.every((size, axis) => size === wanted[axis]);
    // Where the stride leaves pixels over at the end, they give weights beyond the window.
    const cut = fits ? sums : e.emit("Slice", [sums, e.longs([0, 0]), e.longs(wanted), e.longs([2, 3])]);
    return e.emit("Transpose", [cut], swap);
  },
  maxPool2d: (e, { names, attributes }) => maxPool(e, names[0]!, attributes)[0]!,
  maxPool2dGradient: (e, { names: [x, g], inputs, output, attributes }) => {
    const places = maxPool(e, x!, attributes)[1]!;
    const zeros = e.emit("Expand", [e.float(0), e.longs([sizeOf(output.shape)])]);
    const count = [sizeOf(inputs[1]!.shape)];
    const sums = e.emit("ScatterElements", [zeros, e.reshape(places, count), e.reshape(g!, count)], {
      attributes: { axis: 0, reduction: "add" },
    });
    return e.reshape(sums, output.shape);
  },
};
