/** Metrics of predictions: overall with intervals, for each slice, and of the baselines. */
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import { type BootstrapOptions, bootstrap, interval } from "./bootstrap.ts";
import { baselineOf, type Judgement } from "./judgement.ts";
import { confusionOf } from "./metrics/confusion.ts";
import { CONFUSION, prepareMetric } from "./metrics/metric.ts";
import { everyRow, type Scored, takeRows } from "./scored.ts";
import { rowsBySlice } from "./slices.ts";

/** By metric key, in the order of the spec's canonical metrics; null: the rows cannot tell. */
export type MetricValues = Record<string, number | null>;

export interface SliceReport {
  readonly rows: number;
  readonly metrics: MetricValues;
  /** `insufficient` when it has fewer rows than `min_rows`. */
  readonly status: "ok" | "insufficient";
}

export interface EvaluationReport {
  readonly rows: number;
  readonly metrics: MetricValues;
  /** Percentile bootstrap intervals; null when too many resamples could not tell. */
  readonly intervals: Record<string, [number, number] | null>;
  /** Resamples that could not tell, by metric, where there were any. */
  readonly undefined_resamples: Record<string, number>;
  /** By column and value. */
  readonly slices: Record<string, Record<string, SliceReport>>;
  readonly baselines: Record<string, MetricValues>;
  /** [classes][classes] rows, truth by row and prediction by column; null for regression. */
  readonly confusion: number[][] | null;
}

/**
 * Evaluates kept predictions.
 * @param confidence level of the intervals, 0 to 1
 * @throws the signal's reason when it is aborted
 */
export async function evaluatePredictions(
  judgement: Judgement,
  confidence: number,
  hooks: Pick<BootstrapOptions, "signal" | "progress"> = {},
): Promise<EvaluationReport> {
  const { scored } = judgement;
  const measures = measuresOf(judgement, scored);
  const options = { resamples: judgement.resamples, seed: judgement.seed, ...hooks };
  const resampled = await bootstrap([...measures.values()], scored.rows, options);
  const keys = [...measures.keys()];
  const unknown = keys.map((key, i) => [key, resampled[i]!.filter(Number.isNaN).length] as const);
  return {
    rows: scored.rows,
    metrics: valuesOf(judgement, scored),
    intervals:
      judgement.resamples === 0
        ? {}
        : Object.fromEntries(keys.map((key, i) => [key, interval(resampled[i]!, confidence)])),
    undefined_resamples: Object.fromEntries(unknown.filter(([, count]) => count > 0)),
    slices: Object.fromEntries(judgement.slices.map((slice) => [slice.column, slicesOf(judgement, slice)])),
    baselines: Object.fromEntries(
      Object.keys(judgement.baselines).map((name) => [
        name,
        valuesOf(judgement, baselineOf(judgement, name)!),
      ]),
    ),
    confusion: confusionRows(scored),
  };
}

function slicesOf(judgement: Judgement, slice: Judgement["slices"][number]): Record<string, SliceReport> {
  const groups = rowsBySlice(slice);
  return Object.fromEntries(
    slice.values.map((value, i) => {
      const rows = groups[i]!;
      const metrics = valuesOf(judgement, takeRows(judgement.scored, rows));
      return [
        value,
        { rows: rows.length, metrics, status: rows.length < judgement.minRows ? "insufficient" : "ok" },
      ];
    }),
  );
}

function measuresOf(judgement: Judgement, scored: Scored) {
  return new Map(
    judgement.metrics
      .filter((metric) => metric.name !== CONFUSION)
      .map((metric) => [metricKey(metric), prepareMetric(scored, metric, judgement.cost)] as const),
  );
}

function valuesOf(judgement: Judgement, scored: Scored): MetricValues {
  const once = everyRow(scored.rows);
  return Object.fromEntries([...measuresOf(judgement, scored)].map(([key, measure]) => [key, measure(once)]));
}

function confusionRows(scored: Scored): number[][] | null {
  if (scored.classes.length === 0) return null;
  const classes = scored.classes.length;
  const counts = confusionOf(scored)(everyRow(scored.rows));
  return scored.classes.map((_, k) => [...counts.subarray(k * classes, (k + 1) * classes)]);
}
