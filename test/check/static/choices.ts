/** Random choices of which the first of every list is the plain one, so that shrinking leads to plain specs. */
import fc from "fast-check";

export interface Choices {
  /** One of these. */
  pick<T>(items: readonly T[]): T;
  /** True about once in `outOf` times. */
  chance(outOf: number): boolean;
  /** Usually one of `right`; now and then, as bold as this spec is, one of `odd`. */
  odd<T>(right: readonly T[], odd: readonly T[]): T;
  /** Some of these, in their order. */
  some<T>(items: readonly T[], outOf?: number): T[];
}

/**
 * Choices for one spec.
 * @param boldness how seldom an odd choice is taken, one of these for each spec: once in so many places; 0 never
 */
export const choicesOf = (boldness: readonly number[]): fc.Arbitrary<Choices> =>
  fc.gen().map((draw) => {
    const at = (below: number): number => draw(fc.nat, below - 1);
    const pick = <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new Error("nothing to choose from");
      return items[items.length === 1 ? 0 : at(items.length)]!;
    };
    const chance = (outOf: number): boolean => at(outOf) === outOf - 1;
    const bold = pick(boldness);
    return {
      pick,
      chance,
      odd: (right, odd) => pick(bold > 0 && odd.length > 0 && chance(bold) ? odd : right),
      some: (items, outOf = 2) => items.filter(() => chance(outOf)),
    };
  });
