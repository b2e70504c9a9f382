/** A matrix and its bias, the part that most layers are made of. */
import type { Value } from "../../graph/graph.ts";
import { type Building, parameterOf, type Run } from "../module.ts";
import type { Init } from "../parameters.ts";

export interface Linear {
  readonly weight: string;
  readonly bias: string | null;
}

/** GPT-2's standard deviation (Radford et al. 2019). */
export const GPT2_STD = 0.02;
export const GPT2: Init = { is: "normal", std: GPT2_STD };

/** Declares `NAME.weight` [from, to] and `NAME.bias` [to]. */
export function linear(building: Building, name: string, from: number, to: number, bias: boolean): Linear {
  // PyTorch's own default for layers of features: uniform within 1 / √inputs.
  const uniform: Init = { is: "uniform", bound: 1 / Math.sqrt(from) };
  const weight = building.parameter(`${name}.weight`, [from, to], building.text ? GPT2 : uniform, true);
  building.projection = weight;
  return {
    weight,
    bias: bias
      ? building.parameter(`${name}.bias`, [to], building.text ? { is: "zeros" } : uniform, false)
      : null,
  };
}

/** x [..., from] → [..., to]. */
export function applyLinear(run: Run, { weight, bias }: Linear, x: Value): Value {
  const product = run.b.matmul(x, parameterOf(run, weight));
  return bias === null ? product : run.b.add(product, parameterOf(run, bias));
}
