/** The features of one row, side by side as the learner reads them. */
import type { PortableModel } from "./form.ts";
import { denseColumns, type FeatureLayout, layFeatures } from "./layout.ts";
import { compileRowTransform } from "./transform-row.ts";

export interface RowFeatures {
  /** [width] the features of the row loaded last. */
  readonly x: Float64Array;
  /** Columns that every row has. */
  readonly dense: Int32Array;
  /** Reads a caller's row into `x`. */
  load(row: Readonly<Record<string, unknown>>): void;
  /** The sparse columns that the row loaded last has, ascending. */
  touched(): readonly number[];
}

/** Compiles inputs, steps and feature layout for single rows. */
export function compileRowFeatures(model: PortableModel): RowFeatures {
  const layout: FeatureLayout = layFeatures(model.features);
  const transform = compileRowTransform(model.inputs, model.steps);
  const x = new Float64Array(layout.width);
  const dense = denseColumns(layout);
  const slots = Int32Array.from(layout.dense, ({ name }) => {
    const place = transform.place(name);
    if (place.kind !== "number") throw new Error(`the feature ${name} is no number`);
    return place.slot;
  });
  const blocks = layout.sparse.map(({ name, at }) => ({ slot: transform.place(name).slot, at }));
  let touched: number[] = [];
  const load = (row: Readonly<Record<string, unknown>>) => {
    transform.run(row);
    const { numbers } = transform;
    for (let i = 0; i < slots.length; i++) x[dense[i]!] = numbers[slots[i]!] as number;
    if (blocks.length === 0) return;
    for (const at of touched) x[at] = 0;
    touched = [];
    for (const { slot, at } of blocks) {
      const row = transform.sparse[slot];
      if (row === undefined) continue;
      row.indices.forEach((index, i) => {
        x[at + index] = row.values[i] ?? 0;
        touched.push(at + index);
      });
    }
  };
  return { x, dense, load, touched: () => touched };
}
