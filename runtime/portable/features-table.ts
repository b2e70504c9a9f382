/** The features of many rows, a block of rows at a time. */
import type { Table } from "../data/table.ts";
import type { PortableModel } from "./form.ts";
import { denseColumns, layFeatures } from "./layout.ts";
import type { SparseRow } from "./tfidf.ts";
import { type SparseColumn, transformTable } from "./transform-table.ts";

export interface TableFeatures {
  readonly width: number;
  /** Columns that every row has. */
  readonly dense: Int32Array;
  /** Writes `count` rows from row `from` into `block` [count × width], whose sparse columns must be zero. */
  fill(block: Float64Array, from: number, count: number): void;
  /** Zeroes the sparse columns again. */
  clear(block: Float64Array, from: number, count: number): void;
  /** The sparse columns that a row has, ascending. */
  touched(row: number): readonly number[];
}

const NONE: readonly number[] = [];
const EMPTY: SparseRow = { indices: [], values: [] };

/** Runs the model's steps over the table and lays the features out. */
export function compileTableFeatures(model: PortableModel, table: Table): TableFeatures {
  for (const { name } of model.inputs) {
    if (!table.columns.has(name)) throw new Error(`the table lacks the model's input ${name}`);
  }
  const layout = layFeatures(model.features);
  const columns = transformTable(model.steps, table);
  const { width } = layout;
  const values = layout.dense.map(({ name, at }) => {
    const column = columns.get(name);
    if (column?.type !== "number") throw new Error(`the feature ${name} is no number`);
    return { at, values: column.values };
  });
  const blocks = layout.sparse.map(({ name, at }): { at: number; column: SparseColumn } => {
    const column = columns.get(name);
    if (column?.type !== "sparse") throw new Error(`the feature ${name} is no sparse block`);
    return { at, column };
  });
  const sparseOf = (column: SparseColumn, row: number): SparseRow => column.rows[column.codes[row]!] ?? EMPTY;
  const visit = (from: number, count: number, visitor: (at: number, value: number) => void): void => {
    for (const { at, column } of blocks) {
      for (let i = 0; i < count; i++) {
        const { indices, values } = sparseOf(column, from + i);
        for (let j = 0; j < indices.length; j++) {
          visitor(i * width + at + indices[j]!, values[j]!);
        }
      }
    }
  };
  return {
    width,
    dense: denseColumns(layout),
    fill: (block, from, count) => {
      for (const { at, values: column } of values) {
        for (let i = 0; i < count; i++) block[i * width + at] = column[from + i]!;
      }
      visit(from, count, (at, value) => {
        block[at] = value;
      });
    },
    clear: (block, from, count) => {
      visit(from, count, (at) => {
        block[at] = 0;
      });
    },
    touched: (row) => {
      if (blocks.length === 0) return NONE;
      return blocks.flatMap(({ at, column }) => sparseOf(column, row).indices.map((index) => at + index));
    },
  };
}
