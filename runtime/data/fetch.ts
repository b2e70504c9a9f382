/** From a query's result into typed arrays, chunk by chunk. */

import type { Session } from "./session.ts";
import { identifier } from "./sql.ts";

/** How one column of a query arrives. `query` columns must have these DuckDB types: DOUBLE, INTEGER, VARCHAR. */
export type Arrival = "double" | "integer" | "text";

export interface Fetched {
  readonly rows: number;
  /** [columns]: Float64Array (missing is NaN), Int32Array (missing is −1) or (string | null)[], as asked. */
  readonly columns: readonly (Float64Array | Int32Array | (string | null)[])[];
}

interface Readable {
  getItem(index: number): unknown;
}

/**
 * Runs `query`, whose columns are named and typed by `arrivals` in order.
 * @throws DuckDB's error when the query is wrong: that is a bug of the caller, never of the user.
 */
export async function fetchColumns(
  session: Session,
  query: string,
  rows: number,
  arrivals: readonly { name: string; as: Arrival }[],
): Promise<Fetched> {
  const selected = arrivals.map(({ name, as }) => {
    const column = identifier(name);
    if (as === "double") return `coalesce(${column}, 'nan'::DOUBLE)::DOUBLE`;
    if (as === "integer") return `coalesce(${column}, -1)::INTEGER`;
    return `${column}::VARCHAR`;
  });
  const columns = arrivals.map(({ as }) => {
    if (as === "double") return new Float64Array(rows);
    if (as === "integer") return new Int32Array(rows);
    return new Array<string | null>(rows).fill(null);
  });
  // A result without columns has no rows to count either.
  if (columns.length === 0) return { rows, columns };
  const result = await session.stream(`SELECT ${selected.join(", ")} FROM (${query})`);
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    if (at + chunk.rowCount > rows)
      throw new Error(`the query has more than ${rows} rows: ${query.slice(0, 200)}`);
    for (let c = 0; c < columns.length; c++) {
      const target = columns[c]!;
      const vector: Readable = chunk.getColumnVector(c);
      if (target instanceof Float64Array) copyDoubles(vector, target, at, chunk.rowCount);
      else if (target instanceof Int32Array) copyIntegers(vector, target, at, chunk.rowCount);
      else copyTexts(vector, target, at, chunk.rowCount);
    }
    at += chunk.rowCount;
  }
  if (at !== rows) throw new Error(`the query has ${at} rows, not ${rows}: ${query.slice(0, 200)}`);
  return { rows, columns };
}

// One function for each type, so that each stays specialised on one vector class.
function copyDoubles(from: Readable, to: Float64Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from.getItem(i) as number;
}
function copyIntegers(from: Readable, to: Int32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from.getItem(i) as number;
}
function copyTexts(from: Readable, to: (string | null)[], at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from.getItem(i) as string | null;
}
