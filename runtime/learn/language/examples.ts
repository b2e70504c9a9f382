/** Prompts and completions as tokens, and which of them count in the loss. */
import { encodePrompt, type Prompt, type PromptCodec, type Values } from "./prompt.ts";

/** One sequence that a decoder reads and continues. */
export interface Example {
  /** Prompt, completion, end of text. */
  readonly ids: Int32Array;
  /** How many of `ids` are the prompt: the first that counts in the loss. */
  readonly start: number;
}

/**
 * Prompt and completion are encoded apart, so that the prompt's ids are those which serving sends. The completion is
 * plain text (specials in it are not read), then comes the end of text where the vocabulary has one.
 */
export function exampleOf(
  tokenizer: PromptCodec,
  prompt: Pick<Prompt, "template">,
  values: Values,
  completion: string,
  end: number | null,
): Example {
  const before = encodePrompt(tokenizer, prompt, values);
  const after = tokenizer.encode(completion, { literal: true });
  const ids = new Int32Array(before.length + after.length + (end === null ? 0 : 1));
  ids.set(before);
  ids.set(after, before.length);
  if (end !== null) ids[ids.length - 1] = end;
  return { ids, start: before.length };
}

/**
 * Positions that a decoder reads for an example: it predicts each token from those before it, so one fewer than the
 * example has, and nothing is learnt from an example of one token.
 */
export const positionsOf = (example: Example): number => example.ids.length - 1;

/** How many tokens of an example count: completion and end. A first token has nothing before it to be told from. */
export const countedOf = (example: Example): number => example.ids.length - Math.max(1, example.start);

export interface Kept<T> {
  readonly kept: readonly T[];
  /** Places, among those given, of what does not fit. */
  readonly dropped: readonly number[];
}

/** Leaves out whatever needs more positions than `context`, or has nothing to learn. A cut one would not be what was asked. */
export function fitting<T>(
  items: readonly T[],
  examples: (item: T) => readonly Example[],
  context: number,
): Kept<T> {
  const kept: T[] = [];
  const dropped: number[] = [];
  items.forEach((item, place) => {
    const fits = examples(item).every((one) => positionsOf(one) <= context && countedOf(one) > 0);
    if (fits) kept.push(item);
    else dropped.push(place);
  });
  return { kept, dropped };
}
