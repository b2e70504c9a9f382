/** Carries the evaluation of a language model out. */
import type { Declaration } from "../../../language/ir/program.ts";
import type { Task } from "../../../language/vocabulary/kind.ts";
import { metricKey } from "../../../language/vocabulary/metric-key.ts";
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { Evaluation } from "../../../stdlib/kinds/evaluation.ts";
import type { Json, StepContext, StepResult } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { type LanguageModel, loadLanguageModel } from "../../learn/language/load.ts";
import type { GroupedPredictions } from "../baselines.ts";
import { evaluatePredictions } from "../evaluate.ts";
import { type Judgement, writeJudgement } from "../judgement.ts";
import { byKey } from "../metrics/metric.ts";
import type { Scored } from "../scored.ts";
import { ngramsAsked } from "./asked.ts";
import { judgeLanguage, type LanguageRows } from "./judge.ts";
import { LANGUAGE_METRICS, type Measures, wilson } from "./measures.ts";
import { ngramOrder } from "./ngram.ts";
import type { Subject } from "./subject.ts";
import { isLanguageTask } from "./task.ts";

/** The step of an `evaluation` whose model predicts text. */
export async function runLanguageEvaluation(context: StepContext): Promise<StepResult> {
  // The planner hands over what stdlib's schema of the kind accepted.
  const props = context.props as unknown as Evaluation;
  const task = context.inputs.get(props.model.ref)?.summary["task"];
  if (!isLanguageTask(task)) throw new Error(`no language model of ${props.model.ref}`);
  checkAsked(context.declaration, props, task);
  const subject = await subjectOf(context, props.model.ref);
  const rows = await judgeLanguage(context, props, subject);
  const judgement: Judgement = {
    target: "text",
    metrics: byKey(props.metrics),
    cost: null,
    threshold: null,
    minRows: props.min_rows,
    resamples: props.resamples,
    seed: props.seed,
    scored: languageScored(task, rows.rowIds.length, rows.measures),
    rowIds: rows.rowIds,
    baselines: await baselinesOf(context, rows, subject),
    slices: [],
  };
  const report = await evaluatePredictions(judgement, props.confidence, {
    signal: context.signal,
    progress: (done, total) => context.progress(done, total, "resamples"),
  });
  const facts = factsOf(rows.measures, props.confidence);
  const { slices: _, confusion: __, ...kept } = report;
  const evaluation = { format: 1, task, ...kept, ...facts, confidence: props.confidence };
  return {
    outputs: {
      "evaluation.json": await context.store.put(JSON.stringify(evaluation)),
      "predictions.bin": await context.store.put(writeJudgement(judgement)),
    },
    // Reports are plain JSON values; `Json` has no index signature for interfaces.
    summary: { task, ...kept, ...facts } as unknown as Record<string, Json>,
    diagnostics: rows.diagnostics,
  };
}

/** The rows as metrics read them. */
export function languageScored(task: Task, rows: number, measures: Measures): Scored {
  const nothing = new Float64Array(0);
  return { task, classes: [], rows, truth: nothing, predicted: nothing, probabilities: null, measures };
}

/** The model of an evaluation, as its step left it. */
export async function subjectOf(context: StepContext, id: string): Promise<Subject> {
  const declaration = context.program.declarations.find((one) => one.id === id);
  if (declaration === undefined) throw new Error(`no declaration ${id}`);
  const load = (ref: string): Promise<LanguageModel> => {
    const result = context.inputs.get(ref);
    if (result === undefined) throw new Error(`no result of ${ref}`);
    return loadLanguageModel(context.store, result.outputs);
  };
  const base = declaration.variant === "dpo" ? (declaration.props["base"] as Reference).ref : null;
  return { model: await load(id), declaration, reference: base === null ? null : await load(base) };
}

/** @throws StepFailure ML6003 for a metric of another task, ML6100 for what only models of columns have */
function checkAsked(declaration: Declaration, props: Evaluation, task: Task): void {
  const refuse = (code: string, pointer: string, values: Readonly<Record<string, string>>) => {
    throw new StepFailure({
      code,
      values: { evaluation: declaration.name, ...values },
      declaration: declaration.id,
      pointer,
    });
  };
  for (const attribute of ["slices", "cost", "threshold", "threshold_on"] as const)
    if (props[attribute] !== undefined) refuse("ML6100", `/${attribute}`, { attribute });
  props.metrics.forEach((metric, i) => {
    if (LANGUAGE_METRICS[metric.name]?.tasks.includes(task)) return;
    const fitting = Object.keys(LANGUAGE_METRICS).filter((name) =>
      LANGUAGE_METRICS[name]!.tasks.includes(task),
    );
    refuse("ML6003", `/metrics/${i}`, { metric: metricKey(metric), task, metrics: fitting.join(", ") });
  });
}

async function baselinesOf(
  context: StepContext,
  rows: LanguageRows,
  subject: Subject,
): Promise<Record<string, GroupedPredictions>> {
  const found: Record<string, GroupedPredictions> = {};
  for (const name of ngramsAsked(context.program, context.declaration.id)) {
    const order = ngramOrder(name)!;
    const measures = await rows.ngram(order);
    if (measures === null) {
      throw new StepFailure({
        code: "ML6103",
        values: { evaluation: context.declaration.name, model: subject.declaration.name, baseline: name },
        declaration: context.declaration.id,
        pointer: "/model",
      });
    }
    const describes = `${order}-grams of characters, add-0.05`;
    found[name] = { describes, codes: null, predicted: [], probabilities: null, measures };
  }
  return found;
}

/** Totals that people ask for, and Wilson's interval of a share of pairs. */
function factsOf(measures: Measures, confidence: number): Record<string, Json> {
  const total = (name: string) => measures[name]?.reduce((sum, value) => sum + value, 0);
  const [tokens, bytes, pairs, preferred] = ["tokens", "bytes", "pairs", "preferred"].map(total);
  return {
    ...(tokens === undefined || bytes === undefined ? {} : { tokens, bytes }),
    ...(pairs === undefined || preferred === undefined
      ? {}
      : { wilson: wilson(preferred, pairs, confidence) }),
  };
}
