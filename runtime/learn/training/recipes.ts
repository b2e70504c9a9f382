/** Recipes that train, by the name that a job gives; each module builds its graph where it is used, in the worker. */
import type { TrainingRecipe } from "./job.ts";

const RECIPES = {
  network: async (): Promise<TrainingRecipe> => import("../network/recipe.ts"),
};

export type RecipeName = keyof typeof RECIPES;

export const recipe = (name: RecipeName): Promise<TrainingRecipe> => RECIPES[name]();
