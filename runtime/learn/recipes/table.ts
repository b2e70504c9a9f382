/** The variants of `model` that are recipes of their own, each in its file. */
import type { StepContext, StepResult } from "../../execute/step.ts";

interface Recipe {
  run(context: StepContext): Promise<StepResult>;
}

export const RECIPES: Readonly<Record<string, () => Promise<Recipe>>> = {
  pretrain: () => import("./pretrain.ts"),
  finetune: () => import("./finetune.ts"),
  reward: () => import("./reward.ts"),
  dpo: () => import("./dpo.ts"),
  ppo: () => import("./ppo.ts"),
  huggingface: () => import("./huggingface.ts"),
};
