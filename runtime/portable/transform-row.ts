/** A model's transforms for one row: steps compiled to closures over two arrays of slots. */
import { compileExpression } from "./expression-eval.ts";
import type { InputColumn, TransformStep } from "./form.ts";
import { isNumeric, numberReader, stringReader } from "./input.ts";
import { numberOf, numbers, type Reader, stringOf, strings } from "./reader.ts";
import { compileTfidf, type SparseRow } from "./tfidf.ts";

/** Where a column's value is after the steps ran. */
export type Place =
  | { readonly kind: "number"; readonly slot: number }
  | { readonly kind: "string"; readonly slot: number }
  | { readonly kind: "sparse"; readonly slot: number };

export interface RowTransform {
  /** Reads a caller's row into the slots (`InputError` on a value of the wrong type) and runs every step. */
  run(row: Readonly<Record<string, unknown>>): void;
  /** NaN is missing; codes of categories are numbers, −1 for missing and unknown. */
  readonly numbers: Float64Array;
  readonly sparse: readonly SparseRow[];
  place(column: string): Place;
}

/** The level's index by value; missing and unknown are −1. */
export function codesOf(levels: readonly string[]): (value: string | null) => number {
  const codes = new Map(levels.map((level, code) => [level, code]));
  return (value) => (value === null ? -1 : (codes.get(value) ?? -1));
}

/** How many ascending edges are ≤ x; NaN stays NaN. */
export function bucketOf(edges: readonly number[], x: number): number {
  if (Number.isNaN(x)) return x;
  let count = 0;
  for (const edge of edges) if (edge <= x) count++;
  return count;
}

/**
 * The column of a one-hot block that is 1 for each level of the block, else −1: `levels` first, then `other`.
 */
export function oneHotLevels(step: Extract<TransformStep, { op: "one_hot" }>): {
  readonly outputs: readonly string[];
  readonly find: (value: string | null) => number;
} {
  const { levels, outputs, other } = step;
  if (other === null) return { outputs, find: codesOf(levels) };
  const code = codesOf([...levels, ...other.levels]);
  return { outputs: [...outputs, other.output], find: (value) => Math.min(code(value), levels.length) };
}

/** Compiles the steps once; the result is used for one row at a time. */
export function compileRowTransform(
  inputs: readonly InputColumn[],
  steps: readonly TransformStep[],
): RowTransform {
  const places = new Map<string, Place>();
  const texts: (string | null)[] = [];
  const sparse: SparseRow[] = [];
  let numberSlots = 0;
  // Every write takes a new slot, so that the array can be made once its size is known: readers look it up late.
  const cells = { numbers: new Float64Array(0) };
  const program: (() => void)[] = [];

  const placeOf = (column: string): Place => {
    const place = places.get(column);
    if (place === undefined) throw new Error(`nothing gives the column ${column}`);
    return place;
  };
  const number = (column: string): (() => number) => numberOf(reader(column));
  const string = (column: string): (() => string | null) => stringOf(reader(column));
  const reader = (column: string): Reader => {
    const { kind, slot } = placeOf(column);
    if (kind === "sparse") throw new Error(`${column} is a sparse block`);
    return kind === "number" ? numbers(() => cells.numbers[slot]!) : strings(() => texts[slot] ?? null);
  };
  const newNumber = (column: string): number => {
    places.set(column, { kind: "number", slot: numberSlots });
    return numberSlots++;
  };
  const newString = (column: string): number => {
    const slot = texts.push(null) - 1;
    places.set(column, { kind: "string", slot });
    return slot;
  };
  const writeNumber = (column: string, value: () => number): void => {
    const slot = newNumber(column);
    program.push(() => {
      cells.numbers[slot] = value();
    });
  };
  const writeString = (column: string, value: () => string | null): void => {
    const slot = newString(column);
    program.push(() => {
      texts[slot] = value();
    });
  };

  const load = inputs.map((input) => {
    const { name } = input;
    if (isNumeric(input)) {
      const [read, slot] = [numberReader(input), newNumber(name)];
      return (row: Readonly<Record<string, unknown>>) => {
        cells.numbers[slot] = read(row[name]);
      };
    }
    const [read, slot] = [stringReader(input), newString(name)];
    return (row: Readonly<Record<string, unknown>>) => {
      texts[slot] = read(row[name]);
    };
  });

  for (const step of steps) {
    switch (step.op) {
      case "impute_number": {
        const x = number(step.column);
        writeNumber(step.column, () => {
          const value = x();
          return !Number.isNaN(value) ? value : step.value;
        });
        break;
      }
      case "impute_string": {
        const x = string(step.column);
        writeString(step.column, () => x() ?? step.value);
        break;
      }
      case "derive": {
        const value = compileExpression(step.expression, reader);
        if (step.type === "number") writeNumber(step.output, numberOf(value));
        else writeString(step.output, stringOf(value));
        break;
      }
      case "scale": {
        const x = number(step.column);
        const { offset, factor } = step;
        writeNumber(step.output, () => (x() - offset) / factor);
        break;
      }
      case "bucket": {
        const x = number(step.column);
        writeNumber(step.output, () => bucketOf(step.edges, x()));
        break;
      }
      case "one_hot": {
        const x = string(step.column);
        const { outputs, find } = oneHotLevels(step);
        const slots = outputs.map(newNumber);
        program.push(() => {
          const found = find(x());
          for (let i = 0; i < slots.length; i++) cells.numbers[slots[i]!] = i === found ? 1 : 0;
        });
        break;
      }
      case "ordinal":
      case "category": {
        const x = string(step.column);
        const code = codesOf(step.levels);
        writeNumber(step.output, () => code(x()));
        break;
      }
      case "target": {
        const x = string(step.column);
        const code = codesOf(step.levels);
        writeNumber(step.output, () => step.values[code(x())] ?? step.default);
        break;
      }
      case "tfidf": {
        const x = string(step.column);
        const vector = compileTfidf(step);
        const slot = sparse.push({ indices: [], values: [] }) - 1;
        places.set(step.output, { kind: "sparse", slot });
        program.push(() => {
          sparse[slot] = vector(x());
        });
        break;
      }
    }
  }

  cells.numbers = new Float64Array(numberSlots);
  return {
    run: (row) => {
      for (const read of load) read(row);
      for (const step of program) step();
    },
    numbers: cells.numbers,
    sparse,
    place: placeOf,
  };
}
