/** One sample after the other, and what is wrong with them. */
import type { Bases } from "./bases.ts";
import { type Budget, MOST } from "./budget.ts";
import { sampleOf } from "./mutate.ts";
import { verdictOn } from "./properties.ts";
import { shrink } from "./shrink.ts";

export interface Failure {
  readonly seed: number;
  readonly index: number;
  readonly problem: string;
  /** How many times as long as a valid file it takes, when that is the problem. */
  readonly ratio: number | null;
  readonly text: string;
  /** The text as it was before it was made small. */
  readonly sample: string;
}

/** What a run has seen. */
export interface Tally {
  readonly samples: number;
  /** Samples without a syntax error: laid out, read again and compared. */
  readonly roundTrips: number;
  /** Samples that were slow at first and read again; those that were then judged by processor time. */
  readonly readAgain: number;
  readonly timed: number;
  /** The slowest sample by its valid file's time, and what it takes of that. */
  readonly slowest: { readonly index: number; readonly ratio: number };
}

export const NO_TALLY: Tally = {
  samples: 0,
  roundTrips: 0,
  readAgain: 0,
  timed: 0,
  slowest: { index: -1, ratio: 0 },
};

export const together = (a: Tally, b: Tally): Tally => ({
  samples: a.samples + b.samples,
  roundTrips: a.roundTrips + b.roundTrips,
  readAgain: a.readAgain + b.readAgain,
  timed: a.timed + b.timed,
  slowest: a.slowest.ratio >= b.slowest.ratio ? a.slowest : b.slowest,
});

/** Making a text small takes seconds, and failures often are one mistake. */
const MOST_SHRUNK = 5;

export class Checker {
  readonly #seed: number;
  readonly #bases: Bases;
  readonly #budget: Budget;
  tally: Tally = NO_TALLY;
  #shrunk = 0;

  constructor(seed: number, bases: Bases, budget: Budget) {
    this.#seed = seed;
    this.#bases = bases;
    this.#budget = budget;
  }

  /** Null when everything holds. The first failures come with the smallest text that still fails. */
  check(index: number): Failure | null {
    const { modules } = this.#bases;
    const sample = sampleOf(this.#seed, index, this.#bases);
    const { problem, roundTrip, ms, units } = verdictOn(sample, modules);
    let ratio = problem === null ? this.#budget.glance(ms, units) : 0;
    const readAgain = ratio > MOST;
    // Slow once is noise; slow every time is slow.
    if (readAgain) ratio = this.#budget.ratio(sample);
    const timed = ratio > MOST;
    if (timed) ratio = this.#budget.carefulRatio(sample);
    this.tally = together(this.tally, {
      samples: 1,
      roundTrips: roundTrip ? 1 : 0,
      readAgain: readAgain ? 1 : 0,
      timed: timed ? 1 : 0,
      slowest: { index, ratio },
    });
    if (problem !== null) {
      const same = (text: string) => firstLine(verdictOn(text, modules).problem) === firstLine(problem);
      return this.#failure(index, problem, null, sample, same);
    }
    if (ratio <= MOST) return null;
    const slow = `it takes ${ratio.toFixed(1)} times as long as a valid file of its size`;
    const isSlow = (text: string) => this.#budget.ratio(text) > MOST;
    return this.#failure(index, slow, ratio, sample, isSlow);
  }

  #failure(
    index: number,
    problem: string,
    ratio: number | null,
    sample: string,
    fails: (text: string) => boolean,
  ): Failure {
    this.#shrunk += 1;
    const text = this.#shrunk > MOST_SHRUNK ? sample : shrink(sample, fails);
    return { seed: this.#seed, index, problem, ratio, text, sample };
  }
}

const firstLine = (problem: string | null): string => problem?.split("\n")[0] ?? "";
