/** Small networks with weights from a seed, and what they say computed without a cache. */
import type { Layer } from "../../language/vocabulary/layer.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import type { TensorData } from "../../runtime/graph/graph.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { compileArchitecture, initialise, type Network } from "../../runtime/network/network.ts";

export const layer = (name: string, args: Layer["args"] = {}, layers?: readonly Layer[]): Layer => ({
  layer: name,
  args,
  ...(layers === undefined ? {} : { layers }),
});
const residual = (...layers: Layer[]) => layer("residual", {}, layers);

export const VOCABULARY = 40;
const WIDTH = 16;

export const decoder = (context: number, positions = "learned"): Layer[] => [
  layer("embedding", { vocabulary: VOCABULARY, width: WIDTH }),
  layer("positions", { length: context, kind: positions }),
  layer("repeat", { count: 2 }, [
    residual(layer("layer_norm"), layer("attention", { heads: 4, kv_heads: 2, causal: true })),
    residual(layer("rms_norm"), layer("swiglu", { units: 24 }), layer("dense", { units: WIDTH })),
  ]),
  layer("layer_norm"),
  layer("logits", { tied: false }),
];

export const encoderDecoder = (context: number): Layer[] => [
  layer("encoder", {}, [
    layer("embedding", { vocabulary: VOCABULARY, width: WIDTH }),
    layer("positions", { length: context }),
    residual(layer("layer_norm"), layer("attention", { heads: 2 })),
  ]),
  layer("decoder", {}, [
    layer("embedding", { vocabulary: VOCABULARY, width: WIDTH }),
    layer("positions", { length: context }),
    residual(layer("layer_norm"), layer("attention", { heads: 2, causal: true })),
    residual(layer("layer_norm"), layer("cross_attention", { heads: 2 })),
    layer("logits", { tied: false }),
  ]),
];

export interface Made {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, TensorData>;
}

/** Weights larger than at first, so that the likeliest token is clear. */
export function made(layers: readonly Layer[]): Made {
  const network = compileArchitecture({ layers });
  const weights = initialise(network, 3);
  for (const [name, { data }] of weights)
    if (!name.endsWith("gain")) for (let i = 0; i < data.length; i++) data[i] = 8 * data[i]!;
  return { network, weights };
}

/** Logits [V] after the last of `ids`, from the whole text at once, in float64. */
export function logitsAfter({ network, weights }: Made, ids: readonly number[], source?: readonly number[]) {
  const b = new GraphBuilder();
  const p = new Map(
    network.parameters.map(({ name }) => {
      const { data, shape } = weights.get(name)!;
      return [name, b.constant(data, shape)];
    }),
  );
  const tokens = (all: readonly number[]) => b.constant(Int32Array.from(all), [1, all.length], "int32");
  const input = { ids: tokens(ids), ...(source && { source: tokens(source) }) };
  b.output("logits", network.forward(b, p, input));
  const all = interpret(b.graph(), {})["logits"]!.data;
  return Array.from(all.slice(-network.vocabulary));
}

/** The likeliest text, computed anew from its beginning for every token. */
export function greedy(model: Made, prompt: readonly number[], count: number, source?: readonly number[]) {
  const ids = [...prompt];
  for (let i = 0; i < count; i++) {
    const logits = logitsAfter(model, ids, source);
    ids.push(logits.indexOf(Math.max(...logits)));
  }
  return ids.slice(prompt.length);
}
