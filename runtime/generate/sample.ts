/**
 * Which token comes next: from logits to a distribution, and from a distribution to one token. Temperature divides
 * the logits; top-k keeps the k likeliest tokens (Fan, Lewis, Dauphin 2018); top-p then keeps the smallest set of
 * the likeliest whose probability reaches p (Holtzman et al. 2020). Ties go to the lower id, so that a result does
 * not depend on how things were sorted.
 */

export interface Sampling {
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** At most so many tokens stay possible; null keeps all. */
  readonly topK: number | null;
  /** In (0, 1]; 1 keeps all. */
  readonly topP: number;
}

/** The likeliest id, the lowest among equals. @throws NotNumbers when a logit is not a number */
export function likeliest(logits: Float32Array): number {
  let best = 0;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    sum += logits[id]!;
    if (logits[id]! > logits[best]!) best = id;
  }
  if (Number.isNaN(sum)) throw new NotNumbers();
  return best;
}

/** The model's own fault: its weights or its arithmetic hold values that are no numbers. */
export class NotNumbers extends Error {
  constructor() {
    super("The model's logits are not numbers.");
    this.name = "NotNumbers";
  }
}

/**
 * Probability of every token.
 * @param logits [V]
 * @param sampling a temperature above 0
 * @returns [V], 0 for what may not come; sums to 1
 */
export function distribution(logits: Float32Array, { temperature, topK, topP }: Sampling): Float64Array {
  const highest = logits[likeliest(logits)]!;
  const weights = new Float64Array(logits.length);
  for (let id = 0; id < weights.length; id++) {
    const logit = logits[id]!;
    // An infinite highest logit leaves only itself: ∞ − ∞ is no number.
    weights[id] = logit === highest ? 1 : Math.exp((logit - highest) / temperature);
  }
  if ((topK !== null && topK < weights.length) || topP < 1) keepLikeliest(weights, topK, topP);
  return normalised(weights);
}

/** Sets the weight of what may not come to 0. */
function keepLikeliest(weights: Float64Array, topK: number | null, topP: number): void {
  const order = Uint32Array.from(weights, (_, id) => id);
  order.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let kept = Math.min(topK ?? order.length, order.length);
  if (topP < 1) {
    let total = 0;
    for (let at = 0; at < kept; at++) total += weights[order[at]!]!;
    let reached = 0;
    for (let at = 0; at < kept; at++) {
      reached += weights[order[at]!]!;
      if (reached >= topP * total) kept = at + 1;
    }
  }
  for (let at = kept; at < order.length; at++) weights[order[at]!] = 0;
}

function normalised(weights: Float64Array): Float64Array {
  let total = 0;
  for (const weight of weights) total += weight;
  for (let id = 0; id < weights.length; id++) weights[id] = weights[id]! / total;
  return weights;
}

/**
 * The next token. One number is drawn for every token that is not greedy, so that the n-th token of a seed does not
 * depend on what else runs.
 * @param uniform draws from [0, 1)
 */
export function sample(logits: Float32Array, sampling: Sampling, uniform: () => number): number {
  if (sampling.temperature === 0 || sampling.topK === 1) return likeliest(logits);
  const probabilities = distribution(logits, sampling);
  const drawn = uniform();
  let reached = 0;
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id]!;
    if (probability === 0) continue;
    reached += probability;
    last = id;
    if (drawn < reached) return id;
  }
  // Rounding may leave the sum a little under 1.
  return last;
}
