/** Layers that work on each vector by itself. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { Value } from "../../graph/graph.ts";
import {
  type Building,
  flagArgument,
  type LayerBuilder,
  numberArgument,
  optionalNumber,
  parameterOf,
  type Run,
  widened,
  widthOf,
  wordArgument,
} from "../module.ts";
import { activation } from "./activation.ts";
import { applyLinear, linear } from "./linear.ts";

const dense: LayerBuilder = (layer, at, building) => {
  const units = numberArgument(layer, "units");
  const made = linear(building, at, widthOf(building, layer), units, flagArgument(layer, "bias", true));
  const through = activation(wordArgument(layer, "activation", "none"));
  building.extent = widened(building, units);
  return { apply: (run, x) => through(run.b, applyLinear(run, made, x)) };
};

/** down(activation(gate(x)) · up(x)) (Shazeer 2020). */
const gatedWith =
  (word: (layer: Layer) => string): LayerBuilder =>
  (layer, at, building) => {
    const width = widthOf(building, layer);
    const units = numberArgument(layer, "units");
    const bias = flagArgument(layer, "bias", false);
    const through = activation(word(layer));
    const gate = linear(building, `${at}.gate`, width, units, bias);
    const up = linear(building, `${at}.up`, width, units, bias);
    const down = linear(building, `${at}.down`, units, width, bias);
    return {
      apply: (run, x) => {
        const opened = through(run.b, applyLinear(run, gate, x));
        return applyLinear(run, down, run.b.mul(opened, applyLinear(run, up, x)));
      },
    };
  };

/**
 * Inverted dropout (Srivastava et al. 2014): what stays is scaled up, so that nothing changes when not training. A graph
 * that holds a network twice builds each inside a scope of its own.
 */
export function dropped(run: Run, x: Value, rate: number): Value {
  if (!run.training || rate === 0) return x;
  const { b } = run;
  if (rate >= 1) return b.mul(x, 0);
  const drawn = b.random(`${b.scope}.drawn`, x.shape);
  return b.where(b.less(drawn, rate), 0, b.mul(x, 1 / (1 - rate)));
}

const dropout: LayerBuilder = (layer) => {
  const rate = optionalNumber(layer, "rate") ?? 0.1;
  return { apply: (run, x) => dropped(run, x, rate) };
};

const gain = (building: Building, at: string, width: number): string =>
  building.parameter(`${at}.gain`, [width], { is: "ones" }, false);

const layerNorm: LayerBuilder = (layer, at, building) => {
  const width = widthOf(building, layer);
  const epsilon = optionalNumber(layer, "epsilon") ?? 1e-5;
  const gamma = gain(building, at, width);
  const beta = flagArgument(layer, "bias", true)
    ? building.parameter(`${at}.bias`, [width], { is: "zeros" }, false)
    : null;
  return {
    apply: (run, x) =>
      run.b.layerNorm(x, parameterOf(run, gamma), beta === null ? null : parameterOf(run, beta), epsilon),
  };
};

const rmsNorm: LayerBuilder = (layer, at, building) => {
  const epsilon = optionalNumber(layer, "epsilon") ?? 1e-6;
  const gamma = gain(building, at, widthOf(building, layer));
  return { apply: (run, x) => run.b.rmsNorm(x, parameterOf(run, gamma), epsilon) };
};

export const denseLayers: Readonly<Record<string, LayerBuilder>> = {
  dense,
  gated: gatedWith((layer) => wordArgument(layer, "activation", "silu")),
  swiglu: gatedWith(() => "silu"),
  dropout,
  layer_norm: layerNorm,
  rms_norm: rmsNorm,
};
