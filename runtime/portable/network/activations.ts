/** Activations in double, in place. */
import { sigmoid } from "../link.ts";
import { erf } from "./erf.ts";
import type { Activation } from "./stages.ts";

const EACH: Readonly<Record<Exclude<Activation, "softmax">, (x: number) => number>> = {
  none: (x) => x,
  relu: (x) => Math.max(0, x),
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  gelu_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
  silu: (x) => x * sigmoid(x),
  tanh: Math.tanh,
  sigmoid,
};

/** @param axis how many numbers a softmax runs over, one group after another */
export function activationOf(name: Activation, axis: number): (x: Float64Array) => void {
  if (name === "softmax") return (x) => softmax(x, axis);
  const each = EACH[name];
  return (x) => {
    for (let i = 0; i < x.length; i++) x[i] = each(x[i]!);
  };
}

function softmax(x: Float64Array, axis: number): void {
  for (let from = 0; from < x.length; from += axis) {
    let top = Number.NEGATIVE_INFINITY;
    for (let i = from; i < from + axis; i++) top = Math.max(top, x[i]!);
    let sum = 0;
    for (let i = from; i < from + axis; i++) sum += x[i] = Math.exp(x[i]! - top);
    for (let i = from; i < from + axis; i++) x[i]! /= sum;
  }
}
