/** How a base is learnt further: an adapter, some of its blocks, or all of it. */
import * as z from "zod";
import type { StepContext } from "../../execute/step.ts";
import type { TensorData } from "../../graph/graph.ts";
import type { Base } from "./base.ts";
import { blocksOf } from "./freeze.ts";
import { adapted, type Lora } from "./lora.ts";
import { type ModelOptions, modelInTraining, withAdditions } from "./model-in-training.ts";
import { refusal } from "./refusals.ts";

/** As the IR has it. */
const adapter = z.object({
  call: z.literal("lora"),
  args: z.object({
    rank: z.int().min(1),
    alpha: z.number(),
    dropout: z.number(),
    targets: z.enum(["attention", "all"]),
  }),
});

export interface AdaptationProps {
  readonly adapter?: unknown;
  readonly freeze?: number | undefined;
  readonly seed: number;
}

export interface Adaptation {
  readonly model: ModelOptions;
  readonly lora: Lora | null;
  /** To begin with. */
  readonly parameters: ReadonlyMap<string, TensorData>;
}

/** @throws StepFailure ML5278 for an adapter without a matrix to adapt, or more frozen blocks than there are */
export function adaptationOf(
  context: StepContext,
  base: Base,
  props: AdaptationProps,
  head: ModelOptions["head"],
): Adaptation {
  const lora: Lora | null = props.adapter === undefined ? null : adapter.parse(props.adapter).args;
  const freeze = props.freeze ?? null;
  const { parameters } = base.network;
  const blocks = blocksOf(parameters).length;
  if (lora !== null && adapted(parameters, lora.targets).length === 0) {
    const what = lora.targets === "attention" ? "no attention" : "no matrix in its blocks";
    throw refusal(context, "ML5278", { model: base.name, problem: `it has ${what} to adapt` }, "/adapter");
  }
  if (freeze !== null && freeze > blocks) {
    const problem = `it has ${blocks} ${blocks === 1 ? "block" : "blocks"}, and ${freeze} are to be frozen`;
    throw refusal(context, "ML5278", { model: base.name, problem }, "/freeze");
  }
  const model = { layers: base.architecture.layers, lora, freeze, head };
  const inTraining = modelInTraining(model);
  return { model, lora, parameters: withAdditions(inTraining, base.weights, props.seed) };
}
