/**
 * How long a check may take: twice what it takes for a valid file of the same size.
 *
 * - A valid file has no errors and gives a program. Those that people wrote are repeated, each copy's declarations
 *   under names of their own, until they are as long as the sample; the one that is the dearest for its size counts. A
 *   shorter sample gets its share of one copy, but never less than `FLOOR_MS`.
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

interface Dearest {
  readonly text: string;
  readonly units: number;
  /** Milliseconds for a code unit. */
  readonly rate: number;
}

export class Budget {
  readonly #modules: Modules;
  readonly #valid: readonly string[];
  /** The dearest valid file of 1,024 code units, 1,536, … */
  readonly #dearest = new Map<number, Dearest>();

  constructor(written: readonly string[], modules: Modules) {
    this.#modules = modules;
    this.#valid = written.filter((text) => text.length >= SMALLEST && this.#isValid(text));
    for (let warm = 0; warm < 20; warm += 1) for (const text of this.#valid) read(text, modules);
  }

  /** By how much a reading is slower than a valid file's, at a glance: 1 is as slow. */
  glance(ms: number, units: number): number {
    return ms / Math.max(FLOOR_MS, this.#dearestOf(units).rate * units);
  }

  /** The same for the quickest of some readings. */
  ratio(text: string): number {
    const units = this.#units(text);
    const enough = MOST * Math.max(FLOOR_MS, this.#dearestOf(units).rate * units);
    return this.glance(this.#quickest(text, enough), units);
  }

  /** The same by processor time. */
  carefulRatio(text: string): number {
    const units = this.#units(text);
    const valid = this.#dearestOf(units);
    let [own, other] = [Number.POSITIVE_INFINITY, this.#processorTime(valid.text)];
    let ratio = own;
    for (let round = 0; round < ROUNDS && ratio > MOST; round += 1) {
      own = Math.min(own, this.#processorTime(text));
      other = Math.min(other, this.#processorTime(valid.text));
      ratio = own / Math.max(FLOOR_MS, (other / valid.units) * units);
    }
    return ratio;
  }

  #isValid(text: string): boolean {
    return read(text, this.#modules).compiled.program !== null;
  }

  #units(text: string): number {
    return read(text, this.#modules).units;
  }

  #dearestOf(units: number): Dearest {
    const step = units <= 4_096 ? 512 : 4_096;
    const length = Math.max(1_024, step * Math.ceil(units / step));
    const known = this.#dearest.get(length);
    if (known !== undefined) return known;
    // Not every file may be repeated: two of its releases may be in each other's way.
    const texts = this.#valid
      .map((one) => copies(one, Math.ceil(length / one.length)))
      .filter((text) => this.#isValid(text));
    const rated = texts.map((text): Dearest => {
      const all = this.#units(text);
      return { text, units: all, rate: this.#quickest(text) / all };
    });
    const dearest = rated.reduce((most, one) => (one.rate > most.rate ? one : most));
    this.#dearest.set(length, dearest);
    return dearest;
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
