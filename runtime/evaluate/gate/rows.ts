/** The rows on which a rule is judged, and every term's value on them and on their resamples. */
import { metricKey } from "../../../language/vocabulary/metric-key.ts";
import type { MetricUse } from "../../../language/vocabulary/types.ts";
import { forEachResample } from "../bootstrap.ts";
import { baselineOf, type Judgement } from "../judgement.ts";
import { METRICS, parseMetricKey, prepareMetric } from "../metrics/metric.ts";
import { everyRow, type Measure, type Scored, takeRows } from "../scored.ts";
import { rowsBySlice } from "../slices.ts";
import type { Term } from "./terms.ts";

/** An evaluation that a gate reads, with the champion's predictions for the same rows when a rule needs them. */
export interface Judged {
  /** Id of the evaluation. */
  readonly id: string;
  readonly judgement: Judgement;
  readonly champion: Scored | null;
}

/** Some of an evaluation's rows. */
export interface JudgedRows {
  readonly judged: Judged;
  /** Null: all rows. */
  readonly rows: Int32Array | null;
}

/** A term whose evaluation is decided. */
export interface PlacedTerm {
  readonly term: Term;
  readonly rows: JudgedRows;
}

/** The metric that a gate's spelling means: its key, or its name when the evaluation has one of that name. */
export function metricOf(judgement: Judgement, spelling: string): MetricUse | null {
  const exact = judgement.metrics.find((metric) => metricKey(metric) === spelling);
  if (exact !== undefined) return exact;
  const named = judgement.metrics.filter((metric) => metric.name === spelling);
  return named.length === 1 ? named[0]! : null;
}

/** A baseline's or champion's metric may be one that the evaluation does not list; null when there is no such metric. */
export function metricOfOthers(judgement: Judgement, spelling: string): MetricUse | null {
  const listed = metricOf(judgement, spelling);
  if (listed !== null) return listed;
  const metric = parseMetricKey(spelling);
  return METRICS[metric.name] === undefined ? null : metric;
}

/** Predictions of the model, a baseline or the champion on these rows; null where there are none. */
function scoredOf({ judged, rows }: JudgedRows, of: Term["of"]): Scored | null {
  const { judgement, champion } = judged;
  const all =
    of.is === "candidate"
      ? judgement.scored
      : of.is === "champion"
        ? champion
        : baselineOf(judgement, of.name);
  return all === null || rows === null ? all : takeRows(all, rows);
}

/** How many rows there are. */
export function countOf({ judged, rows }: JudgedRows): number {
  return rows?.length ?? judged.judgement.scored.rows;
}

function measureOf({ term, rows }: PlacedTerm): Measure {
  const { judgement } = rows.judged;
  const scored = scoredOf(rows, term.of);
  const metric =
    term.of.is === "candidate" ? metricOf(judgement, term.metric) : metricOfOthers(judgement, term.metric);
  if (scored === null || metric === null) return () => null;
  return prepareMetric(scored, metric, judgement.cost);
}

/** Each term's value on its rows. */
export function pointValues(terms: readonly PlacedTerm[]): (number | null)[] {
  return terms.map((placed) => measureOf(placed)(everyRow(countOf(placed.rows))));
}

/**
 * [terms][resamples] values, NaN where unknown. Terms of one evaluation see the same resamples, so that
 * differences between models on the same rows are resampled in pairs.
 */
export async function resampledValues(
  terms: readonly PlacedTerm[],
  resamples: number,
  signal: AbortSignal,
): Promise<Float64Array[]> {
  const values = terms.map(() => new Float64Array(resamples).fill(Number.NaN));
  for (const judged of new Set(terms.map((placed) => placed.rows.judged))) {
    const here = terms.flatMap((placed, t) =>
      placed.rows.judged === judged ? [{ measure: measureOf(placed), t }] : [],
    );
    const rows = countOf(terms[here[0]!.t]!.rows);
    if (rows === 0) continue;
    await forEachResample(rows, { resamples, seed: judged.judgement.seed, signal }, (b, weights) => {
      for (const { measure, t } of here) values[t]![b] = measure(weights) ?? Number.NaN;
    });
  }
  return values;
}

/** The rows of each value of a column that the evaluation is sliced by; null when it is not. */
export function slicesOf(judged: Judged, column: string): ReadonlyMap<string, Int32Array> | null {
  const slice = judged.judgement.slices.find((one) => one.column === column);
  if (slice === undefined) return null;
  const groups = rowsBySlice(slice);
  return new Map(slice.values.map((value, i) => [value, groups[i]!]));
}
