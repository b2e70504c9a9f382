/** First values of a network's parameters, from a seed alone. */
import { sizeOf, type TensorData } from "../graph/graph.ts";
import { type Random, random } from "../learn/random.ts";
import type { Init, ParameterSpec } from "./parameters.ts";

/** Each parameter draws from a stream of its own, so that a layer's values do not depend on what is drawn before. */
export function initialise(
  network: { readonly parameters: readonly ParameterSpec[] },
  seed: number,
): Map<string, TensorData> {
  return new Map(
    network.parameters.map(({ name, shape, init }, stream) => {
      const data = new Float32Array(sizeOf(shape));
      fill(data, init, random(seed, stream));
      return [name, { type: "float32", shape, data }];
    }),
  );
}

function fill(data: Float32Array, init: Init, source: Random): void {
  switch (init.is) {
    case "zeros":
      return;
    case "ones":
      data.fill(1);
      return;
    case "uniform":
      for (let i = 0; i < data.length; i++) data[i] = (2 * source.next() - 1) * init.bound;
      return;
    case "normal":
      // Box and Muller 1958: two numbers at a time.
      for (let i = 0; i < data.length; i += 2) {
        const radius = init.std * Math.sqrt(-2 * Math.log(1 - source.next()));
        const angle = 2 * Math.PI * source.next();
        data[i] = radius * Math.cos(angle);
        if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
      }
  }
}
