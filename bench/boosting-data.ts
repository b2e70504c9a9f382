/** Seeded data for the boosting benchmark: numbers with gaps, categories, a label that depends on both. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Feature, Frame, Target } from "../runtime/learn/frame.ts";
import { random } from "../runtime/learn/random.ts";

export interface BenchData {
  readonly train: Frame;
  readonly labels: Target;
  readonly test: Frame;
  readonly testLabels: Float64Array;
}

export interface Shape {
  readonly rows: number;
  /** Rows held out for the AUC, the last ones. */
  readonly held: number;
  readonly numbers: number;
  /** Levels of each category. */
  readonly categories: readonly number[];
  /** Share of the numbers that are missing. */
  readonly missing: number;
}

/** Makes the data, and writes it into `folder` as boosting.py reads it. */
export function makeData(shape: Shape, folder: string): BenchData {
  const rows = shape.rows + shape.held;
  const source = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - source.next())) * Math.cos(2 * Math.PI * source.next());
  const numbers = Array.from({ length: shape.numbers }, () => Float64Array.from({ length: rows }, normal));
  const categories = shape.categories.map((levels) =>
    Int32Array.from({ length: rows }, () => source.int(levels)),
  );
  const effects = shape.categories.map((levels) =>
    Float64Array.from({ length: levels }, () => 0.7 * normal()),
  );
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const at = (j: number) => numbers[j]![i]!;
    let z = at(0) * at(1) + Math.sin(2 * at(2)) + 0.5 * at(3) ** 2 - at(4) - 0.5;
    categories.forEach((codes, j) => {
      z += effects[j]![codes[i]!]!;
    });
    return z + 1.5 * normal() > 0 ? 1 : 0;
  });
  for (const values of numbers) {
    for (let i = 0; i < rows; i++) if (source.next() < shape.missing) values[i] = Number.NaN;
  }
  write(folder, shape, numbers, categories, y);
  const features = (from: number, to: number): Feature[] => [
    ...categories.map(
      (codes, j): Feature => ({
        kind: "category",
        name: `c${String(j).padStart(2, "0")}`,
        codes: codes.slice(from, to),
        levels: Array.from({ length: shape.categories[j]! }, (_, k) => String(k).padStart(4, "0")),
      }),
    ),
    ...numbers.map(
      (values, j): Feature => ({
        kind: "numeric",
        name: `n${String(j).padStart(2, "0")}`,
        values: values.slice(from, to),
      }),
    ),
  ];
  return {
    train: { rows: shape.rows, features: features(0, shape.rows) },
    labels: { task: "binary", values: y.slice(0, shape.rows), classes: ["no", "yes"] },
    test: { rows: shape.held, features: features(shape.rows, rows) },
    testLabels: y.slice(shape.rows),
  };
}

function write(
  folder: string,
  shape: Shape,
  numbers: Float64Array[],
  categories: Int32Array[],
  y: Float64Array,
): void {
  mkdirSync(folder, { recursive: true });
  const columns = [...categories.map((codes) => Float64Array.from(codes)), ...numbers];
  writeFileSync(join(folder, "x.f64"), Buffer.concat(columns.map((column) => Buffer.from(column.buffer))));
  writeFileSync(join(folder, "y.f64"), Buffer.from(y.buffer));
  const about = {
    rows: y.length,
    train: shape.rows,
    columns: columns.length,
    categories: categories.map((_, j) => j),
  };
  writeFileSync(join(folder, "shape.json"), JSON.stringify(about));
}
