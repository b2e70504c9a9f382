/** `model: reward`: a judge of answers, learnt from pairs. */
import type { RewardModel } from "../../../stdlib/kinds/language-models.ts";
import type { StepContext, StepResult } from "../../execute/step.ts";
import { learnPairs } from "../language/preferences.ts";
import { recipe } from "../language/refusals.ts";

export const run = (context: StepContext): Promise<StepResult> =>
  // The checker accepted the props as such.
  recipe(context, () => learnPairs(context, context.props as unknown as RewardModel, null));
