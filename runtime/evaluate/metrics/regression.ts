/** Metrics of predicted numbers. */
import type { Measure, Scored } from "../scored.ts";

/** Weighted mean of a value a row; null without rows. */
export function meanOf(values: Float64Array): Measure {
  return (weights) => {
    let sum = 0;
    let rows = 0;
    for (let i = 0; i < values.length; i += 1) {
      const weight = weights[i]!;
      sum += weight * values[i]!;
      rows += weight;
    }
    return rows === 0 ? null : sum / rows;
  };
}

const errors = (scored: Scored, of: (truth: number, predicted: number) => number): Float64Array =>
  Float64Array.from(scored.truth, (truth, i) => of(truth, scored.predicted[i]!));

export function mae(scored: Scored): Measure {
  return meanOf(errors(scored, (truth, predicted) => Math.abs(truth - predicted)));
}

export function rmse(scored: Scored): Measure {
  const mse = meanOf(errors(scored, (truth, predicted) => (truth - predicted) ** 2));
  return (weights) => {
    const value = mse(weights);
    return value === null ? null : Math.sqrt(value);
  };
}

/** Mean |y − ŷ| / max(|y|, 2⁻⁵²), as scikit-learn: a ratio, not a percentage; huge where a truth is 0. */
export function mape(scored: Scored): Measure {
  return meanOf(
    errors(
      scored,
      (truth, predicted) => Math.abs(truth - predicted) / Math.max(Math.abs(truth), Number.EPSILON),
    ),
  );
}

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Null when fewer than two rows, or every truth equal, leave nothing to explain. */
export function r2(scored: Scored): Measure {
  const { truth, predicted } = scored;
  const mean = meanOf(truth);
  return (weights) => {
    const center = mean(weights);
    if (center === null) return null;
    let rows = 0;
    let residual = 0;
    let spread = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < truth.length; i += 1) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      low = Math.min(low, truth[i]!);
      high = Math.max(high, truth[i]!);
      rows += weight;
      residual += weight * (truth[i]! - predicted[i]!) ** 2;
      spread += weight * (truth[i]! - center) ** 2;
    }
    return rows < 2 || low === high ? null : 1 - residual / spread;
  };
}
