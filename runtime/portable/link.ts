/** From raw outputs to probabilities and the prediction. */
import type { PortableModel } from "./form.ts";

/** 1 / (1 + e^−x), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * What a binary model compares with `cut` to predict its positive class: one raw output, or the difference of
 * two. Labels are taken from raw outputs, as exp differs in its last bit between runtimes.
 */
export function decisionValue(model: PortableModel, raw: Float64Array, at: number): number {
  const { link, outputs } = model.learner;
  if (outputs === 1) return raw[at]!;
  return link === "probabilities" ? raw[at + 1]! : raw[at + 1]! - raw[at]!;
}

/** The smallest decision value whose probability reaches the model's threshold. */
export function cutOf(model: PortableModel): number {
  const { threshold, learner } = model;
  if (learner.link === "probabilities") return threshold;
  if (threshold <= 0) return -Number.MAX_VALUE;
  if (threshold > 1) return Number.MAX_VALUE;
  // Bisection to the last bit; beyond ±750 the probability is 0 or 1.
  let [low, high] = [-750, 750];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (sigmoid(middle) >= threshold) high = middle;
    else low = middle;
  }
}

/** Compiles the link: writes the class probabilities of the raw outputs at `rawAt` to `to` from `at`. */
export function compileProbabilities(
  model: PortableModel,
): (raw: Float64Array, rawAt: number, to: Float64Array, at: number) => void {
  const { outputs, link } = model.learner;
  if (outputs === 1) {
    return (raw, rawAt, to, at) => {
      const value = raw[rawAt]!;
      to[at + 1] = link === "logistic" ? sigmoid(value) : value;
      to[at] = 1 - to[at + 1]!;
    };
  }
  if (link !== "softmax") {
    // A forest's shares are rounded one by one, so that their sum may pass 1 in the last bits.
    return (raw, rawAt, to, at) => {
      for (let k = 0; k < outputs; k++) to[at + k] = Math.min(1, raw[rawAt + k]!);
    };
  }
  return (raw, rawAt, to, at) => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputs; k++) top = Math.max(top, raw[rawAt + k]!);
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += to[at + k] = Math.exp(raw[rawAt + k]! - top);
    for (let k = 0; k < outputs; k++) to[at + k] = to[at + k]! / sum;
  };
}

/** Compiles the prediction: the class's index (the first of equals), or the value. */
export function compileDecision(model: PortableModel): (raw: Float64Array, at: number) => number {
  const { outputs } = model.learner;
  if (model.task === "regression") return (raw, at) => raw[at]!;
  if (model.task === "binary") {
    const cut = cutOf(model);
    return (raw, at) => (decisionValue(model, raw, at) >= cut ? 1 : 0);
  }
  return (raw, at) => {
    let best = 0;
    for (let k = 1; k < outputs; k++) if (raw[at + k]! > raw[at + best]!) best = k;
    return best;
  };
}
