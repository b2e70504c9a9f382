/** One sample after the other, and what is wrong with them. */
import type { Bases } from "./bases.ts";
import { allowed, type Budget, best } from "./budget.ts";
import { sampleOf } from "./mutate.ts";
import { verdictOn } from "./properties.ts";
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
  const { problem, ms } = verdictOn(sample);
  if (problem !== null) {
    const same = (text: string) => firstLine(verdictOn(text).problem) === firstLine(problem);
    return { seed, index, problem, text: shrink(sample, same), sample };
  }
  // Slow once is noise; slow every time is slow.
  const limit = allowed(budget, sample);
  if (ms <= limit) return null;
  const took = best(sample, limit);
  if (took <= limit) return null;
  const slow = `it takes ${took.toFixed(1)} ms, and ${limit.toFixed(1)} ms is twice a valid file's time`;
  const isSlow = (text: string) => best(text, allowed(budget, text)) > allowed(budget, text);
  return { seed, index, problem: slow, text: shrink(sample, isSlow), sample };
}

const firstLine = (problem: string | null): string => problem?.split("\n")[0] ?? "";
