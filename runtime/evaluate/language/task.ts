/** Which models are judged as language models; light, because every evaluation asks. */
import type { Task } from "../../../language/vocabulary/kind.ts";
import type { Json } from "../../execute/step.ts";

export type LanguageTask = Exclude<Task, "binary" | "multiclass" | "regression">;

const TASKS: readonly Json[] = ["language", "sequence", "preference"] satisfies readonly LanguageTask[];

/** Whether the task in a model's summary is one of these. */
export const isLanguageTask = (task: Json | undefined): task is LanguageTask =>
  task !== undefined && TASKS.includes(task);
