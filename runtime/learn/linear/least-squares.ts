/** Linear and ridge regression. */
import type { LinearRegression } from "../../../stdlib/kinds/model.ts";
import type { LinearLearner } from "../../portable/form.ts";
import { breathe, type Fitted, type LearnFinding, normalised } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { type Design, designOf, linearImportance, multiply, multiplyTransposed, unscaled } from "./design.ts";
import { leastSquares } from "./qr.ts";

export type LinearRegressionOptions = Omit<LinearRegression, "data" | "target" | "seed">;

/** Wider problems, and sparse ones, are solved by conjugate gradients. */
const DIRECT = 500;

/**
 * Minimises Σ (y − w·x − b)² + l2 ‖w‖², the intercept b free: scikit-learn's `LinearRegression`, or `Ridge` with
 * `alpha = l2`, behind its `StandardScaler` when `standardize`. Of several minima (collinear columns) the shortest.
 * @throws LearnFailure ML5001 (a missing number)
 */
export async function fitLinearRegression(
  frame: Frame,
  target: Target,
  options: LinearRegressionOptions,
  hooks: LearnHooks,
): Promise<Fitted<LinearLearner>> {
  await breathe(hooks.signal);
  const design = designOf(frame, options.standardize);
  const means = columnMeans(design);
  const mean = average(target.values);
  const centred = target.values.map((y) => y - mean);
  const direct = design.sparse.length === 0 && design.width <= DIRECT;
  const solved = direct
    ? { weights: solveDirectly(design, means, centred, options.l2), iterations: 0, converged: true }
    : conjugateGradients(design, means, centred, options, hooks);
  const { weights } = solved;
  let intercept = mean;
  for (let j = 0; j < design.width; j++) intercept -= weights[j]! * means[j]!;
  intercept = unscaled(design, weights, intercept);
  hooks.progress(1, 1);
  const warnings: LearnFinding[] = solved.converged
    ? []
    : [{ code: "ML5002", values: { iterations: String(solved.iterations) }, pointer: "/iterations" }];
  return {
    learner: { is: "linear", outputs: 1, intercept: Float64Array.of(intercept), weights, link: "identity" },
    report: {
      rounds: null,
      iterations: direct ? null : solved.iterations,
      importance: normalised(linearImportance(frame, weights, 1)),
      warnings,
    },
  };
}

function average(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum / Math.max(1, values.length);
}

function columnMeans(design: Design): Float64Array {
  const sums = new Float64Array(design.width);
  multiplyTransposed(design, new Float64Array(design.rows).fill(1 / Math.max(1, design.rows)), sums, 0);
  return sums;
}

/** QR of the centred columns, √l2 times the identity below them. */
function solveDirectly(design: Design, means: Float64Array, centred: Float64Array, l2: number): Float64Array {
  const extra = l2 > 0 ? design.width : 0;
  const columns = design.dense.map(({ at, values }) => {
    const column = new Float64Array(design.rows + extra);
    for (let row = 0; row < design.rows; row++) column[row] = values[row]! - means[at]!;
    if (extra > 0) column[design.rows + at] = Math.sqrt(l2);
    return column;
  });
  const right = new Float64Array(design.rows + extra);
  right.set(centred);
  return leastSquares(columns, right).weights;
}

/** CGLS (Björck 1996, ch. 7.4) on the columns less their means, which are never formed; from 0 to the shortest. */
function conjugateGradients(
  design: Design,
  means: Float64Array,
  centred: Float64Array,
  options: LinearRegressionOptions,
  hooks: LearnHooks,
): { weights: Float64Array; iterations: number; converged: boolean } {
  const { l2 } = options;
  const weights = new Float64Array(design.width);
  const rest = centred.slice();
  const pull = transposed(design, means, rest);
  const direction = pull.slice();
  let squared = squares(pull);
  const enough = Math.min(options.tolerance, 1e-6) ** 2 * squared;
  const most = Math.max(options.iterations, 4 * design.width);
  let iterations = 0;
  while (squared > enough && iterations < most) {
    if (iterations % 16 === 0) hooks.signal.throwIfAborted();
    iterations++;
    const moved = forward(design, means, direction);
    const alpha = squared / (squares(moved) + l2 * squares(direction));
    for (let j = 0; j < weights.length; j++) weights[j]! += alpha * direction[j]!;
    for (let row = 0; row < rest.length; row++) rest[row]! -= alpha * moved[row]!;
    const next = transposed(design, means, rest);
    for (let j = 0; j < next.length; j++) next[j]! -= l2 * weights[j]!;
    const after = squares(next);
    for (let j = 0; j < next.length; j++) direction[j] = next[j]! + (after / squared) * direction[j]!;
    squared = after;
  }
  return { weights, iterations, converged: squared <= enough };
}

function forward(design: Design, means: Float64Array, w: Float64Array): Float64Array {
  let shift = 0;
  for (let j = 0; j < w.length; j++) shift += means[j]! * w[j]!;
  const out = new Float64Array(design.rows).fill(-shift);
  multiply(design, w, 0, out);
  return out;
}

function transposed(design: Design, means: Float64Array, r: Float64Array): Float64Array {
  const out = new Float64Array(design.width);
  multiplyTransposed(design, r, out, 0);
  let sum = 0;
  for (const x of r) sum += x;
  for (let j = 0; j < out.length; j++) out[j]! -= means[j]! * sum;
  return out;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x * x;
  return sum;
}
