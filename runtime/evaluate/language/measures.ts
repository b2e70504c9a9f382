/** Metrics of language models: each from sums over rows, so that resamples of rows cost no model. */
import type { Task } from "../../../language/vocabulary/kind.ts";
import type { Measure, Scored } from "../scored.ts";
import { BLEU_SUMS, bleuOf } from "./bleu.ts";

/**
 * What is kept of each row, and what a sum over rows means:
 * `nats`: −log p of the predicted tokens; `tokens`: how many; `right`: how many were the most probable; `bytes`: of
 * UTF-8 that they spell; `answers`: generated ones (1 a row); `exact`: equal to the reference; `rouge_l`: F-measure;
 * `bleu_…`: see there; `pairs` (1 a row); `preferred`: the chosen answer is the better one.
 */
export type MeasureName =
  | "nats"
  | "tokens"
  | "right"
  | "bytes"
  | "answers"
  | "exact"
  | "rouge_l"
  | "pairs"
  | "preferred"
  | (typeof BLEU_SUMS)[number];

/** [rows] each, by `MeasureName`; those that the asked metrics need. */
export type Measures = Readonly<Record<string, Float64Array>>;

type Of = (name: MeasureName) => number;

/** Why a metric is computed: from the probability of a given text, from generated answers, or from pairs of answers. */
export type MetricGroup = "likelihood" | "answers" | "pairs";

interface LanguageMetric {
  readonly group: MetricGroup;
  readonly tasks: readonly Task[];
  readonly better: "higher" | "lower";
  readonly needs: readonly MeasureName[];
  readonly value: (sum: Of) => number | null;
}

const TEXT: readonly Task[] = ["language", "sequence"];
const PAIRS: readonly Task[] = ["language", "preference"];

/** Null where nothing was counted. */
const share = (sum: number, of: number): number | null => (of === 0 ? null : sum / of);

/** By name. Language modelling is judged by likelihood, answers by what is generated, preferences by pairs. */
export const LANGUAGE_METRICS: Readonly<Record<string, LanguageMetric>> = {
  /** Mean −log p of a token, nats. */
  loss: {
    group: "likelihood",
    tasks: TEXT,
    better: "lower",
    needs: ["nats", "tokens"],
    value: (sum) => share(sum("nats"), sum("tokens")),
  },
  /** e to the loss (Jelinek et al. 1977). */
  perplexity: {
    group: "likelihood",
    tasks: TEXT,
    better: "lower",
    needs: ["nats", "tokens"],
    value: (sum) => (sum("tokens") === 0 ? null : Math.exp(sum("nats") / sum("tokens"))),
  },
  /** All nats / ln 2 / UTF-8 bytes: the same whatever the tokenizer. */
  bits_per_byte: {
    group: "likelihood",
    tasks: TEXT,
    better: "lower",
    needs: ["nats", "bytes"],
    value: (sum) => share(sum("nats") / Math.LN2, sum("bytes")),
  },
  /** Share of tokens that were the most probable one. */
  token_accuracy: {
    group: "likelihood",
    tasks: TEXT,
    better: "higher",
    needs: ["right", "tokens"],
    value: (sum) => share(sum("right"), sum("tokens")),
  },
  exact_match: {
    group: "answers",
    tasks: TEXT,
    better: "higher",
    needs: ["exact", "answers"],
    value: (sum) => share(sum("exact"), sum("answers")),
  },
  rouge_l: {
    group: "answers",
    tasks: TEXT,
    better: "higher",
    needs: ["rouge_l", "answers"],
    value: (sum) => share(sum("rouge_l"), sum("answers")),
  },
  bleu: {
    group: "answers",
    tasks: TEXT,
    better: "higher",
    needs: BLEU_SUMS,
    value: (sum) => bleuOf(BLEU_SUMS.map(sum)),
  },
  pair_accuracy: {
    group: "pairs",
    tasks: PAIRS,
    better: "higher",
    needs: ["preferred", "pairs"],
    value: (sum) => share(sum("preferred"), sum("pairs")),
  },
};

/** Equal but for white space around them. */
export const exactMatch = (answer: string, reference: string): boolean => answer.trim() === reference.trim();

/** The metric over rows counted by weights; null everywhere when the rows do not have what it needs. */
export function languageMeasure(scored: Scored, name: string): Measure {
  const metric = LANGUAGE_METRICS[name];
  const measures: Measures = scored.measures ?? {};
  if (metric === undefined || metric.needs.some((need) => measures[need] === undefined)) return () => null;
  return (weights) => {
    const sums = new Map<MeasureName, number>();
    for (const need of metric.needs) {
      const values = measures[need]!;
      let sum = 0;
      for (let i = 0; i < weights.length; i += 1) sum += weights[i]! * values[i]!;
      sums.set(need, sum);
    }
    return metric.value((need) => sums.get(need)!);
  };
}

/** Wilson's interval of a share: `right` of `all`, two-sided at `level` (Wilson 1927). */
export function wilson(right: number, all: number, level: number): [number, number] {
  const z = normalQuantile(0.5 + level / 2);
  const p = right / all;
  const scale = 1 + (z * z) / all;
  const middle = (p + (z * z) / (2 * all)) / scale;
  const reach = (z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all))) / scale;
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** Of the standard normal distribution, 0 < p < 1. */
function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  // Abramowitz and Stegun 26.2.23, then Newton's steps on the distribution function.
  let x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 4; i += 1) {
    const off = upperTail(x) - tail;
    x += (off * Math.sqrt(2 * Math.PI)) / Math.exp((-x * x) / 2);
  }
  return p < 0.5 ? -x : x;
}

/** P(X > x) for x ≥ 0, by the series of the error function or its continued fraction. */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 100; n += 1) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n -= 1) fraction = x + n / fraction;
  return density / fraction;
}
