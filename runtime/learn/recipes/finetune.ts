/** `model: finetune`: a language model taught to answer, by all of its weights, its last blocks, or an adapter. */
import type { Finetune } from "../../../stdlib/kinds/language-models.ts";
import type { StepContext, StepResult } from "../../execute/step.ts";
import { adaptationOf } from "../language/adaptation.ts";
import { loadBase } from "../language/base.ts";
import { bucketsFor } from "../language/buckets.ts";
import { Instructions } from "../language/instructions.ts";
import { needed } from "../language/likelihood-batches.ts";
import type { LikelihoodData, LikelihoodOptions, LikelihoodResult } from "../language/likelihood-recipe.ts";
import { factsOf, filesOf, stopNote } from "../language/outcome.ts";
import { batchingOf, planOf } from "../language/plan-of.ts";
import { recipe } from "../language/refusals.ts";
import { runTraining } from "../training/run-training.ts";

export const run = (context: StepContext): Promise<StepResult> => recipe(context, () => finetune(context));

async function finetune(context: StepContext): Promise<StepResult> {
  const props = context.props as unknown as Finetune; // the checker accepted it as such
  const base = await loadBase(context, "base", ["decoder", "encoder_decoder"]);
  const instructions = new Instructions(context, base);
  const completion = props.completion ?? instructions.prompt.output[0]!.name;
  const examples = (await instructions.examples("data", completion))!;
  const validation = await instructions.examples("validate", completion);
  const lengths = [...examples, ...(validation ?? [])].map(needed);
  const { model, lora, parameters } = adaptationOf(context, base, props, null);
  const options: LikelihoodOptions = { model, ...batchingOf(props), before: true };
  const data: LikelihoodData = {
    material: { is: "examples", examples, buckets: bucketsFor(lengths, base.architecture.context) },
    validation,
  };
  context.log(`${examples.length} examples`);
  const trained = await runTraining(
    {
      recipe: "likelihood",
      options,
      parameters,
      data,
      plan: planOf(props, context),
      engine: props.engine,
      threads: context.threads,
    },
    context,
  );
  const judged = trained.finished as LikelihoodResult;
  const generation = { ...base.generation, prompt: instructions.prompt, completion };
  const outcome = { base, lora, trained, parameters: trained.parameters, generation };
  return {
    outputs: await filesOf(context, outcome),
    summary: {
      task: base.architecture.kind === "encoder_decoder" ? "sequence" : "language",
      ...factsOf(outcome),
      examples: examples.length,
      validation_loss: judged.validation,
      base_validation_loss: judged.before,
    },
    notes: [
      ...(judged.before === null
        ? []
        : [`validation loss ${judged.validation!.toFixed(4)}; the base's is ${judged.before.toFixed(4)}`]),
      ...stopNote(trained),
    ],
    diagnostics: instructions.diagnostics,
  };
}
