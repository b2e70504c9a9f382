/** Rows of text from JavaScript into a DuckDB table, a chunk at a time. */
import type { Session } from "./session.ts";

const CHUNK = 2048;

/**
 * Appends rows (`__row` from 0, then `width` texts) to a table that has exactly these columns.
 * @returns how many rows
 */
export async function appendTexts(
  session: Session,
  table: string,
  width: number,
  rows: () => AsyncIterable<readonly (string | null)[]> | Iterable<readonly (string | null)[]>,
): Promise<number> {
  const { BIGINT, DuckDBDataChunk, VARCHAR } = await import("@duckdb/node-api");
  const appender = await session.appender(table);
  const types = [BIGINT, ...Array.from({ length: width }, () => VARCHAR)];
  let count = 0;
  let pending: (readonly (string | null)[])[] = [];
  const flush = () => {
    if (pending.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, pending.length);
    const first = count - pending.length;
    chunk.setColumnValues(
      0,
      pending.map((_, i) => BigInt(first + i)),
    );
    for (let c = 0; c < width; c++)
      chunk.setColumnValues(
        c + 1,
        pending.map((row) => row[c] ?? null),
      );
    appender.appendDataChunk(chunk);
    pending = [];
  };
  try {
    for await (const row of rows()) {
      pending.push(row);
      count += 1;
      if (pending.length === CHUNK) flush();
    }
    flush();
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  return count;
}
