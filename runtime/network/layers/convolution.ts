/** Convolutions and pooling over sequences and images. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/graph.ts";
import {
  ArchitectureError,
  type Building,
  type Extent,
  flagArgument,
  type LayerBuilder,
  numberArgument,
  optionalNumber,
  parameterOf,
  type Run,
  widthOf,
  wordArgument,
} from "../module.ts";
import { activation } from "./activation.ts";
import { applyLinear, linear } from "./linear.ts";

type Image = Extract<Extent, { is: "image" }>;

function imageOf(building: Building, layer: Layer): Image {
  const { extent } = building;
  if (extent?.is !== "image")
    throw new ArchitectureError(`${layer.layer} reads images, and none come before it`);
  return extent;
}

export type Padding = "same" | "valid" | "causal";

/** How many windows fit, and the zeros before and after (`same`: as many windows as there are strides). */
export function windows(
  length: number,
  size: number,
  stride: number,
  padding: Padding,
): [number, number, number] {
  if (padding === "valid") return [Math.floor((length - size) / stride) + 1, 0, 0];
  const count = Math.ceil(length / stride);
  if (padding === "causal") return [count, size - 1, 0];
  const zeros = Math.max(0, (count - 1) * stride + size - length);
  return [count, Math.floor(zeros / 2), zeros - Math.floor(zeros / 2)];
}

/** Along axis 1 of x [B, T, …]: every `stride`th element from `start`, `count` of them. */
function every(b: GraphBuilder, x: Value, start: number, count: number, stride: number): Value {
  const taken = b.slice(x, 1, start, start + (count - 1) * stride + 1);
  if (stride === 1) return taken;
  const whole = b.pad(taken, 1, 0, count * stride - taken.shape[1]!);
  const [batch, , ...rest] = whole.shape as [number, number];
  const apart = b.reshape(whole, [batch, count, stride, ...rest]);
  return b.reshape(b.slice(apart, 2, 0, 1), [batch, count, ...rest]);
}

/** A token stands where the window's first one does. */
function shortened(run: Run, count: number, stride: number): void {
  if (run.mask !== null && (stride !== 1 || run.mask.shape[1] !== count))
    run.mask = every(run.b, run.mask, 0, count, stride);
}

/** A cache keeps what attention needs of past tokens, and nothing else. */
function uncached({ cache }: Run, { layer }: Layer): void {
  if (cache !== null)
    throw new ArchitectureError(`an architecture with ${layer} cannot write token by token`);
}

const conv1d: LayerBuilder = (layer, at, building) => {
  const width = widthOf(building, layer);
  const filters = numberArgument(layer, "filters");
  const size = numberArgument(layer, "size");
  const stride = optionalNumber(layer, "stride") ?? 1;
  const padding = wordArgument(layer, "padding", "same") as Padding;
  const through = activation(wordArgument(layer, "activation", "none"));
  const made = linear(building, at, size * width, filters, flagArgument(layer, "bias", true));
  building.extent = { is: "tokens", width: filters };
  return {
    apply: (run, x) => {
      const { b } = run;
      uncached(run, layer);
      const [count, before, after] = windows(x.shape[1]!, size, stride, padding);
      const clean = run.mask === null ? x : b.mul(x, b.reshape(run.mask, [...run.mask.shape, 1]));
      const padded = b.pad(clean, 1, before, after);
      const seen = Array.from({ length: size }, (_, offset) => every(b, padded, offset, count, stride));
      shortened(run, count, stride);
      return through(b, applyLinear(run, made, b.concat(seen, 2)));
    },
  };
};

const conv2d: LayerBuilder = (layer, at, building) => {
  const image = imageOf(building, layer);
  const filters = numberArgument(layer, "filters");
  const size = numberArgument(layer, "size");
  const stride = optionalNumber(layer, "stride") ?? 1;
  const padding = wordArgument(layer, "padding", "same") as Padding;
  const through = activation(wordArgument(layer, "activation", "none"));
  const [height, top, bottom] = windows(image.height, size, stride, padding);
  const [width, left, right] = windows(image.width, size, stride, padding);
  if (height < 1 || width < 1) throw new ArchitectureError(`conv2d is larger than its image`);
  const init = { is: "uniform", bound: 1 / Math.sqrt(image.channels * size * size) } as const;
  const weight = building.parameter(`${at}.weight`, [filters, image.channels, size, size], init, true);
  const bias = flagArgument(layer, "bias", true)
    ? building.parameter(`${at}.bias`, [filters], init, false)
    : null;
  building.projection = null;
  building.extent = { is: "image", channels: filters, height, width };
  return {
    apply: (run, x) => {
      const { b } = run;
      const even = top === bottom && left === right && top === left;
      const padded = even ? x : b.pad(b.pad(x, 2, top, bottom), 3, left, right);
      const made = b.conv2d(padded, parameterOf(run, weight), { stride, padding: even ? top : 0 });
      return through(
        b,
        bias === null ? made : b.add(made, b.reshape(parameterOf(run, bias), [1, filters, 1, 1])),
      );
    },
  };
};

const pool =
  (by: "max" | "average"): LayerBuilder =>
  (layer, _, building) => {
    const size = numberArgument(layer, "size");
    const stride = optionalNumber(layer, "stride") ?? size;
    const { extent } = building;
    if (extent?.is === "image") {
      const height = windows(extent.height, size, stride, "valid")[0];
      const width = windows(extent.width, size, stride, "valid")[0];
      if (height < 1 || width < 1) throw new ArchitectureError(`${layer.layer} is larger than its image`);
      building.extent = { ...extent, height, width };
      return {
        apply: ({ b }, x) =>
          by === "max" ? b.maxPool2d(x, { size, stride }) : b.averagePool2d(x, { size, stride }),
      };
    }
    if (extent?.is !== "tokens")
      throw new ArchitectureError(`${layer.layer} reads images or sequences, and none come before it`);
    return {
      apply: (run, x) => {
        const { b } = run;
        uncached(run, layer);
        const count = windows(x.shape[1]!, size, stride, "valid")[0];
        const seen = Array.from({ length: size }, (_, offset) => every(b, x, offset, count, stride));
        shortened(run, count, stride);
        const all = seen.reduce((one, other) => (by === "max" ? b.maximum(one, other) : b.add(one, other)));
        return by === "max" ? all : b.mul(all, 1 / size);
      },
    };
  };

const globalPool: LayerBuilder = (layer, _, building) => {
  const max = wordArgument(layer, "by", "average") === "max";
  const { extent } = building;
  if (extent === null || extent.is === "vector")
    throw new ArchitectureError("global_pool reads images or sequences, and none come before it");
  building.extent = { is: "vector", width: extent.is === "image" ? extent.channels : extent.width };
  return {
    apply: (run, x) => {
      const { b } = run;
      if (extent.is === "image") return max ? b.max(x, [2, 3]) : b.mean(x, [2, 3]);
      return pooled(run, x, max ? "max" : "mean");
    },
  };
};

/** [B, T, width] → [B, width] over the tokens that stand there. */
export function pooled(run: Run, x: Value, by: "max" | "mean"): Value {
  const { b, mask } = run;
  if (mask === null) return by === "max" ? b.max(x, [1]) : b.mean(x, [1]);
  const there = b.reshape(mask, [...mask.shape, 1]);
  if (by === "max") return b.max(b.add(x, b.mul(b.sub(there, 1), 1e9)), [1]);
  return b.div(b.sum(b.mul(x, there), [1]), b.maximum(b.sum(there, [1]), 1));
}

const flatten: LayerBuilder = (layer, _, building) => {
  const image = imageOf(building, layer);
  const width = image.channels * image.height * image.width;
  building.extent = { is: "vector", width };
  return { apply: ({ b }, x) => b.reshape(x, [x.shape[0]!, width]) };
};

export const convolutionLayers: Readonly<Record<string, LayerBuilder>> = {
  conv1d,
  conv2d,
  max_pool: pool("max"),
  average_pool: pool("average"),
  global_pool: globalPool,
  flatten,
};
