/** Carries an evaluation out: the served form of the model predicts the part's raw rows, and they are judged. */

import type { MetricUse, Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../../stdlib/kinds/evaluation.ts";
import { resolveSource } from "../data/source.ts";
import type { Json, StepContext, StepResult } from "../execute/step.ts";
import { StepFailure } from "../execute/step.ts";
import type { PortableModel } from "../portable/form.ts";
import { readModel } from "../portable/read.ts";
import { fitBaselines } from "./baselines.ts";
import { checkEvaluation } from "./checks.ts";
import { evaluatePredictions } from "./evaluate.ts";
import { type Judgement, writeJudgement } from "./judgement.ts";
import { type LabelledRows, loadLabelled, planSlices, type SlicedBy } from "./labelled-rows.ts";
import { isLanguageTask } from "./language/task.ts";
import { byKey } from "./metrics/metric.ts";
import type { Importance } from "./plots/matrices.ts";
import { predictScored } from "./predict.ts";
import { positiveScores } from "./scored.ts";
import { SLICE_LIMIT, type SliceColumn, sliceColumn } from "./slices.ts";
import { cheapestThreshold } from "./threshold.ts";

/** The step of an `evaluation` declaration. */
export async function runEvaluation(context: StepContext): Promise<StepResult> {
  // The planner hands over what stdlib's schema of the kind accepted.
  const props = context.props as unknown as Evaluation;
  const { store, declaration } = context;
  const result = context.inputs.get(props.model.ref);
  if (result === undefined) throw new Error(`no result of ${props.model.ref}`);
  if (isLanguageTask(result.summary["task"]))
    return (await import("./language/evaluation.ts")).runLanguageEvaluation(context);
  const { model } = await readModel(store, result.outputs);
  checkEvaluation(declaration, props, model);

  const source = resolveSource(context, props.data);
  const sliced = [...(props.slices ?? [])].sort();
  const plan = await planSlices(context, source, sliced);
  const [rows, training, chosen] = await Promise.all([
    loadLabelled(context, source, model, plan.loads),
    loadTraining(context, props, model),
    chooseThreshold(context, props, model),
  ]);
  if (rows.table.rows === 0) throw noRows(context, props, model.target);
  const scored = predictScored({ ...model, threshold: chosen.threshold ?? model.threshold }, rows);
  const judgement: Judgement = {
    target: model.target,
    metrics: byKey(reported(props)),
    cost: props.cost ?? null,
    threshold: chosen.threshold,
    minRows: props.min_rows,
    resamples: props.resamples,
    seed: props.seed,
    scored,
    rowIds: rows.table.rowIds,
    baselines: fitBaselines(training, rows.table),
    slices: sliced.map((name) => slice(context, name, plan.read(rows.table, name))),
  };
  const report = await evaluatePredictions(judgement, props.confidence, {
    signal: context.signal,
    progress: (done, total) => context.progress(done, total, "resamples"),
  });

  const artifacts: Record<string, string | Uint8Array> = {
    "evaluation.json": JSON.stringify({
      format: 1,
      classes: scored.classes,
      ...report,
      threshold: chosen.threshold,
      threshold_cost: chosen.cost,
      confidence: props.confidence,
      one_rule: judgement.baselines["one_rule"]?.describes ?? null,
    }),
    "predictions.bin": writeJudgement(judgement),
  };
  if (props.plots) {
    const { drawPlots } = await import("./plots/plots.ts");
    const importances = (result.summary["importances"] ?? []) as unknown as Importance[];
    for (const [name, svg] of Object.entries(drawPlots(scored, importances)))
      artifacts[`plots/${name}.svg`] = svg;
  }
  const outputs = Object.fromEntries(
    await Promise.all(
      Object.entries(artifacts).map(async ([name, content]) => [name, await store.put(content)] as const),
    ),
  );
  // Reports are plain JSON values; `Json` has no index signature for interfaces.
  const summary = {
    ...report,
    threshold: chosen.threshold,
    threshold_chosen: chosen.chosen,
  } as unknown as Record<string, Json>;
  return { outputs, summary, notes: notes(judgement, report.undefined_resamples, chosen) };
}

interface Chosen {
  /** Null unless binary. */
  readonly threshold: number | null;
  /** True when costs chose it, so that a release must carry it. */
  readonly chosen: boolean;
  /** Where costs chose it, and the mean cost of a row there. */
  readonly on: string | null;
  readonly cost: number | null;
}

/** The spec's threshold; else the cheapest on `threshold_on`; else the model's own. */
async function chooseThreshold(
  context: StepContext,
  props: Evaluation,
  model: PortableModel,
): Promise<Chosen> {
  const fixed = { on: null, cost: null };
  if (model.task !== "binary") return { threshold: null, chosen: false, ...fixed };
  if (props.threshold !== undefined)
    return { threshold: props.threshold, chosen: props.threshold !== model.threshold, ...fixed };
  const { threshold_on: on, cost } = props;
  if (on === undefined || cost === undefined) return { threshold: model.threshold, chosen: false, ...fixed };
  const rows = await loadLabelled(context, resolveSource(context, on), model);
  if (rows.table.rows === 0) throw noRows(context, { data: on }, model.target);
  const scored = predictScored(model, rows);
  const best = cheapestThreshold(positiveScores(scored), scored.truth, cost);
  return { threshold: best.threshold, chosen: true, on: spelled(on), cost: best.cost };
}

/** The metrics asked for; whoever states costs is told them too. */
function reported({ metrics, cost }: Evaluation): readonly MetricUse[] {
  const isAsked = metrics.some((metric) => metric.name === "cost");
  return cost === undefined || isAsked ? metrics : [...metrics, { name: "cost", args: {} }];
}

/** The parts that the judged model was trained with. */
function trainedWith(context: StepContext, props: Evaluation): { data: Reference; tune?: Reference } {
  const model = context.program.declarations.find((one) => one.id === props.model.ref);
  if (model === undefined) throw new Error(`no declaration ${props.model.ref}`);
  // Every model's schema in stdlib has `data`, some have `tune`.
  return model.props as unknown as { data: Reference; tune?: Reference };
}

/** The rows that the model was trained on, with the columns that it reads and one rule can ask. */
function loadTraining(context: StepContext, props: Evaluation, model: PortableModel): Promise<LabelledRows> {
  const inputs =
    model.task === "regression"
      ? []
      : model.inputs.filter((input) => input.type !== "text" && input.type !== "string");
  return loadLabelled(context, resolveSource(context, trainedWith(context, props).data), {
    ...model,
    inputs,
  });
}

function slice(context: StepContext, name: string, by: SlicedBy): SliceColumn {
  const groups = sliceColumn(name, by.type, by.column);
  if (groups.values.length > SLICE_LIMIT) {
    throw new StepFailure({
      code: "ML6005",
      values: {
        evaluation: context.declaration.name,
        column: name,
        count: String(groups.values.length),
        limit: String(SLICE_LIMIT),
      },
      declaration: context.declaration.id,
      pointer: "/slices",
    });
  }
  return groups;
}

function noRows(context: StepContext, props: { data: Reference }, target: string): StepFailure {
  return new StepFailure({
    code: "ML6004",
    values: { evaluation: context.declaration.name, data: spelled(props.data), target },
    declaration: context.declaration.id,
    pointer: "/data",
  });
}

/** `applicant.test` of `{ref: "features.applicant", part: "test"}`. */
function spelled(reference: Reference): string {
  const name = reference.ref.slice(reference.ref.indexOf(".") + 1);
  return reference.part === undefined ? name : `${name}.${reference.part}`;
}

function notes(judgement: Judgement, unknown: Readonly<Record<string, number>>, chosen: Chosen): string[] {
  const lines = Object.entries(unknown).map(
    ([key, count]) =>
      `${key} cannot be told on ${count} of ${judgement.resamples} resamples; they widen its interval`,
  );
  if (chosen.on !== null) {
    lines.unshift(`threshold ${chosen.threshold} costs least on ${chosen.on}: ${chosen.cost} a row`);
  }
  return lines;
}
