/** Small frames for the tests of learners. */

import type { Feature, Frame, LearnHooks, Target } from "../../runtime/learn/frame.ts";
import { random } from "../../runtime/learn/random.ts";
import { probabilitiesOf, rawOutputs } from "../../runtime/learn/raw.ts";
import type { Learner } from "../../runtime/portable/form.ts";

export const numeric = (name: string, values: Iterable<number>): Feature => ({
  kind: "numeric",
  name,
  values: Float64Array.from(values),
});

/** Levels sorted; null is missing. */
export function category(name: string, values: readonly (string | null)[]): Feature {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  return {
    kind: "category",
    name,
    levels,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value))),
  };
}

export const frameOf = (rows: number, ...features: Feature[]): Frame => ({ rows, features });

export const binary = (values: Iterable<number>): Target => ({
  task: "binary",
  values: Float64Array.from(values),
  classes: ["no", "yes"],
});

export const regression = (values: Iterable<number>): Target => ({
  task: "regression",
  values: Float64Array.from(values),
  classes: [],
});

export function multiclass(values: Iterable<number>, classes = ["a", "b", "c"]): Target {
  return { task: "multiclass", values: Float64Array.from(values), classes };
}

export interface Tracked {
  readonly hooks: LearnHooks;
  readonly series: Map<string, number[]>;
}

export function hooks(seed = 1, threads = 1): Tracked {
  const series = new Map<string, number[]>();
  return {
    series,
    hooks: {
      seed,
      threads,
      signal: new AbortController().signal,
      resume: null,
      columns: [],
      layers: null,
      log: () => undefined,
      progress: () => undefined,
      track: (metric, value) => {
        series.set(metric, [...(series.get(metric) ?? []), value]);
      },
    },
  };
}

/** Standard normal numbers. */
export function normals(seed: number): () => number {
  const source = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - source.next())) * Math.cos(2 * Math.PI * source.next());
}

/** [rows × classes] */
export const predictProbabilities = (learner: Learner, frame: Frame): Float64Array =>
  probabilitiesOf(learner, rawOutputs(learner, frame));

export function accuracy(learner: Learner, frame: Frame, target: Target): number {
  const classes = target.classes.length;
  const probabilities = predictProbabilities(learner, frame);
  let right = 0;
  for (let row = 0; row < frame.rows; row++) {
    const own = Array.from(probabilities.subarray(row * classes, (row + 1) * classes));
    if (own.indexOf(Math.max(...own)) === target.values[row]) right++;
  }
  return right / frame.rows;
}
