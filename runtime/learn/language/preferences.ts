/** What `reward` and `dpo` have in common: a base that learns from pairs. */
import type { Dpo, RewardModel } from "../../../stdlib/kinds/language-models.ts";
import type { StepContext, StepResult } from "../../execute/step.ts";
import { runTraining } from "../training/run-training.ts";
import { adaptationOf } from "./adaptation.ts";
import { loadBase } from "./base.ts";
import { bucketsFor } from "./buckets.ts";
import { Instructions } from "./instructions.ts";
import { factsOf, filesOf, stopNote } from "./outcome.ts";
import { batchingOf, planOf } from "./plan-of.ts";
import { pairLength } from "./preference-batches.ts";
import type { PreferenceData, PreferenceOptions, PreferenceResult } from "./preference-recipe.ts";

/** @param beta null for a reward model */
export async function learnPairs(
  context: StepContext,
  props: RewardModel | Dpo,
  beta: number | null,
): Promise<StepResult> {
  const base = await loadBase(context, "base");
  const instructions = new Instructions(context, base);
  const pairs = (await instructions.pairs("data", props))!;
  const validation = await instructions.pairs("validate", props);
  const lengths = [...pairs, ...(validation ?? [])].map((pair) => pairLength(pair) + 1);
  const { model, lora, parameters } = adaptationOf(context, base, props, beta === null ? "reward" : null);
  const options: PreferenceOptions = { model, beta, ...batchingOf(props) };
  const data: PreferenceData = {
    pairs,
    validation,
    buckets: bucketsFor(lengths, base.architecture.context),
  };
  context.log(`${pairs.length} pairs`);
  const trained = await runTraining(
    {
      recipe: "preference",
      options,
      parameters,
      data,
      plan: planOf(props, context),
      engine: props.engine,
      threads: context.threads,
    },
    context,
  );
  const { validation: judged } = trained.finished as PreferenceResult;
  const generation = { ...base.generation, prompt: instructions.prompt };
  const outcome = { base, lora, trained, parameters: trained.parameters, generation };
  return {
    outputs: await filesOf(context, outcome),
    summary: {
      task: beta === null ? "preference" : "language",
      ...factsOf(outcome),
      pairs: pairs.length,
      validation_loss: judged?.loss ?? null,
      pair_accuracy: judged?.accuracy ?? null,
    },
    notes: [
      ...(judged === null
        ? []
        : [`${(100 * judged.accuracy).toFixed(1)}% of the held-out pairs are the right way around`]),
      ...stopNote(trained),
    ],
    diagnostics: instructions.diagnostics,
  };
}
