/** Judges a language model on a part of the data: what is kept of each row. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { Evaluation } from "../../../stdlib/kinds/evaluation.ts";
import type { RuntimeDiagnostic, StepContext } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { writtenOf } from "../../learn/language/refusals.ts";
import { textRows } from "../../learn/language/rows.ts";
import { type CorpusRef, documents } from "../../text/corpus.ts";
import { UnknownText } from "../../text/tokenizer/problem.ts";
import { answerRows, answersBaseline, generateAnswers, judgeAnswers } from "./answers.ts";
import { TextRows } from "./blocks.ts";
import type { Computing } from "./likelihoods.ts";
import { LANGUAGE_METRICS, type Measures } from "./measures.ts";
import { NgramModel } from "./ngram.ts";
import { judgePairs, pairRows } from "./preferences.ts";
import { declaredOf, type Reading, readingOf, type Subject } from "./subject.ts";

export interface LanguageRows {
  /** [rows] places in the source, ascending: of rows of the data, or of blocks of its text. */
  readonly rowIds: Float64Array;
  readonly measures: Measures;
  readonly diagnostics: readonly RuntimeDiagnostic[];
  /** The same rows under a character n-gram model that learnt the model's training texts; null where there are none. */
  ngram(order: number): Promise<Measures | null>;
}

/** @throws StepFailure ML6101, ML6102, ML6104 (text that the tokenizer does not know), ML6106 (nothing to judge) */
export async function judgeLanguage(
  context: StepContext,
  props: Evaluation,
  subject: Subject,
  data: Reference = props.data,
): Promise<LanguageRows> {
  const reading = readingOf(context, props, subject, data);
  try {
    if (reading.is === "text") return await judgeText(context, subject, data, reading);
    if (reading.is === "pairs") return await judgePreferences(context, subject, data, reading);
    return await judgeInstructions(context, props, subject, data, reading);
  } catch (error) {
    if (!(error instanceof UnknownText)) throw error;
    const values = { text: JSON.stringify(error.text) };
    throw failure(context, "ML6104", subject, data, values);
  }
}

function computingOf(context: StepContext, note: string): Computing {
  const { threads, signal } = context;
  return {
    engine: "auto",
    threads,
    signal,
    progress: (done, total) => context.progress(done, total, note),
  };
}

async function judgeText(
  context: StepContext,
  subject: Subject,
  data: Reference,
  reading: Extract<Reading, { is: "text" }>,
): Promise<LanguageRows> {
  const read = (reference: Reference) =>
    textsOf(context, { ...reference, ...(reading.column === null ? {} : { column: reading.column }) });
  const texts = await read(data);
  const rows = new TextRows(texts, subject.model.tokenizer);
  if (rows.isEmpty)
    throw failure(context, "ML6106", subject, data, { problem: "it has no two tokens of text" });
  const judged = await rows.judge(subject.model, computingOf(context, "windows"));
  return {
    ...judged,
    diagnostics: [],
    ngram: (order) =>
      learnt(order, texts, trainingOf(subject, read)).then((model) => model && rows.baseline(model, judged)),
  };
}

async function judgeInstructions(
  context: StepContext,
  props: Evaluation,
  subject: Subject,
  data: Reference,
  { prompt, completion, generates }: Extract<Reading, { is: "answers" }>,
): Promise<LanguageRows> {
  const { rows, dropped } = await answerRows(context, data, subject.model, prompt, completion);
  const diagnostics = fits(context, subject, data, rows.length, dropped);
  const likelihood = props.metrics.some(({ name }) => LANGUAGE_METRICS[name]!.group === "likelihood");
  const judged = likelihood ? await judgeAnswers(subject.model, rows, computingOf(context, "answers")) : {};
  const generated = generates
    ? await generateAnswers(subject.model, rows, props.max_tokens, computingOf(context, "written answers"))
    : {};
  const measures: Measures = { ...judged, ...generated };
  const read = async (reference: Reference) =>
    (await textRows(context, reference, [completion])).map(({ values }) => values[completion]!);
  const answers = rows.map(({ answer }) => answer);
  return {
    rowIds: Float64Array.from(rows, ({ row }) => row),
    measures,
    diagnostics,
    ngram: async (order) => {
      if (!likelihood) return null;
      const model = await learnt(order, answers, trainingOf(subject, read));
      return model && answersBaseline(model, rows, measures);
    },
  };
}

async function judgePreferences(
  context: StepContext,
  subject: Subject,
  data: Reference,
  { prompt, ...columns }: Extract<Reading, { is: "pairs" }>,
): Promise<LanguageRows> {
  const { model, reference } = subject;
  const { pairs, rowIds, dropped } = await pairRows(context, data, model, prompt, columns);
  const diagnostics = fits(context, subject, data, pairs.length, dropped);
  const measures = await judgePairs(model, reference, pairs, computingOf(context, "pairs"));
  return { rowIds, measures, diagnostics, ngram: async () => null };
}

async function textsOf(context: StepContext, corpus: Reference): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of documents(context, [corpus as CorpusRef])) texts.push(text);
  return texts;
}

/** The texts that the model learnt, read as those that it is judged on; null where its declaration names none. */
function trainingOf(
  subject: Subject,
  read: (reference: Reference) => Promise<readonly string[]>,
): Promise<readonly string[]> | null {
  const { data } = declaredOf(subject);
  const learnsTexts =
    subject.declaration.variant === "pretrain" || subject.declaration.variant === "finetune";
  return data === undefined || !learnsTexts ? null : read(data);
}

async function learnt(
  order: number,
  judged: readonly string[],
  training: Promise<readonly string[]> | null,
): Promise<NgramModel | null> {
  const texts = await training;
  if (texts === null) return null;
  const model = new NgramModel(order);
  for (const text of texts) model.learn(text);
  for (const text of judged) model.allow(text);
  return model;
}

/** @throws StepFailure ML6106 when nothing fits */
function fits(
  context: StepContext,
  subject: Subject,
  data: Reference,
  kept: number,
  dropped: number,
): RuntimeDiagnostic[] {
  const { context: most } = subject.model.architecture;
  const problem =
    dropped === 0 ? "it has no rows" : `none of its rows fits into the context of ${most} tokens`;
  if (kept === 0) throw failure(context, "ML6106", subject, data, { problem });
  if (dropped === 0) return [];
  const values = { dropped: String(dropped), rows: String(kept + dropped), context: String(most) };
  return [failure(context, "ML6105", subject, data, values).diagnostic];
}

function failure(
  { declaration }: StepContext,
  code: string,
  subject: Subject,
  data: Reference,
  values: Readonly<Record<string, string>>,
): StepFailure {
  return new StepFailure({
    code,
    values: {
      evaluation: declaration.name,
      model: subject.declaration.name,
      data: writtenOf(data),
      ...values,
    },
    declaration: declaration.id,
    pointer: "/data",
  });
}
