/**
 * Row functions of `stdlib/functions`, on numbers (NaN is null, booleans are 0 and 1, times are seconds since
 * 1970 UTC) and strings (null is null). `runtime/data/functions-sql.ts` says the same in SQL.
 */
import { lowerSimple, numberOfText, textOfNumber, upperSimple } from "./functions-text.ts";
import { dayOf, hourOf, monthOf, weekdayOf, yearOf } from "./functions-time.ts";
import {
  alike,
  booleans,
  type NumberReader,
  numberOf,
  numbers,
  type Reader,
  stringOf,
  strings,
} from "./reader.ts";

type Rule = (args: readonly Reader[]) => Reader;

const NULL = Number.NaN;

/** A function of numbers that is null when an argument is null. */
const numeric =
  (value: (x: number) => number): Rule =>
  ([x]) => {
    const read = numberOf(x);
    return numbers(() => value(read()));
  };

const numeric2 =
  (value: (x: number, y: number) => number): Rule =>
  ([x, y]) => {
    const a = numberOf(x);
    const b = numberOf(y);
    return numbers(() => {
      const left = a();
      const right = b();
      return Number.isNaN(left) || Number.isNaN(right) ? NULL : value(left, right);
    });
  };

/** A function of a text; null stays null, and the empty text is null. */
const textual =
  (value: (text: string) => string): Rule =>
  ([x]) => {
    const read = stringOf(x);
    return strings(() => {
      const text = read();
      return text === null ? null : value(text) || null;
    });
  };

const test =
  (holds: (text: string, part: string) => boolean): Rule =>
  ([x, y]) => {
    const a = stringOf(x);
    const b = stringOf(y);
    return booleans(() => {
      const text = a();
      const part = b();
      return text === null || part === null ? NULL : holds(text, part) ? 1 : 0;
    });
  };

/** The smallest or largest of all arguments; null when one is null. */
const extreme =
  (better: (a: number, b: number) => boolean): Rule =>
  (args) => {
    const readers = args.map(numberOf);
    return numbers(() => {
      let best = readers[0]?.() ?? NULL;
      for (let i = 1; i < readers.length; i++) {
        const value = readers[i]!();
        if (Number.isNaN(value) || better(value, best)) best = value;
        if (Number.isNaN(best)) return NULL;
      }
      return best;
    });
  };

const smallest = extreme((a, b) => a < b);
const largest = extreme((a, b) => a > b);

/** 10 to a whole power, correctly rounded. */
export function powerOfTen(digits: number): number {
  return Number.isInteger(digits) ? Number(`1e${digits}`) : 10 ** digits;
}

/** Row functions by name. */
export const FUNCTIONS: Readonly<Record<string, Rule>> = {
  abs: numeric(Math.abs),
  round: ([x, digits = numbers(() => 0)]) =>
    numeric2((value, places) => {
      const scale = powerOfTen(places);
      return (Math.sign(value) * Math.floor(Math.abs(value) * scale + 0.5)) / scale;
    })([x!, digits]),
  floor: numeric(Math.floor),
  ceil: numeric(Math.ceil),
  sqrt: numeric(Math.sqrt),
  ln: numeric((x) => (x > 0 ? Math.log(x) : NULL)),
  log10: numeric((x) => (x > 0 ? Math.log10(x) : NULL)),
  exp: numeric(Math.exp),
  pow: numeric2((x, y) => {
    const power = x ** y;
    return Number.isFinite(power) ? power : NULL;
  }),
  min: smallest,
  max: largest,
  clip: ([x, low, high]) => smallest([largest([x!, low!]), high!]),
  coalesce: ([first, ...rest]) => rest.reduce(firstOf, first!),
  is_missing: ([x]) => {
    const reader = x!;
    if (reader.type === "string") return booleans(() => (reader.read() === null ? 1 : 0));
    return booleans(() => (Number.isNaN(reader.read()) ? 1 : 0));
  },
  lower: textual(lowerSimple),
  upper: textual(upperSimple),
  trim: textual((text) => text.trim()),
  length: ([x]) => {
    const read = stringOf(x);
    return numbers(() => {
      const text = read();
      return text === null ? NULL : [...text].length;
    });
  },
  contains: test((text, part) => text.includes(part)),
  starts_with: test((text, part) => text.startsWith(part)),
  ends_with: test((text, part) => text.endsWith(part)),
  concat: (args) => {
    const readers = args.map(asText);
    return strings(() => {
      let all = "";
      for (const read of readers) {
        const text = read();
        if (text === null) return null;
        all += text;
      }
      return all;
    });
  },
  year: numeric(yearOf),
  month: numeric(monthOf),
  day: numeric(dayOf),
  weekday: numeric(weekdayOf),
  hour: numeric(hourOf),
  days_between: numeric2((from, to) => (to - from) / 86_400),
  number: ([x]) => {
    if (x!.type === "number") return numbers(x!.read);
    const { read } = x!;
    return numbers(() => {
      const text = read();
      return text === null ? NULL : numberOfText(text);
    });
  },
  text: ([x]) => strings(asText(x!)),
};

function firstOf(left: Reader, right: Reader): Reader {
  const [a, b] = alike(left, right);
  if (a.type === "string" && b.type === "string") return strings(() => a.read() ?? b.read());
  const x = numberOf(a);
  const y = numberOf(b);
  const read = () => {
    const value = x();
    return Number.isNaN(value) ? y() : value;
  };
  return isBoolean(a) && isBoolean(b) ? booleans(read) : numbers(read);
}

const isBoolean = (reader: Reader): reader is NumberReader => reader.type === "number" && reader.boolean;

/** Any value as text; booleans as words. */
function asText(reader: Reader): () => string | null {
  if (reader.type === "string") return reader.read;
  const write = reader.boolean ? (x: number) => (x === 0 ? "false" : "true") : textOfNumber;
  return () => {
    const value = reader.read();
    return Number.isNaN(value) ? null : write(value);
  };
}
