/** First and second derivatives of the losses by the raw score. */
import { exp } from "./exp.ts";
import { type Shared, WORD } from "./shared.ts";

/**
 * Writes gradients and hessians of rows from … to for the output of the round, and the largest of each.
 * Logistic: p − y and p(1 − p). Softmax: p − y and K/(K−1) · p(1 − p) (Friedman 2001's diagonal, as in LightGBM).
 * Squared error (half of it): residual and 1. Each times the weight of the row's class.
 */
export function writeGradients(shared: Shared, thread: number, from: number, to: number): void {
  if (shared.loss === "logistic") logistic(shared, from, to);
  else if (shared.loss === "softmax") softmax(shared, from, to);
  else squared(shared, from, to);
  const { gradients, hessians, largest } = shared;
  let g = largest[2 * thread]!;
  let h = largest[2 * thread + 1]!;
  for (let row = from; row < to; row++) {
    g = Math.max(g, Math.abs(gradients[row]!));
    h = Math.max(h, hessians[row]!);
  }
  largest[2 * thread] = g;
  largest[2 * thread + 1] = h;
}

function logistic(shared: Shared, from: number, to: number): void {
  const { scores, target, gradients, hessians } = shared;
  const negative = shared.classWeights[0]!;
  const positive = shared.classWeights[1]!;
  for (let row = from; row < to; row++) {
    const y = target[row]!;
    const weight = y === 1 ? positive : negative;
    const p = 1 / (1 + exp(-scores[row]!));
    gradients[row] = weight * (p - y);
    hessians[row] = weight * p * (1 - p);
  }
}

function softmax(shared: Shared, from: number, to: number): void {
  const { scores, target, gradients, hessians, probabilities, outputs, rows, control, classWeights } = shared;
  const output = control[WORD.output]!;
  // The round's first tree fixes the probabilities for the round's other trees.
  if (output === 0) {
    for (let row = from; row < to; row++) softmaxRow(scores, probabilities, row, rows, outputs);
  }
  const factor = outputs / (outputs - 1);
  for (let row = from; row < to; row++) {
    const y = target[row]!;
    const weight = classWeights[y]!;
    const p = probabilities[row * outputs + output]!;
    gradients[row] = weight * (p - (y === output ? 1 : 0));
    hessians[row] = weight * factor * p * (1 - p);
  }
}

/** Probabilities of one row; `scores` one output after the other, `probabilities` row by row. */
export function softmaxRow(
  scores: Float64Array,
  probabilities: Float64Array,
  row: number,
  rows: number,
  outputs: number,
): void {
  let top = -Infinity;
  for (let k = 0; k < outputs; k++) top = Math.max(top, scores[k * rows + row]!);
  let sum = 0;
  for (let k = 0; k < outputs; k++) {
    const e = exp(scores[k * rows + row]! - top);
    probabilities[row * outputs + k] = e;
    sum += e;
  }
  for (let k = 0; k < outputs; k++) probabilities[row * outputs + k]! /= sum;
}

function squared(shared: Shared, from: number, to: number): void {
  const { scores, target, gradients, hessians } = shared;
  for (let row = from; row < to; row++) {
    gradients[row] = scores[row]! - target[row]!;
    hessians[row] = 1;
  }
}

/** Mean loss of raw scores (log loss, or squared error) over every `step`-th row, each times its class's weight. */
export function meanLoss(
  loss: Shared["loss"],
  scores: Float64Array,
  target: Float64Array,
  outputs: number,
  classWeights: Float64Array,
  step = 1,
): number {
  const rows = target.length;
  let sum = 0;
  let weights = 0;
  for (let row = 0; row < rows; row += step) {
    const y = target[row]!;
    const weight = loss === "squared" ? 1 : classWeights[y]!;
    weights += weight;
    if (loss === "squared") sum += (scores[row]! - y) ** 2;
    else if (loss === "logistic") sum += weight * softplus(y === 1 ? -scores[row]! : scores[row]!);
    else sum += weight * softmaxLoss(scores, y, row, rows, outputs);
  }
  return weights > 0 ? sum / weights : 0;
}

/** ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function softmaxLoss(scores: Float64Array, y: number, row: number, rows: number, outputs: number): number {
  let top = -Infinity;
  for (let k = 0; k < outputs; k++) top = Math.max(top, scores[k * rows + row]!);
  let sum = 0;
  for (let k = 0; k < outputs; k++) sum += Math.exp(scores[k * rows + row]! - top);
  return top + Math.log(sum) - scores[y * rows + row]!;
}
