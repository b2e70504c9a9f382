/** Newton's method with a line search, for the convex objective of logistic regression. */
import { solveCholesky } from "./cholesky.ts";
import type { LogisticObjective } from "./objective.ts";

export interface Solved {
  readonly theta: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  readonly value: number;
}

/** Up to this many unknowns the Hessian is written out; above, only its products are formed. */
const DIRECT = 300;

/**
 * Minimises from 0 until no gradient is larger than `tolerance` (of the mean loss), or no step makes the
 * objective smaller in double precision. Directions: Cholesky for few unknowns, else truncated conjugate
 * gradients (Nocedal and Wright 2006, ch. 7.1).
 */
export function minimise(
  objective: LogisticObjective,
  options: { readonly iterations: number; readonly tolerance: number; readonly sparse: boolean },
  each: (iteration: number, value: number) => void,
): Solved {
  let theta: Float64Array = new Float64Array(objective.size);
  let value = objective.value(theta);
  let gradient = objective.gradient(theta);
  for (let iteration = 0; ; iteration++) {
    each(iteration, value);
    if (largest(gradient) <= options.tolerance)
      return { theta, iterations: iteration, converged: true, value };
    if (iteration >= options.iterations) return { theta, iterations: iteration, converged: false, value };
    const direct = !options.sparse && objective.size <= DIRECT;
    const step = (direct ? newtonStep(objective, gradient) : null) ?? conjugateStep(objective, gradient);
    const moved = lineSearch(objective, theta, value, gradient, step);
    // No smaller value can be told apart: this is the minimum as doubles see it.
    if (moved === null) {
      objective.value(theta);
      return { theta, iterations: iteration, converged: largest(gradient) < 1e-5, value };
    }
    theta = moved.theta;
    value = moved.value;
    gradient = objective.gradient(theta);
  }
}

function newtonStep(objective: LogisticObjective, gradient: Float64Array): Float64Array | null {
  const matrix = objective.hessian();
  if (objective.outputs > 1) pinSums(matrix, objective);
  return solveCholesky(
    matrix,
    gradient.map((g) => -g),
  );
}

/**
 * Adding the same to every class changes no probability, so the Hessian of softmax is flat along it. The minimum
 * has sums of 0 there; asking for that by a penalty on the sums moves nothing else.
 */
function pinSums(matrix: Float64Array, objective: LogisticObjective): void {
  const { outputs, stride, size } = objective;
  for (let j = 0; j < stride; j++) {
    for (let k = 0; k < outputs; k++) {
      for (let l = 0; l <= k; l++) matrix[(k * stride + j) * size + l * stride + j]! += 1 / outputs;
    }
  }
}

/** Solves H d = −g by conjugate gradients, as exactly as the gradient is small. */
function conjugateStep(objective: LogisticObjective, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const step = new Float64Array(size);
  const residual = gradient.map((g) => -g);
  const direction = residual.slice();
  let squared = dot(residual, residual);
  const norm = Math.sqrt(squared);
  const enough = Math.min(0.1, Math.sqrt(norm)) * norm;
  for (let i = 0; i < Math.max(50, 2 * size) && Math.sqrt(squared) > enough; i++) {
    const product = objective.curvature(direction);
    const bend = dot(direction, product);
    if (!(bend > Number.EPSILON * dot(direction, direction) * 1e-6)) break;
    const alpha = squared / bend;
    for (let j = 0; j < size; j++) {
      step[j]! += alpha * direction[j]!;
      residual[j]! -= alpha * product[j]!;
    }
    const next = dot(residual, residual);
    for (let j = 0; j < size; j++) direction[j] = residual[j]! + (next / squared) * direction[j]!;
    squared = next;
  }
  return dot(step, step) > 0 ? step : gradient.map((g) => -g);
}

/** Halves the step until the objective falls enough (Armijo), allowing for rounding near the minimum. */
function lineSearch(
  objective: LogisticObjective,
  theta: Float64Array,
  value: number,
  gradient: Float64Array,
  step: Float64Array,
): { theta: Float64Array; value: number } | null {
  const slope = dot(gradient, step);
  if (!(slope < 0)) return null;
  const rounding = 8 * Number.EPSILON * Math.abs(value);
  const before = largest(gradient);
  for (let length = 1; length > 1e-10; length /= 2) {
    const candidate = theta.map((x, j) => x + length * step[j]!);
    const found = objective.value(candidate);
    if (found <= value + 1e-4 * length * slope) return { theta: candidate, value: found };
    // Too close to the minimum for values to differ: gradients still do.
    if (found <= value + rounding && largest(objective.gradient(candidate)) < 0.5 * before) {
      return { theta: candidate, value: found };
    }
  }
  return null;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const x of values) most = Math.max(most, Math.abs(x));
  return most;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
