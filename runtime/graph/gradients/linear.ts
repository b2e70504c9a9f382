/** Gradients of products and of what moves elements about. */
import type { Value } from "../graph.ts";
import { flag, list, real, whole } from "../ops/rule.ts";
import { type GradientRule, unbroadcast } from "./rule.ts";

export const LINEAR: Readonly<Record<string, GradientRule>> = {
  matmul: (b, { inputs, attributes, g }) => {
    const [x, y] = inputs as [Value, Value];
    const swapX = flag(attributes, "transposeA");
    const swapY = flag(attributes, "transposeB");
    const scale = real(attributes, "scale");
    return [
      () => {
        const product = swapX
          ? b.matmul(y, g, { transposeA: swapY, transposeB: true, scale })
          : b.matmul(g, y, { transposeB: !swapY, scale });
        return unbroadcast(b, product, x.shape);
      },
      () => {
        const product = swapY
          ? b.matmul(g, x, { transposeA: true, transposeB: swapX, scale })
          : b.matmul(x, g, { transposeA: !swapX, scale });
        return unbroadcast(b, product, y.shape);
      },
    ];
  },
  transpose: (b, { attributes, g }) => {
    const order = list(attributes, "order");
    return [
      () =>
        b.transpose(
          g,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ];
  },
  reshape: (b, { inputs, g }) => [() => b.reshape(g, inputs[0]!.shape)],
  broadcastTo: (b, { inputs, g }) => [() => unbroadcast(b, g, inputs[0]!.shape)],
  slice: (b, { inputs, attributes, g }) => {
    const axis = whole(attributes, "axis");
    const after = inputs[0]!.shape[axis]! - whole(attributes, "end");
    return [() => b.pad(g, axis, whole(attributes, "start"), after)];
  },
  pad: (b, { inputs, attributes, g }) => {
    const axis = whole(attributes, "axis");
    const start = whole(attributes, "before");
    return [() => b.slice(g, axis, start, start + inputs[0]!.shape[axis]!)];
  },
  concat: (b, { inputs, attributes, g }) => {
    const axis = whole(attributes, "axis");
    let end = 0;
    return inputs.map((input) => {
      const start = end;
      const stop = start + input.shape[axis]!;
      end = stop;
      return () => b.slice(g, axis, start, stop);
    });
  },
};
