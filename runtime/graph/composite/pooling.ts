/** Pooling by means, which is a convolution of each channel with equal weights. */
import type { GraphBuilder } from "../builder.ts";
import type { Value } from "../graph.ts";
import { shapeText } from "../ops/rule.ts";

/** See `GraphBuilder.averagePool2d`. */
export function averagePool2d(
  b: GraphBuilder,
  x: Value,
  { size, stride, padding }: { readonly size: number; readonly stride: number; readonly padding: number },
): Value {
  const [images, channels, height, width] = x.shape;
  if (x.shape.length !== 4) b.fail("averagePool2d", `takes images [N, C, H, W], not ${shapeText(x.shape)}`);
  if (stride === size && padding === 0 && height! % size === 0 && width! % size === 0) {
    const tiles = b.reshape(x, [images!, channels!, height! / size, size, width! / size, size]);
    return b.mean(tiles, [3, 5]);
  }
  const alone = b.reshape(x, [images! * channels!, 1, height!, width!]);
  const weights = b.constant(new Float32Array(size * size).fill(1 / (size * size)), [1, 1, size, size]);
  const means = b.conv2d(alone, weights, { stride, padding });
  return b.reshape(means, [images!, channels!, means.shape[2]!, means.shape[3]!]);
}
