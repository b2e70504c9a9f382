/**
 * How long reading and checking a text may take: twice what a valid file of that size takes. Measured here and now, on
 * files that people wrote, because machines differ; other programs disturb, so a text counts as slow only when its best
 * of several readings is.
 */
import { read } from "./properties.ts";

/** Below this a timer, a garbage collection or another program is most of what is measured. */
const FLOOR_MS = 2;
const AGAIN = 7;

export interface Budget {
  readonly msPerUnit: number;
}

/** What the dearest of the valid files takes for each UTF-16 code unit, at its best. */
export function calibrate(valid: readonly string[]): Budget {
  const large = valid.filter((text) => text.length >= 1_000);
  for (let round = 0; round < 20; round += 1) for (const text of large) read(text);
  return { msPerUnit: Math.max(...large.map((text) => best(text) / text.length)) };
}

export const allowed = (budget: Budget, text: string): number =>
  2 * Math.max(FLOOR_MS, budget.msPerUnit * text.length);

/** Milliseconds of the quickest of some readings. */
export function best(text: string, within = 0): number {
  let quickest = Number.POSITIVE_INFINITY;
  for (let again = 0; again < AGAIN && quickest > within; again += 1) {
    const start = performance.now();
    read(text);
    quickest = Math.min(quickest, performance.now() - start);
  }
  return quickest;
}
