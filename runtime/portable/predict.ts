/** The direct evaluator: a portable model computed in JavaScript, for whole tables and for single rows. */
import type { Table } from "../data/table.ts";
import { compileRowFeatures } from "./features-row.ts";
import { compileTableFeatures } from "./features-table.ts";
import type { PortableModel, Predictions } from "./form.ts";
import { compileLinear } from "./linear.ts";
import { compileDecision, compileProbabilities } from "./link.ts";
import { compileNetwork } from "./network/evaluate.ts";
import { addLeaf, flattenTrees, leafOf, sumTrees } from "./trees.ts";

/** One row's prediction. */
export interface RowPrediction {
  /** [learner.outputs] */
  readonly raw: Float64Array;
  /** [classes], in the model's order; null for regression. */
  readonly probabilities: Float64Array | null;
  /** The class's index, or the value. */
  readonly predicted: number;
  /** The class's name; null for regression. */
  readonly label: string | null;
}

/** Rows that share a walk through each tree: their features stay in the first-level cache. */
const BLOCK = 256;

/**
 * Predicts many rows.
 * @param table raw columns, at least the model's inputs
 */
export function predictTable(model: PortableModel, table: Table): Predictions {
  const { rows } = table;
  const { learner } = model;
  const { outputs } = learner;
  const raw = new Float64Array(rows * outputs);
  const features = compileTableFeatures(model, table);
  const block = new Float64Array(Math.min(BLOCK, Math.max(rows, 1)) * features.width);
  const trees = learner.is === "trees" ? flattenTrees(learner) : null;
  const linear = learner.is === "linear" ? compileLinear(learner, features.dense) : null;
  const network = learner.is === "network" ? compileNetwork(learner) : null;
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    features.fill(block, from, count);
    if (linear !== null) {
      for (let i = 0; i < count; i++) {
        linear(block, i * features.width, features.touched(from + i), raw, (from + i) * outputs);
      }
    } else if (network !== null) {
      for (let i = 0; i < count; i++) network(block, i * features.width, raw, (from + i) * outputs);
    } else if (trees !== null) {
      for (let i = 0; i < count; i++) raw.set(trees.base, (from + i) * outputs);
      for (let t = 0; t < trees.roots.length; t++) {
        const root = trees.roots[t]!;
        for (let i = 0; i < count; i++) {
          addLeaf(trees, t, leafOf(trees, root, block, i * features.width), raw, (from + i) * outputs);
        }
      }
    }
    features.clear(block, from, count);
  }
  return finish(model, rows, raw);
}

/** Probabilities and predictions of raw outputs. */
export function finish(model: PortableModel, rows: number, raw: Float64Array): Predictions {
  const { outputs } = model.learner;
  const classes = model.classes.length;
  const decide = compileDecision(model);
  const predicted = new Float64Array(rows);
  for (let i = 0; i < rows; i++) predicted[i] = decide(raw, i * outputs);
  if (model.task === "regression") return { rows, raw, probabilities: null, predicted };
  const link = compileProbabilities(model);
  const probabilities = new Float64Array(rows * classes);
  for (let i = 0; i < rows; i++) link(raw, i * outputs, probabilities, i * classes);
  return { rows, raw, probabilities, predicted };
}

/**
 * Compiles a model for single rows; the returned function is quick and not to be shared between threads.
 * It takes a caller's row (see `input.ts` for what values may be) and throws `InputError` for a wrong value;
 * an absent field is missing.
 */
export function compileRow(model: PortableModel): (row: Readonly<Record<string, unknown>>) => RowPrediction {
  const { learner } = model;
  const features = compileRowFeatures(model);
  const decide = compileDecision(model);
  const link = model.task === "regression" ? null : compileProbabilities(model);
  const trees = learner.is === "trees" ? flattenTrees(learner) : null;
  const linear = learner.is === "linear" ? compileLinear(learner, features.dense) : null;
  const network = learner.is === "network" ? compileNetwork(learner) : null;
  return (row) => {
    features.load(row);
    const raw = new Float64Array(learner.outputs);
    if (trees !== null) sumTrees(trees, features.x, 0, raw, 0);
    else if (linear !== null) linear(features.x, 0, features.touched(), raw, 0);
    else network?.(features.x, 0, raw, 0);
    let probabilities: Float64Array | null = null;
    if (link !== null) {
      probabilities = new Float64Array(model.classes.length);
      link(raw, 0, probabilities, 0);
    }
    const predicted = decide(raw, 0);
    return {
      raw,
      probabilities,
      predicted,
      label: link === null ? null : (model.classes[predicted] ?? null),
    };
  };
}
