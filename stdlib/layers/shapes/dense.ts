/** Shapes of layers that work on each vector by itself. */
import { constant, times } from "./count.ts";
import { isTrue, misplaced, type Rule, sizeOf, sizeOfRow, widthIn, withWidth } from "./walk.ts";

const dense: Rule = (flow, walk) => {
  const width = widthIn(flow, walk);
  const units = sizeOf(walk.layer, "units");
  if (width === null) return flow;
  walk.learns(times(width, units));
  if (isTrue(walk.layer, "bias")) walk.learns(units);
  walk.keeps(units);
  if ((walk.layer.args["activation"] ?? "none") !== "none") walk.keeps(units);
  return withWidth(flow, units);
};

const gated: Rule = (flow, walk) => {
  const width = widthIn(flow, walk);
  if (width === null) return flow;
  const units = sizeOf(walk.layer, "units");
  walk.learns(times(constant(3), width, units));
  if (isTrue(walk.layer, "bias")) walk.learns(units, units, width);
  // The gate, what it becomes, up, their product; down.
  walk.keeps(times(constant(4), units), width);
  return flow;
};

const norm =
  (hasBias: (args: Parameters<typeof isTrue>[0]) => boolean): Rule =>
  (flow, walk) => {
    const width = widthIn(flow, walk);
    if (width === null) return flow;
    walk.learns(width);
    if (hasBias(walk.layer)) walk.learns(width);
    walk.keeps(width);
    return flow;
  };

/** Each number by itself: any shape fits. */
const elementwise: Rule = (flow, walk) => {
  if (flow.is === "ids") misplaced(flow, walk, "numbers");
  else walk.keeps(times(...sizeOfRow(flow)));
  return flow;
};

const dropout: Rule = (flow, walk) => (walk.layer.args["rate"] === 0 ? flow : elementwise(flow, walk));

export const denseRules: Readonly<Record<string, Rule>> = {
  dense,
  gated,
  swiglu: gated,
  layer_norm: norm((layer) => isTrue(layer, "bias")),
  rms_norm: norm(() => false),
  dropout,
  gelu: elementwise,
  relu: elementwise,
  silu: elementwise,
  tanh: elementwise,
  sigmoid: elementwise,
  softmax: elementwise,
};
