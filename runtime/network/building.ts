/** What layers are made with: who makes each, and what they declare. */
import { activationLayers } from "./layers/activation.ts";
import { attentionLayers } from "./layers/attention.ts";
import { blockLayers } from "./layers/blocks.ts";
import { convolutionLayers } from "./layers/convolution.ts";
import { denseLayers } from "./layers/dense.ts";
import { GPT2_STD } from "./layers/linear.ts";
import { tokenLayers } from "./layers/tokens.ts";
import { ArchitectureError, type Building, type Extent, type LayerBuilder } from "./module.ts";
import type { ParameterSpec } from "./parameters.ts";

const BUILDERS: Readonly<Record<string, LayerBuilder>> = {
  ...tokenLayers,
  ...denseLayers,
  ...activationLayers,
  ...attentionLayers,
  ...blockLayers,
  ...convolutionLayers,
};

/** @param parameters filled as layers are made
 * @param text whether ids come in: GPT-2's first values */
export function buildingOf(
  parameters: Map<string, ParameterSpec>,
  text: boolean,
  extent: Extent | null,
): Building {
  const building: Building = {
    parameter(name, shape, init, decay) {
      parameters.set(name, { name, shape, init, decay });
      return name;
    },
    extent,
    rotary: null,
    table: null,
    encoderTable: null,
    sourceWidth: 0,
    context: 0,
    projection: null,
    residualProjections: [],
    caches: [],
    crosses: [],
    text,
    sequence(layers, prefix, from = 0) {
      const modules = layers.map((layer, index) => {
        const name = `${index + from}.${layer.layer}`;
        const make = Object.hasOwn(BUILDERS, layer.layer) ? BUILDERS[layer.layer] : undefined;
        if (make === undefined) throw new ArchitectureError(`there is no layer \`${layer.layer}\` here`);
        return { name, module: make(layer, `${prefix}${name}`, building) };
      });
      return {
        apply: (run, x) =>
          modules.reduce((value, { name, module }) => run.b.within(name, () => module.apply(run, value)), x),
      };
    },
  };
  return building;
}

/** The last matrix of every residual begins smaller by √(how many add up) (Radford et al. 2019, 2.3). */
export function scaledResiduals(parameters: readonly ParameterSpec[], building: Building): ParameterSpec[] {
  const { residualProjections, text } = building;
  if (!text) return [...parameters];
  const std = GPT2_STD / Math.sqrt(Math.max(1, residualProjections.length));
  const smaller = new Set(residualProjections);
  return parameters.map((one) => (smaller.has(one.name) ? { ...one, init: { is: "normal", std } } : one));
}
