/** One sample after the other, and what is wrong with them. */
import type { Bases } from "./bases.ts";
import { allowed, type Budget, best } from "./budget.ts";
import { sampleOf } from "./mutate.ts";
import { failureOf, read } from "./properties.ts";
import { shrink } from "./shrink.ts";

export interface Failure {
  readonly seed: number;
  readonly index: number;
  readonly problem: string;
  readonly text: string;
  /** The text as it was before it was made small. */
  readonly sample: string;
}

/** Null when everything holds. A failure comes with the smallest text that still fails. */
export function checkSample(seed: number, index: number, bases: Bases, budget: Budget): Failure | null {
  const sample = sampleOf(seed, index, bases);
  const wrong = failureOf(sample);
  if (wrong !== null) {
    const same = (text: string) => firstLine(failureOf(text)) === firstLine(wrong);
    return { seed, index, problem: wrong, text: shrink(sample, same), sample };
  }
  if (!isSlow(sample, budget)) return null;
  const took = best(sample).toFixed(1);
  const problem = `it takes ${took} ms, and ${allowed(budget, sample).toFixed(1)} ms is twice a valid file's time`;
  return { seed, index, problem, text: shrink(sample, (text) => isSlow(text, budget)), sample };
}

/** Slow once is noise; slow every time is slow. */
function isSlow(text: string, budget: Budget): boolean {
  const limit = allowed(budget, text);
  const start = performance.now();
  read(text);
  return performance.now() - start > limit && best(text, limit) > limit;
}

const firstLine = (problem: string | null): string => problem?.split("\n")[0] ?? "";
