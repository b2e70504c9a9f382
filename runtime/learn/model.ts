/** Carries a model out: data in, learner fitted, the portable model written and checked. */
import * as z from "zod";
import { type Layer, layer } from "../../language/vocabulary/layer.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import { loadFrame, loadTarget } from "../data/load.ts";
import { type RowSource, resolveSource } from "../data/source.ts";
import { type StepContext, StepFailure, type StepResult } from "../execute/step.ts";
import { exportModel } from "../portable/export.ts";
import type { Learner, PortableModel, TransformStep } from "../portable/form.ts";
import type { Digest } from "../store/types.ts";
import { type FitReport, type Fitted, LearnFailure, type TuneSet } from "./fit.ts";
import type { LearnHooks, Target } from "./frame.ts";
import { goldenRows } from "./golden.ts";
import { importancesOf } from "./importance.ts";
import { proxyFindings } from "./proxy-findings.ts";
import { RECIPES } from "./recipes/table.ts";
import { requiredInputs } from "./required.ts";
import { checkTarget, classTarget } from "./task.ts";
import { diagnosticOf, translated } from "./translated.ts";
import { VARIANTS, type Variant } from "./variants.ts";

/** The most important features, which the summary names. */
const SUMMARISED = 30;

/**
 * Outputs `model.onnx`, `signature.json`, `fast.bin` and `importance.json` (`[{name, gain}]`, most important
 * first, gains summing to 1).
 * @throws StepFailure ML5xxx for data that the variant cannot learn from, ML4xxx from loading it
 */
export async function runModel(context: StepContext): Promise<StepResult> {
  const recipe = RECIPES[context.declaration.variant ?? ""];
  if (recipe !== undefined) return (await recipe()).run(context);
  const { declaration, props, store, threads, log } = context;
  const variant = declaration.variant as Variant;
  const kind = VARIANTS[variant];
  const source = resolveSource(context, props["data"] as Reference);
  const target = targetColumn(context, source);
  const asked = { encoding: kind.encoding, target, declaration: declaration.id, threads };
  const labels = await trainingLabels(context, source, target, variant);
  const loaded = await loadFrame(store, source, asked);
  const tune = await tuneSet(context, { ...asked, steps: loaded.steps }, labels);
  log(`${loaded.frame.rows} rows × ${loaded.frame.features.length} features, ${labels.task}`);
  const { learner, report } = await translated(declaration.id, () =>
    finiteOnly(kind.fit(props, loaded.frame, labels, hooksOf(context, source, target), tune), target),
  );
  const fitted: PortableModel = {
    format: 1,
    task: labels.task,
    target,
    inputs: loaded.inputs,
    steps: loaded.steps,
    features: loaded.features,
    learner,
    classes: labels.classes,
    threshold: 0.5,
  };
  const golden = await goldenRows(context, source, fitted, loaded);
  const model = { ...fitted, inputs: requiredInputs(fitted, golden.table) };
  const files = await exportModel(model, golden, {
    store,
    signal: context.signal,
    log,
    declaration: declaration.id,
  });
  const importances = importancesOf(loaded.frame, report.importance);
  return {
    outputs: {
      ...files,
      ...(await more(context, report.files)),
      "importance.json": await store.put(`${JSON.stringify(importances)}\n`),
    },
    summary: {
      task: labels.task,
      classes: [...labels.classes],
      target,
      features: loaded.frame.features.length,
      rows: loaded.frame.rows,
      importances: importances.slice(0, SUMMARISED),
      threshold: model.threshold,
      ...(report.rounds === null ? {} : { rounds: report.rounds }),
      ...report.facts,
      ...(report.iterations === null ? {} : { iterations: report.iterations }),
    },
    diagnostics: [
      ...report.warnings.map((finding) => diagnosticOf(declaration.id, finding)),
      ...proxyFindings(context, source, loaded.frame, labels, target),
    ],
  };
}

function targetColumn(context: StepContext, source: RowSource): string {
  const target = context.props["target"] ?? source.columns.find((column) => column.role === "label")?.name;
  if (typeof target === "string") return target;
  throw new StepFailure({
    code: "ML5009",
    values: { dataset: source.dataset },
    declaration: context.declaration.id,
  });
}

async function trainingLabels(
  context: StepContext,
  source: RowSource,
  target: string,
  variant: Variant,
): Promise<Target> {
  const loaded = await loadTarget(context.store, source, target);
  const column = source.columns.find((candidate) => candidate.name === target)!;
  return translated(context.declaration.id, async () => {
    const labels = classTarget(loaded, column, variant);
    checkTarget(labels, column, variant, context.props);
    return labels;
  });
}

async function tuneSet(
  context: StepContext,
  asked: Parameters<typeof loadFrame>[2] & { readonly steps: readonly TransformStep[] },
  labels: Target,
): Promise<TuneSet | null> {
  const reference = context.props["tune"] as Reference | undefined;
  if (reference === undefined) return null;
  const source = resolveSource(context, reference);
  const { frame } = await loadFrame(context.store, source, asked);
  const classes = labels.task === "regression" ? undefined : labels.classes;
  return { frame, target: await loadTarget(context.store, source, asked.target, classes) };
}

/** @throws LearnFailure ML5010 for a model of numbers that overflowed, which would predict nothing */
async function finiteOnly(fitting: Promise<Fitted>, target: string): Promise<Fitted> {
  const fitted = await fitting;
  if (partsOf(fitted.learner).every((numbers) => numbers.every(Number.isFinite))) return fitted;
  throw overflow(target, "the weights that were learnt are no numbers");
}

function partsOf(learner: Learner): readonly (Float64Array | Float32Array)[] {
  switch (learner.is) {
    case "linear":
      return [learner.weights, learner.intercept];
    case "trees":
      return [learner.value, learner.base];
    case "network":
      return [learner.parameters, learner.outFactor, learner.outOffset];
  }
}

const overflow = (target: string, what: string): LearnFailure =>
  new LearnFailure({ code: "ML5010", values: { target, what }, pointer: "/target" });

/** Puts what a fit left beside its learner. */
async function more({ store }: StepContext, files: FitReport["files"] = {}): Promise<Record<string, Digest>> {
  const kept: Record<string, Digest> = {};
  for (const [name, text] of Object.entries(files)) kept[name] = await store.put(text);
  return kept;
}

/** The layers that `architecture` names, all of their sizes numbers. */
function layersOf({ program, props }: StepContext): readonly Layer[] | null {
  const named = props["architecture"] as Reference | undefined;
  const declared = program.declarations.find(({ id }) => id === named?.ref);
  return declared === undefined ? null : z.array(layer).parse(declared.props["layers"]);
}

function hooksOf(context: StepContext, source: RowSource, target: string): LearnHooks {
  const seed = context.props["seed"];
  return {
    resume: context.resume,
    columns: source.columns.map(({ name }) => name),
    layers: layersOf(context),
    log: (line) => context.log(line),
    seed: typeof seed === "number" ? seed : 0,
    threads: context.threads,
    signal: context.signal,
    progress: (done, total, note) => context.progress(done, total, note),
    track: (metric, value, at) => {
      // From here on every round would be for nothing.
      if (!Number.isFinite(value)) throw overflow(target, `after round ${at} the ${metric} is ${value}`);
      context.track(metric, value, at);
    },
  };
}
