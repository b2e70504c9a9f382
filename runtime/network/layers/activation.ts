/** Activations: as words of other layers and as layers. */
import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/graph.ts";
import { ArchitectureError, type LayerBuilder, wordArgument } from "../module.ts";

type Apply = (b: GraphBuilder, x: Value) => Value;

const ACTIVATIONS: Readonly<Record<string, Apply>> = {
  none: (_, x) => x,
  gelu: (b, x) => b.gelu(x, "none"),
  gelu_tanh: (b, x) => b.gelu(x, "tanh"),
  relu: (b, x) => b.relu(x),
  silu: (b, x) => b.silu(x),
  tanh: (b, x) => b.tanh(x),
  sigmoid: (b, x) => b.sigmoid(x),
  softmax: (b, x) => b.softmax(x),
};

export function activation(name: string): Apply {
  const apply = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (apply === undefined) throw new ArchitectureError(`there is no activation \`${name}\``);
  return apply;
}

const layerOf = (name: string): LayerBuilder => {
  const apply = activation(name);
  return () => ({ apply: ({ b }, x) => apply(b, x) });
};

export const activationLayers: Readonly<Record<string, LayerBuilder>> = {
  gelu: (layer) => {
    const apply = activation(wordArgument(layer, "approximation", "none") === "tanh" ? "gelu_tanh" : "gelu");
    return { apply: ({ b }, x) => apply(b, x) };
  },
  relu: layerOf("relu"),
  silu: layerOf("silu"),
  tanh: layerOf("tanh"),
  sigmoid: layerOf("sigmoid"),
  softmax: layerOf("softmax"),
};
