/** The regularised log loss of logistic regression, with derivatives. */
import { type Design, multiply, multiplyTransposed } from "./design.ts";

/**
 * f(θ) = Σ s_i · loss_i / Σ s_i + λ/2 ‖w‖² with λ = l2 / Σ s_i: scikit-learn's objective over Σ s_i, so that the
 * tolerance means the same whatever the number of rows. θ holds, for each output, its weights and its intercept.
 * One output: logistic; several: softmax over all of them, symmetric (no class is left out).
 */
export class LogisticObjective {
  readonly outputs: number;
  readonly stride: number;
  private readonly design: Design;
  private readonly target: Float64Array;
  private readonly weights: Float64Array;
  private readonly lambda: number;
  /** [outputs × rows] */
  private readonly raw: Float64Array;
  readonly probabilities: Float64Array;

  constructor(design: Design, target: Float64Array, rowWeights: Float64Array, l2: number, outputs: number) {
    this.design = design;
    this.target = target;
    this.outputs = outputs;
    this.stride = design.width + 1;
    const total = rowWeights.reduce((a, b) => a + b, 0);
    this.weights = rowWeights.map((weight) => weight / total);
    this.lambda = l2 / total;
    this.raw = new Float64Array(outputs * design.rows);
    this.probabilities = new Float64Array(outputs * design.rows);
  }

  get size(): number {
    return this.outputs * this.stride;
  }

  /** f(θ); keeps the probabilities for `gradient` and `curvature`. */
  value(theta: Float64Array): number {
    const { design, outputs, stride, raw } = this;
    const { rows } = design;
    let penalty = 0;
    for (let k = 0; k < outputs; k++) {
      const own = raw.subarray(k * rows, (k + 1) * rows);
      own.fill(theta[k * stride + design.width]!);
      multiply(design, theta, k * stride, own);
      for (let j = 0; j < design.width; j++) penalty += theta[k * stride + j]! ** 2;
    }
    return (outputs === 1 ? this.logistic() : this.softmax()) + 0.5 * this.lambda * penalty;
  }

  private logistic(): number {
    const { raw, probabilities, target, weights } = this;
    let loss = 0;
    for (let row = 0; row < target.length; row++) {
      const z = raw[row]!;
      const e = Math.exp(-Math.abs(z));
      probabilities[row] = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      loss += weights[row]! * (Math.log1p(e) + Math.max(z, 0) - target[row]! * z);
    }
    return loss;
  }

  private softmax(): number {
    const { raw, probabilities, target, weights, outputs } = this;
    const { rows } = this.design;
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      let top = -Infinity;
      for (let k = 0; k < outputs; k++) top = Math.max(top, raw[k * rows + row]!);
      let sum = 0;
      for (let k = 0; k < outputs; k++) {
        const e = Math.exp(raw[k * rows + row]! - top);
        probabilities[k * rows + row] = e;
        sum += e;
      }
      for (let k = 0; k < outputs; k++) probabilities[k * rows + row]! /= sum;
      loss += weights[row]! * (top + Math.log(sum) - raw[target[row]! * rows + row]!);
    }
    return loss;
  }

  /** ∇f at the θ of the last `value`. */
  gradient(theta: Float64Array): Float64Array {
    const { design, outputs, stride, target, weights, probabilities, lambda } = this;
    const { rows, width } = design;
    const gradient = new Float64Array(this.size);
    const residual = new Float64Array(rows);
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const y = outputs === 1 ? target[row]! : target[row] === k ? 1 : 0;
        residual[row] = weights[row]! * (probabilities[k * rows + row]! - y);
        sum += residual[row]!;
      }
      multiplyTransposed(design, residual, gradient, k * stride);
      gradient[k * stride + width] = sum;
      for (let j = 0; j < width; j++) gradient[k * stride + j]! += lambda * theta[k * stride + j]!;
    }
    return gradient;
  }

  /** ∇²f · direction at the θ of the last `value`. */
  curvature(direction: Float64Array): Float64Array {
    const { design, outputs, stride, weights, probabilities, lambda } = this;
    const { rows, width } = design;
    const change = new Float64Array(outputs * rows);
    for (let k = 0; k < outputs; k++) {
      const own = change.subarray(k * rows, (k + 1) * rows);
      own.fill(direction[k * stride + width]!);
      multiply(design, direction, k * stride, own);
    }
    for (let row = 0; row < rows; row++) {
      let mean = 0;
      if (outputs > 1)
        for (let k = 0; k < outputs; k++) mean += probabilities[k * rows + row]! * change[k * rows + row]!;
      for (let k = 0; k < outputs; k++) {
        const p = probabilities[k * rows + row]!;
        const z = change[k * rows + row]!;
        change[k * rows + row] = weights[row]! * p * (outputs === 1 ? (1 - p) * z : z - mean);
      }
    }
    const out = new Float64Array(this.size);
    for (let k = 0; k < outputs; k++) {
      const own = change.subarray(k * rows, (k + 1) * rows);
      multiplyTransposed(design, own, out, k * stride);
      let sum = 0;
      for (const x of own) sum += x;
      out[k * stride + width] = sum;
      for (let j = 0; j < width; j++) out[k * stride + j]! += lambda * direction[k * stride + j]!;
    }
    return out;
  }

  /** ∇²f as a matrix [size × size], lower triangle; for dense designs. */
  hessian(): Float64Array {
    const { design, outputs, stride, weights, probabilities, lambda, size } = this;
    const { rows, width } = design;
    const matrix = new Float64Array(size * size);
    const x = new Float64Array(stride);
    x[width] = 1;
    const block = new Float64Array(stride * stride);
    for (let k = 0; k < outputs; k++) {
      for (let l = 0; l <= k; l++) {
        block.fill(0);
        for (let row = 0; row < rows; row++) {
          const pk = probabilities[k * rows + row]!;
          const pl = probabilities[l * rows + row]!;
          const factor = weights[row]! * (k === l ? pk * (1 - pk) : -pk * pl);
          for (const column of design.dense) x[column.at] = column.values[row]!;
          addOuter(block, x, factor, stride);
        }
        for (let i = 0; i < stride; i++) {
          for (let j = 0; j < stride; j++) {
            const entry = block[i >= j ? i * stride + j : j * stride + i]!;
            matrix[(k * stride + i) * size + l * stride + j] = entry;
          }
          if (k === l && i < width) matrix[(k * stride + i) * size + k * stride + i]! += lambda;
        }
      }
    }
    return matrix;
  }
}

/** block += factor · x xᵀ, lower triangle. */
function addOuter(block: Float64Array, x: Float64Array, factor: number, size: number): void {
  for (let i = 0; i < size; i++) {
    const scaled = factor * x[i]!;
    if (scaled === 0) continue;
    const at = i * size;
    for (let j = 0; j <= i; j++) block[at + j]! += scaled * x[j]!;
  }
}
