/** `model: dpo`: a language model moved towards the better of two answers (Rafailov et al. 2023). */
import type { Dpo } from "../../../stdlib/kinds/language-models.ts";
import type { StepContext, StepResult } from "../../execute/step.ts";
import { learnPairs } from "../language/preferences.ts";
import { recipe } from "../language/refusals.ts";

export function run(context: StepContext): Promise<StepResult> {
  const props = context.props as unknown as Dpo; // the checker accepted it as such
  return recipe(context, () => learnPairs(context, props, props.beta));
}
