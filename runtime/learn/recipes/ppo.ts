/** `model: ppo`: a language model that learns from a reward model's judgement of its answers (Schulman et al. 2017). */
import type { Ppo } from "../../../stdlib/kinds/language-models.ts";
import type { StepContext, StepResult } from "../../execute/step.ts";
import { adaptationOf } from "../language/adaptation.ts";
import { loadBase } from "../language/base.ts";
import { Instructions } from "../language/instructions.ts";
import { VALUE_BIAS, VALUE_WEIGHT } from "../language/losses/policy.ts";
import { REWARD_WEIGHT } from "../language/losses/preference.ts";
import { factsOf, filesOf, stopNote } from "../language/outcome.ts";
import { batchingOf, planOf } from "../language/plan-of.ts";
import type { PolicyData, PolicyOptions, PolicyResult } from "../language/policy-recipe.ts";
import { recipe, refusal } from "../language/refusals.ts";
import { runTraining } from "../training/run-training.ts";

export const run = (context: StepContext): Promise<StepResult> => recipe(context, () => ppo(context));

async function ppo(context: StepContext): Promise<StepResult> {
  const props = context.props as unknown as Ppo; // the checker accepted it as such
  const base = await loadBase(context, "base");
  const judge = await loadBase(context, "reward");
  if (!judge.weights.has(REWARD_WEIGHT)) throw new Error(`${judge.name} is no reward model`);
  if (judge.tokenizer.toJson() !== base.tokenizer.toJson())
    throw refusal(context, "ML5281", { base: base.name, reward: judge.name }, "/reward");
  const instructions = new Instructions(context, base);
  const prompts = (await instructions.prompts("data")).filter((ids) => ids.length > 0);
  const longest = prompts.reduce((most, { length }) => Math.max(most, length), 0);
  const room = Math.min(base.architecture.context, judge.architecture.context) - longest;
  const answer = Math.min(props.max_tokens, room);
  if (prompts.length === 0 || answer < 1) {
    const problem =
      prompts.length === 0
        ? "the prompt is empty, and an answer needs a token to stand behind"
        : `the longest prompt has ${longest} tokens and leaves no room for an answer`;
    throw refusal(context, "ML5280", { attribute: "prompt", problem }, "/prompt");
  }
  const { model, lora, parameters } = adaptationOf(context, base, props, "value");
  const options: PolicyOptions = {
    model,
    reward: judge.architecture.layers,
    // A round is learnt from whole.
    ...batchingOf({ ...props, accumulate: 1 }),
    epochs: props.epochs,
    ratioClip: props.ratio_clip,
    temperature: props.temperature,
    klWeight: props.kl_weight,
    klLimit: props.kl_limit,
    prompt: longest,
    answer,
    end: base.generation.end,
  };
  const data: PolicyData = { prompts, reward: judge.weights };
  context.log(`${prompts.length} prompts, answers of ${answer} tokens at most`);
  const trained = await runTraining(
    {
      recipe: "policy",
      options,
      parameters,
      data,
      plan: planOf(props, context),
      engine: props.engine,
      threads: context.threads,
    },
    context,
  );
  const { before, after, parameters: within, stopped } = trained.finished as PolicyResult;
  const generation = { ...base.generation, prompt: instructions.prompt };
  const outcome = {
    base,
    lora,
    trained,
    parameters: within ?? trained.parameters,
    generation,
    leave: [VALUE_WEIGHT, VALUE_BIAS],
  };
  return {
    outputs: await filesOf(context, outcome),
    summary: {
      task: "language",
      ...factsOf(outcome),
      prompts: prompts.length,
      reward: after.reward,
      base_reward: before.reward,
      kl: after.kl,
    },
    notes: [
      `reward ${after.reward.toFixed(3)}, the base's is ${before.reward.toFixed(3)}; ${after.kl.toFixed(2)} nats from it`,
      ...stopNote({ steps: trained.steps, stopped: trained.stopped ?? stopped }),
    ],
    diagnostics: [
      ...instructions.diagnostics,
      ...(stopped === null
        ? []
        : [
            {
              code: "ML5282",
              values: { limit: String(props.kl_limit), steps: String(trained.steps) },
              declaration: context.declaration.id,
              pointer: "/kl_limit",
            },
          ]),
    ],
  };
}
