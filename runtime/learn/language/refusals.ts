/** What a recipe of a language model finds wrong, as diagnostics at its declaration. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import { type StepContext, StepFailure } from "../../execute/step.ts";
import { UnknownText } from "../../text/tokenizer/problem.ts";
import { translated } from "../translated.ts";

/** A reference as the spec writes it: `qa.train`. */
export const writtenOf = ({ ref, part }: Reference): string =>
  [ref.slice(ref.indexOf(".") + 1), part].filter(Boolean).join(".");

export function refusal(
  context: Pick<StepContext, "declaration">,
  code: `ML52${number}`,
  values: Readonly<Record<string, string>>,
  pointer: string,
): StepFailure {
  return new StepFailure({ code, values, declaration: context.declaration.id, pointer });
}

/** Runs a recipe's work; @throws StepFailure also for texts that the tokenizer cannot encode (ML5277) */
export async function recipe<T>(context: StepContext, work: () => Promise<T>): Promise<T> {
  try {
    return await translated(context.declaration.id, work);
  } catch (error) {
    if (!(error instanceof UnknownText)) throw error;
    throw refusal(context, "ML5277", { text: JSON.stringify(error.text) }, "/data");
  }
}
