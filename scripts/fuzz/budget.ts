/**
 * How long a check may take: twice what it takes for a valid file of the same size.
 *
 * - A valid file has no errors and gives a program. Of those that people wrote, the dearest for its size counts. For a
 *   longer sample it is repeated, each copy's declarations under names of their own, until it is as long as the sample;
 *   a shorter sample gets its share of one copy, but never less than `FLOOR_MS`.
 * - The size is that of all the text that is read, imported files included, in UTF-16 code units.
 * - A first reading by the clock on the wall clears nearly every sample, the quickest of eight nearly all the rest.
 *   What is left is judged by this thread's own processor time, in which other programs have no part: the sample
 *   between rounds of its valid file, each round long enough for a coarse clock, and the best round of either counts.
 */
import { copies } from "./copies.ts";
import { type Modules, read } from "./reading.ts";

/** The least that a valid file is taken to need: below it, a sample of some characters is judged by fixed costs. */
const FLOOR_MS = 0.5;
export const MOST = 2;
const AGAIN = 7;
/** Processor time is counted in steps of some milliseconds. */
const ROUND_MS = 100;
const ROUNDS = 4;
/** A file with less text than this is no measure of text. */
const SMALLEST = 500;

export class Budget {
  readonly #modules: Modules;
  /** The dearest valid file. */
  readonly #file: string;
  /** Milliseconds for a code unit, by the number of copies. */
  readonly #rates = new Map<number, number>();

  constructor(written: readonly string[], modules: Modules) {
    this.#modules = modules;
    const valid = written.filter((text) => text.length >= SMALLEST && this.#isValid(copies(text, 2)));
    for (let warm = 0; warm < 20; warm += 1) for (const text of valid) read(text, modules);
    const rated = valid.map((text) => ({ text, rate: this.#quickest(text) / this.#units(text) }));
    this.#file = rated.reduce((dearest, one) => (one.rate > dearest.rate ? one : dearest)).text;
  }

  /** By how much a reading is slower than a valid file's, at a glance: 1 is as slow. */
  glance(ms: number, units: number): number {
    return ms / Math.max(FLOOR_MS, this.#rate(units) * units);
  }

  /** The same for the quickest of some readings. */
  ratio(text: string): number {
    const units = this.#units(text);
    const enough = MOST * Math.max(FLOOR_MS, this.#rate(units) * units);
    return this.glance(this.#quickest(text, enough), units);
  }

  /** The same by processor time. */
  carefulRatio(text: string): number {
    const units = this.#units(text);
    const valid = this.#validOf(units);
    const validUnits = this.#units(valid);
    let [own, other] = [Number.POSITIVE_INFINITY, this.#processorTime(valid)];
    let ratio = own;
    for (let round = 0; round < ROUNDS && ratio > MOST; round += 1) {
      own = Math.min(own, this.#processorTime(text));
      other = Math.min(other, this.#processorTime(valid));
      ratio = own / Math.max(FLOOR_MS, (other / validUnits) * units);
    }
    return ratio;
  }

  #isValid(text: string): boolean {
    return read(text, this.#modules).compiled.program !== null;
  }

  #units(text: string): number {
    return read(text, this.#modules).units;
  }

  #validOf(units: number): string {
    return copies(this.#file, Math.ceil(units / this.#file.length));
  }

  #rate(units: number): number {
    const count = Math.ceil(units / this.#file.length);
    const known = this.#rates.get(count);
    if (known !== undefined) return known;
    const valid = this.#validOf(units);
    const rate = this.#quickest(valid) / this.#units(valid);
    this.#rates.set(count, rate);
    return rate;
  }

  /** Milliseconds of the quickest of some readings, or of the first that is quick enough. */
  #quickest(text: string, enough = 0): number {
    let quickest = Number.POSITIVE_INFINITY;
    for (let again = 0; again < AGAIN && quickest > enough; again += 1) {
      const start = performance.now();
      read(text, this.#modules);
      quickest = Math.min(quickest, performance.now() - start);
    }
    return quickest;
  }

  /** Milliseconds of this thread's processor time for one reading, over many. */
  #processorTime(text: string): number {
    const start = processorMs();
    let readings = 0;
    do {
      read(text, this.#modules);
      readings += 1;
    } while (processorMs() - start < ROUND_MS);
    return (processorMs() - start) / readings;
  }
}

/** Node before 23.9 knows the time of the whole process only. */
function processorMs(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)();
  return (user + system) / 1_000;
}
