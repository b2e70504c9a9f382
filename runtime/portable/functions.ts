/**
 * Row functions of the expression language, on numbers (NaN is null, booleans are 0 and 1, times are seconds
 * since 1970 UTC) and strings (null is null). `runtime/data/expression-sql.ts` says the same in SQL.
 */

/** A value of an expression: how to read it for the row at hand. */
export type Reader = NumberReader | StringReader;
export interface NumberReader {
  readonly type: "number";
  readonly read: () => number;
}
export interface StringReader {
  readonly type: "string";
  readonly read: () => string | null;
}

type Rule = (args: readonly Reader[]) => Reader;

const NULL = Number.NaN;

/** A function of numbers that is null when an argument is null. */
const numeric =
  (value: (x: number) => number): Rule =>
  (args) => {
    const x = numberArgument(args, 0);
    return { type: "number", read: () => value(x()) };
  };

/** The smallest or largest of all arguments; null when one is null. */
const extreme =
  (better: (a: number, b: number) => boolean): Rule =>
  (args) => {
    const readers = args.map((_, i) => numberArgument(args, i));
    return {
      type: "number",
      read: () => {
        let best = readers[0]?.() ?? NULL;
        for (let i = 1; i < readers.length; i++) {
          const value = readers[i]?.() ?? NULL;
          if (Number.isNaN(value) || better(value, best)) best = value;
          if (Number.isNaN(best)) return NULL;
        }
        return best;
      },
    };
  };

/** Row functions by name. */
export const FUNCTIONS: Readonly<Record<string, Rule>> = {
  abs: numeric(Math.abs),
  floor: numeric(Math.floor),
  ceil: numeric(Math.ceil),
  /** Null below 0. */
  sqrt: numeric(Math.sqrt),
  exp: numeric(Math.exp),
  /** Natural logarithm; null at 0 and below. */
  log: numeric((x) => (x > 0 ? Math.log(x) : NULL)),
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
};

function numberArgument(args: readonly Reader[], i: number): () => number {
  const argument = args[i];
  if (argument?.type !== "number") throw new Error(`argument ${i + 1} is no number`);
  return argument.read;
}
