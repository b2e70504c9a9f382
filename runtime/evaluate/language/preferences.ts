/** Rows of preference data: a prompt, the answer that was chosen and the one that was rejected. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { StepContext } from "../../execute/step.ts";
import { fitting } from "../../learn/language/examples.ts";
import type { LanguageModel } from "../../learn/language/load.ts";
import { REWARD_WEIGHT } from "../../learn/language/losses/preference.ts";
import { type Pair, pairOf } from "../../learn/language/pairs.ts";
import { type Prompt, placeholders } from "../../learn/language/prompt.ts";
import { textRows } from "../../learn/language/rows.ts";
import { type Computing, rewardScores, tokenScores } from "./likelihoods.ts";
import type { Measures } from "./measures.ts";

export interface PairRows {
  readonly pairs: readonly Pair[];
  readonly rowIds: Float64Array;
  readonly dropped: number;
}

/** @throws UnknownText for text that the tokenizer cannot encode */
export async function pairRows(
  context: StepContext,
  data: Reference,
  { tokenizer, generation, architecture }: LanguageModel,
  prompt: Prompt,
  columns: { readonly chosen: string; readonly rejected: string },
): Promise<PairRows> {
  const read = await textRows(context, data, [
    ...placeholders(prompt.template),
    columns.chosen,
    columns.rejected,
  ]);
  const all = read.map((row) => ({
    row: row.row,
    pair: pairOf(tokenizer, prompt, row, columns, generation.end),
  }));
  // A reward model reads a sequence whole, its last token too.
  const whole = (ids: Int32Array) => ({ ids: new Int32Array(ids.length + 1), start: 1 });
  const { kept, dropped } = fitting(
    all,
    ({ pair: { chosen, rejected } }) => [chosen, rejected, whole(chosen.ids), whole(rejected.ids)],
    architecture.context,
  );
  return {
    pairs: kept.map(({ pair }) => pair),
    rowIds: Float64Array.from(kept, ({ row }) => row),
    dropped: dropped.length,
  };
}

/**
 * Which answers are judged the better ones: by a reward model's score; else by log p of the whole answer, less that
 * under `reference`, where there is one (the implicit reward of Rafailov et al. 2023). Equals count as half.
 */
export async function judgePairs(
  model: LanguageModel,
  reference: LanguageModel | null,
  pairs: readonly Pair[],
  computing: Computing,
): Promise<Measures> {
  const sides = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  let values: Float64Array;
  if (model.weights.has(REWARD_WEIGHT)) {
    values = await rewardScores(
      model,
      sides.map(({ ids }) => ids),
      computing,
    );
  } else {
    const own = await logProbabilities(model, sides, computing);
    const before = reference === null ? null : await logProbabilities(reference, sides, computing);
    values = own.map((value, i) => value - (before?.[i] ?? 0));
  }
  return {
    pairs: new Float64Array(pairs.length).fill(1),
    preferred: Float64Array.from(pairs, (_, i) => {
      const margin = values[2 * i]! - values[2 * i + 1]!;
      return margin > 0 ? 1 : margin < 0 ? 0 : 0.5;
    }),
  };
}

async function logProbabilities(
  model: LanguageModel,
  sides: readonly Pair["chosen"][],
  computing: Computing,
): Promise<Float64Array> {
  const found = await tokenScores(model, sides, computing);
  return Float64Array.from(sides, ({ start }, i) => {
    const { nats } = found[i]!;
    let sum = 0;
    for (let at = Math.max(1, start) - 1; at < nats.length; at += 1) sum -= nats[at]!;
    return sum;
  });
}
