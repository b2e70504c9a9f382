/** What a model must beat: predictors that hardly look at the row, fitted on the training part. */

import type { Table } from "../data/table.ts";
import type { Target } from "../learn/frame.ts";
import type { Measures } from "./language/measures.ts";
import { applyRule, fitOneRule, type OneRule } from "./one-rule.ts";
import type { Scored } from "./scored.ts";

/** A prediction for each group of rows: the whole data, or the rows that a rule treats alike. */
export interface GroupedPredictions {
  /** What it does, for people. */
  readonly describes: string;
  /** [rows] group of each row; null when there is one group. */
  readonly codes: Int32Array | null;
  /** [groups] class index, or value. */
  readonly predicted: readonly number[];
  /** [groups][classes]; null for regression. */
  readonly probabilities: readonly (readonly number[])[] | null;
  /** Beside a language model: what is kept of each row. */
  readonly measures?: Measures;
}

/**
 * Baselines that fit the task, by name: `majority` (the most frequent class, its share as probability) and
 * `one_rule` for classes, `mean` for numbers.
 * @param training raw columns and target of the training part
 * @param judged the same columns of the rows to predict
 */
export function fitBaselines(
  training: { readonly table: Table; readonly target: Target },
  judged: Table,
): Record<string, GroupedPredictions> {
  const { table, target } = training;
  if (target.values.length === 0) return {};
  if (target.task === "regression") {
    const mean = target.values.reduce((sum, value) => sum + value, 0) / target.values.length;
    return { mean: { describes: `always ${mean}`, codes: null, predicted: [mean], probabilities: null } };
  }
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const value of target.values) counts[value]! += 1;
  const majority = counts.indexOf(Math.max(...counts));
  const always: GroupedPredictions = {
    describes: `always ${target.classes[majority]}`,
    codes: null,
    predicted: [majority],
    probabilities: [counts.map((count) => count / target.values.length)],
  };
  const rule = fitOneRule(table, target);
  return rule === null ? { majority: always } : { majority: always, one_rule: ruled(rule, target, judged) };
}

function ruled(rule: OneRule, target: Target, judged: Table): GroupedPredictions {
  return {
    describes: rule.groups.map((group) => `${group.says} → ${target.classes[group.predicted]}`).join("; "),
    codes: applyRule(rule, judged),
    predicted: rule.groups.map((group) => group.predicted),
    probabilities: rule.groups.map((group) => group.probabilities),
  };
}

/** The groups' predictions, row by row, beside the same truth. */
export function baselineScored(truth: Scored, groups: GroupedPredictions): Scored {
  const { rows } = truth;
  if (groups.measures !== undefined) return { ...truth, measures: groups.measures };
  const width = truth.classes.length;
  const predicted = new Float64Array(rows);
  const probabilities = groups.probabilities === null ? null : new Float64Array(rows * width);
  for (let i = 0; i < rows; i += 1) {
    const group = groups.codes?.[i] ?? 0;
    predicted[i] = groups.predicted[group]!;
    probabilities?.set(groups.probabilities![group]!, i * width);
  }
  return { ...truth, predicted, probabilities };
}
