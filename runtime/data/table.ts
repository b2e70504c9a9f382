/** Columns in memory, as typed arrays. */

export interface NumberColumn {
  readonly type: "number";
  /** [rows]; NaN is missing. Booleans are 0 and 1; dates and timestamps are seconds since 1970 UTC. */
  readonly values: Float64Array;
}

export interface StringColumn {
  readonly type: "string";
  /** [rows] into `levels`; −1 is missing. */
  readonly codes: Int32Array;
  /** Distinct values, sorted by code unit. */
  readonly levels: readonly string[];
}

export type TableColumn = NumberColumn | StringColumn;

/** Raw typed columns by name, as a caller of the served model would send them. */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
}

/**
 * The Parquet file of a dataset step (`rows`) holds the schema's columns under their own names, typed
 * int → BIGINT, float → DOUBLE, boolean → BOOLEAN, category/string/text → VARCHAR, date → DATE,
 * timestamp → TIMESTAMP, and these two, in the source's order.
 */
export const ROW_COLUMN = "__row"; // BIGINT, the row's place in the source, from 0
export const PART_COLUMN = "__part"; // VARCHAR, the split's part; NULL for rows in none
