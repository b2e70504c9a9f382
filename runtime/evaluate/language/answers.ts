/** Rows of instruction data: a prompt and the answer that should follow it. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { StepContext } from "../../execute/step.ts";
import { openGenerator } from "../../generate/generator.ts";
import { exampleOf, fitting } from "../../learn/language/examples.ts";
import { answerOf } from "../../learn/language/instructions.ts";
import { needed, type Translated } from "../../learn/language/likelihood-batches.ts";
import type { LanguageModel } from "../../learn/language/load.ts";
import { encodePrompt, type Prompt, placeholders } from "../../learn/language/prompt.ts";
import { textRows } from "../../learn/language/rows.ts";
import { BLEU_SUMS, bleuSums } from "./bleu.ts";
import { type Computing, tokenScores } from "./likelihoods.ts";
import { exactMatch, type Measures } from "./measures.ts";
import type { NgramModel } from "./ngram.ts";
import { rougeL } from "./rouge.ts";

export interface AnswerRow {
  /** Place in the source. */
  readonly row: number;
  /** What the model is given. */
  readonly prompt: Int32Array;
  /** What should come. */
  readonly answer: string;
  readonly example: Translated;
}

export interface AnswerRows {
  readonly rows: readonly AnswerRow[];
  /** How many did not fit into the context. */
  readonly dropped: number;
}

/** @throws UnknownText for text that the tokenizer cannot encode */
export async function answerRows(
  context: StepContext,
  data: Reference,
  { tokenizer, generation, architecture }: LanguageModel,
  prompt: Prompt,
  completion: string,
): Promise<AnswerRows> {
  const read = await textRows(context, data, [...placeholders(prompt.template), completion]);
  const all = read.map(({ row, values }): AnswerRow => {
    const given = encodePrompt(tokenizer, prompt, values);
    const answer = values[completion]!;
    const example: Translated =
      architecture.kind === "encoder_decoder"
        ? { ...answerOf(tokenizer, answer, generation.end), source: given }
        : exampleOf(tokenizer, prompt, values, answer, generation.end);
    return { row, prompt: given, answer, example };
  });
  const { kept, dropped } = fitting(
    all,
    ({ example }) => [example, { ids: new Int32Array(needed(example) + 1), start: 1 }],
    architecture.context,
  );
  return { rows: kept, dropped: dropped.length };
}

/** How probable the right answers are, their end included. */
export async function judgeAnswers(
  model: LanguageModel,
  rows: readonly AnswerRow[],
  computing: Computing,
): Promise<Measures> {
  const found = await tokenScores(
    model,
    rows.map(({ example }) => example),
    computing,
  );
  const from = rows.map(({ example }) => Math.max(1, example.start) - 1);
  const sum = (values: ArrayLike<number>, start: number) => {
    let total = 0;
    for (let i = start; i < values.length; i += 1) total += values[i]!;
    return total;
  };
  return {
    nats: Float64Array.from(rows, (_, i) => sum(found[i]!.nats, from[i]!)),
    tokens: Float64Array.from(rows, (_, i) => found[i]!.nats.length - from[i]!),
    right: Float64Array.from(rows, (_, i) => sum(found[i]!.right, from[i]!)),
    bytes: Float64Array.from(rows, ({ answer }) => Buffer.byteLength(answer)),
  };
}

/** The nats of an n-gram model for the same answers, beside the model's tokens. */
export function answersBaseline(
  ngrams: NgramModel,
  rows: readonly AnswerRow[],
  measures: Measures,
): Measures {
  const nats = Float64Array.from(rows, ({ answer }) =>
    ngrams.nats(answer).reduce((sum, value) => sum + value, 0),
  );
  return { nats, tokens: measures["tokens"]!, bytes: measures["bytes"]! };
}

/** Answers that are made at once. */
const TOGETHER = 8;

/** Writes an answer to each prompt, greedily, and sets it beside the right one. */
export async function generateAnswers(
  model: LanguageModel,
  rows: readonly AnswerRow[],
  maxTokens: number,
  computing: Computing,
): Promise<Measures> {
  const { engine, threads, signal } = computing;
  const generator = await openGenerator(model, { engine, threads, maxBatch: TOGETHER });
  const texts = new Array<string>(rows.length).fill("");
  let next = 0;
  let done = 0;
  const write = async (): Promise<void> => {
    for (let row = next++; row < rows.length; row = next++) {
      const request = {
        prompt: rows[row]!.prompt,
        max: maxTokens,
        temperature: 0,
        topK: null,
        topP: 1,
        stop: model.generation.stop,
        seed: 0,
        signal,
      };
      for await (const { text } of generator.generate(request)) texts[row] += text;
      done += 1;
      computing.progress(done, rows.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: TOGETHER }, write));
  } finally {
    await generator.close();
  }
  return compareAnswers(
    texts,
    rows.map(({ answer }) => answer),
  );
}

/** What the metrics of answers need of each. */
export function compareAnswers(answers: readonly string[], references: readonly string[]): Measures {
  const sums = answers.map((answer, i) => bleuSums(answer, references[i]!));
  return {
    answers: new Float64Array(answers.length).fill(1),
    exact: Float64Array.from(answers, (answer, i) => (exactMatch(answer, references[i]!) ? 1 : 0)),
    rouge_l: Float64Array.from(answers, (answer, i) => rougeL(answer, references[i]!)),
    ...Object.fromEntries(BLEU_SUMS.map((name, k) => [name, Float64Array.from(sums, (of) => of[k]!)])),
  };
}
