/** Raw typed columns of a part, in the source's order. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Store } from "../store/types.ts";
import { type Arrival, fetchColumns } from "./fetch.ts";
import { assertSourceOrder, columnOf, sourceRows } from "./rows.ts";
import { type Session, withSession } from "./session.ts";
import type { RowSource } from "./source.ts";
import { identifier, levelCode } from "./sql.ts";
import type { StringColumn, Table, TableColumn } from "./table.ts";
import { ROW_COLUMN } from "./table.ts";
import { entrySql, entryType } from "./transform-sql.ts";

export interface LoadedTable extends Table {
  /** [rows] each row's place in the source, ascending. */
  readonly rowIds: Float64Array;
}

/** Columns with more distinct values than this are numbered here rather than by an SQL enumeration. */
const ENUMERABLE = 10_000;

/**
 * The columns named (all when not given), as they are in the dataset.
 * @param options.labelled Leave out rows in which this column is missing, as `loadFrame` and `loadTarget` do.
 * @throws StepFailure ML4101 for an unknown column, ML4109 for a part without rows.
 */
export async function loadTable(
  store: Store,
  source: RowSource,
  columns?: readonly string[],
  options: { readonly labelled?: string; readonly threads?: number } = {},
): Promise<LoadedTable> {
  const wanted = columns ? columns.map((name) => columnOf(source, name)) : source.columns;
  const session = { root: store.root, ...(options.threads ? { threads: options.threads } : {}) };
  return withSession(session, async (session) => {
    const { from, count } = await sourceRows(session, store, source, options.labelled ?? null);
    const readers = await Promise.all(
      wanted.map((column, i) => readerOf(session, from, count, column, `c${i}`)),
    );
    const selected = [`${ROW_COLUMN}::DOUBLE AS ${ROW_COLUMN}`, ...readers.map((reader) => reader.select)];
    const fetched = await fetchColumns(session, `SELECT ${selected.join(", ")} FROM ${from}`, count, [
      { name: ROW_COLUMN, as: "double" },
      ...readers.map((reader, i) => ({ name: `c${i}`, as: reader.as })),
    ]);
    const rowIds = fetched.columns[0] as Float64Array;
    assertSourceOrder(rowIds);
    const loaded = new Map<string, TableColumn>();
    wanted.forEach((column, i) => {
      loaded.set(column.name, readers[i]!.finish(fetched.columns[i + 1]!));
    });
    return { rows: count, columns: loaded, rowIds };
  });
}

/** Up to here, carrying the strings over is quicker than asking for their levels first. */
const FEW_ROWS = 50_000;

interface ColumnReader {
  readonly select: string;
  readonly as: Arrival;
  finish(values: Float64Array | Int32Array | (string | null)[]): TableColumn;
}

async function readerOf(
  session: Session,
  from: string,
  count: number,
  column: ColumnSchema,
  alias: string,
): Promise<ColumnReader> {
  if (entryType(column.type) === "number") {
    return {
      select: `${entrySql(column)} AS ${alias}`,
      as: "double",
      finish: (values) => ({ type: "number", values: values as Float64Array }),
    };
  }
  const levels =
    count > FEW_ROWS ? await distinctValues(session, from, identifier(column.name), ENUMERABLE) : null;
  if (levels) {
    return {
      select: `${levelCode(identifier(column.name), levels)} AS ${alias}`,
      as: "integer",
      finish: (values) => ({ type: "string", codes: values as Int32Array, levels }),
    };
  }
  return {
    select: `${identifier(column.name)} AS ${alias}`,
    as: "text",
    finish: (values) => stringColumn(values as (string | null)[]),
  };
}

/** A text column's distinct values sorted by code unit, missing left out; null when there are more than `limit`. */
export async function distinctValues(
  session: Session,
  from: string,
  column: string,
  limit: number,
): Promise<string[] | null> {
  const found = await session.rows(
    `SELECT DISTINCT ${column} AS value FROM ${from} WHERE ${column} IS NOT NULL LIMIT ${limit + 1}`,
  );
  if (found.length > limit) return null;
  return found.map((row) => String(row["value"])).sort(byCodeUnit);
}

/** `distinctValues` of several columns in one pass over `from`. */
export async function distinctValuesOfEach(
  session: Session,
  from: string,
  columns: readonly string[],
  limit: number,
): Promise<(string[] | null)[]> {
  if (columns.length === 0) return [];
  const lists = columns.map(
    (column, i) => `to_json(list(DISTINCT ${column}) FILTER (WHERE ${column} IS NOT NULL))::VARCHAR AS l${i}`,
  );
  const row = await session.row(`SELECT ${lists.join(", ")} FROM ${from}`);
  return columns.map((_, i) => {
    const list = row[`l${i}`];
    // The aggregate of no value is null.
    const values = typeof list === "string" ? (JSON.parse(list) as unknown[]) : [];
    return values.length > limit ? null : values.map(String).sort(byCodeUnit);
  });
}

/** JavaScript's own order of strings, by UTF-16 code unit. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stringColumn(values: readonly (string | null)[]): StringColumn {
  const levels = [...new Set(values)].filter((value) => value !== null).sort(byCodeUnit);
  const codes = new Map(levels.map((level, i) => [level, i]));
  return {
    type: "string",
    levels,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : codes.get(value)!)),
  };
}
