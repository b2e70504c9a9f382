/** Recipes that train, by the name that a job gives; each module builds its graph where it is used, in the worker. */
import type { TrainingRecipe } from "./job.ts";

const RECIPES = {
  network: async (): Promise<TrainingRecipe> => import("../network/recipe.ts"),
  likelihood: async (): Promise<TrainingRecipe> => import("../language/likelihood-recipe.ts"),
  preference: async (): Promise<TrainingRecipe> => import("../language/preference-recipe.ts"),
  policy: async (): Promise<TrainingRecipe> => import("../language/policy-recipe.ts"),
};

export type RecipeName = keyof typeof RECIPES;

export const recipe = (name: RecipeName): Promise<TrainingRecipe> => RECIPES[name]();
