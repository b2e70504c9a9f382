/** Preferences: one prompt, an answer that was chosen and one that was rejected. */
import { type Example, exampleOf } from "./examples.ts";
import type { Prompt, PromptCodec } from "./prompt.ts";
import type { TextRow } from "./rows.ts";

export interface Pair {
  readonly chosen: Example;
  readonly rejected: Example;
}

/** @param columns The columns that hold the two answers; rows have these and the prompt's inputs */
export function pairOf(
  tokenizer: PromptCodec,
  prompt: Pick<Prompt, "template">,
  { values }: TextRow,
  columns: { readonly chosen: string; readonly rejected: string },
  end: number | null,
): Pair {
  const side = (column: string) => exampleOf(tokenizer, prompt, values, values[column]!, end);
  return { chosen: side(columns.chosen), rejected: side(columns.rejected) };
}
