/** Metrics of the probabilities themselves. */
import type { Measure, Scored } from "../scored.ts";
import { meanOf } from "./regression.ts";

/** Mean −ln p of the true class; p is kept in [ε, 1−ε], ε = 2⁻⁵², as scikit-learn does. */
export function logLoss(scored: Scored): Measure {
  const width = scored.classes.length;
  const losses = new Float64Array(scored.rows);
  for (let i = 0; i < scored.rows; i += 1) {
    const p = scored.probabilities![i * width + scored.truth[i]!]!;
    losses[i] = -Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  }
  return meanOf(losses);
}

/**
 * Brier score: binary, mean (p − y)²; more classes, mean Σₖ (pₖ − yₖ)² (Brier 1950), which reaches 2.
 */
export function brier(scored: Scored): Measure {
  const width = scored.classes.length;
  const losses = new Float64Array(scored.rows);
  for (let i = 0; i < scored.rows; i += 1) {
    let sum = 0;
    for (let k = 0; k < width; k += 1) {
      sum += (scored.probabilities![i * width + k]! - Number(scored.truth[i] === k)) ** 2;
    }
    losses[i] = width === 2 ? sum / 2 : sum;
  }
  return meanOf(losses);
}
