/** Gradients of convolution and pooling. */
import type { Value } from "../graph.ts";
import type { GradientRule } from "./rule.ts";

export const IMAGE: Readonly<Record<string, GradientRule>> = {
  conv2d: (b, { inputs, attributes, g }) => {
    const [x, w] = inputs as [Value, Value];
    return [
      () => b.op("conv2dInputGradient", [g, w], { ...attributes, shape: x.shape }),
      () => b.op("conv2dWeightGradient", [x, g], { ...attributes, shape: w.shape }),
    ];
  },
  maxPool2d: (b, { inputs, attributes, g }) => [() => b.op("maxPool2dGradient", [inputs[0]!, g], attributes)],
};
