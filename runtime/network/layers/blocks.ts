/** Layers that hold others. */
import { type LayerBuilder, type Module, numberArgument } from "../module.ts";

const residual: LayerBuilder = (layer, at, building) => {
  building.projection = null;
  const body = building.sequence(layer.layers ?? [], `${at}.`);
  if (building.projection !== null) building.residualProjections.push(building.projection);
  return { apply: (run, x) => run.b.add(x, body.apply(run, x)) };
};

const repeat: LayerBuilder = (layer, at, building) => {
  const bodies: Module[] = [];
  for (let time = 0; time < numberArgument(layer, "count"); time++)
    bodies.push(building.sequence(layer.layers ?? [], `${at}.${time}.`));
  return {
    apply: (run, x) =>
      bodies.reduce((value, body, time) => run.b.within(String(time), () => body.apply(run, value)), x),
  };
};

export const blockLayers: Readonly<Record<string, LayerBuilder>> = { residual, repeat };
