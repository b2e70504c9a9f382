/** What a data file holds, column by column, without a spec. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Json, StepContext } from "../execute/step.ts";
import { checkRows, TYPED } from "./check-rows.ts";
import { readRecords, splitRecord } from "./csv-records.ts";
import { inferSchema } from "./infer.ts";
import { dataFailure, RAW, type ReadContext } from "./raw.ts";
import { sniffDelimiter } from "./read-csv.ts";
import { READERS } from "./readers.ts";
import { type Session, withSession } from "./session.ts";
import { double, identifier } from "./sql.ts";
import { entrySql, entryType } from "./transform-sql.ts";

export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnSchema["type"];
  readonly key: boolean;
  readonly missing: number;
  readonly distinct: number;
  /** Of numbers and times (seconds since 1970 UTC); null for text. */
  readonly range: {
    readonly min: number;
    readonly median: number;
    readonly mean: number;
    readonly max: number;
  } | null;
  /** Rows in equally wide bins from min to max; null for text. */
  readonly histogram: readonly number[] | null;
  /** The most frequent values of text, most first. */
  readonly top: readonly { readonly value: string; readonly rows: number }[];
}

export interface Profile {
  /** Variant of `dataset` that reads the file. */
  readonly format: string;
  /** False for a CSV file whose first line is data already. */
  readonly header: boolean;
  readonly rows: number;
  /** Rows that cannot be read, the first of them described. */
  readonly unreadable: number;
  readonly examples: readonly string[];
  readonly columns: readonly ColumnProfile[];
  readonly schema: readonly ColumnSchema[];
}

const FORMATS: Readonly<Record<string, string>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
  ".txt": "text",
  ".db": "sqlite",
  ".sqlite": "sqlite",
  ".sqlite3": "sqlite",
};

const BINS = 10;
const TOP = 5;

export interface ProfileOptions {
  /** The table of a SQLite database. */
  readonly table?: string;
  readonly signal: AbortSignal;
}

/**
 * @param path Absolute path or glob; the ending says the format, CSV when it says nothing.
 * @throws StepFailure ML4001, ML4006 and what reading the format can say
 */
export async function profileFile(path: string, { table, signal }: ProfileOptions): Promise<Profile> {
  const root = mkdtempSync(join(tmpdir(), "mlops-profile-"));
  const format = FORMATS[extname(path).toLowerCase()] ?? "csv";
  const header = format !== "csv" || hasHeader(path);
  const props: Record<string, Json> = { path: basename(path), header, ...(table ? { table } : {}) };
  try {
    return await withSession({ root }, async (session) => {
      const context: ReadContext = {
        session,
        declaration: "dataset.profile",
        props,
        project: dirname(path),
        schema: null,
        onBadRow: "drop",
        signal,
        temporary: (suffix) => join(root, `copy${suffix}`),
      };
      // Readers of files take nothing of the step but its session.
      const raw = await READERS[format]!(context, {} as StepContext);
      if (raw.rows === 0) throw dataFailure(context, "ML4009", { source: basename(path) });
      const schema = await inferSchema(session, raw.columns, [], raw.typed);
      await checkRows(context, { ...raw, damaged: { count: 0, examples: [] } }, schema);
      await session.run(`DROP TABLE ${RAW}`);
      const columns: ColumnProfile[] = [];
      for (const column of schema) {
        signal.throwIfAborted();
        columns.push(await profileColumn(session, column, raw.rows));
      }
      return {
        format,
        header,
        rows: raw.rows,
        unreadable: raw.damaged.count,
        examples: raw.damaged.examples,
        columns,
        schema: schema.map((column, i) => (columns[i]!.key ? { ...column, role: "key" as const } : column)),
      };
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A line of names has no number, no empty field and nothing twice. */
function hasHeader(path: string): boolean {
  if (!existsSync(path)) return true;
  const delimiter = sniffDelimiter(path);
  let names: string[] = [];
  readRecords(path, delimiter, (record) => {
    names = splitRecord(record.bytes, delimiter).map((field) => field.value.trim());
    return false;
  });
  return (
    new Set(names).size === names.length && names.every((name) => name !== "" && Number.isNaN(Number(name)))
  );
}

async function profileColumn(session: Session, column: ColumnSchema, rows: number): Promise<ColumnProfile> {
  const stored = identifier(column.name);
  const counts = await session.row(
    `SELECT count(${stored}) AS present, count(DISTINCT ${stored}) AS many FROM ${TYPED}`,
  );
  const present = Number(counts["present"]);
  const distinct = Number(counts["many"]);
  const numeric = entryType(column.type) === "number";
  const range = numeric && present > 0 ? await rangeOf(session, entrySql(column)) : null;
  return {
    name: column.name,
    type: column.type,
    key: present === rows && distinct === rows && looksLikeKey(column),
    missing: rows - present,
    distinct,
    range,
    histogram: range ? await histogramOf(session, entrySql(column), range.min, range.max) : null,
    top: numeric ? [] : await topOf(session, stored),
  };
}

/** Unique text, or a unique whole number that is called an id; any other unique number may be a measurement. */
function looksLikeKey(column: ColumnSchema): boolean {
  return (
    column.type === "string" ||
    (column.type === "int" && /(^|[_\s]|[a-z])(id|ID|Id|key|no|number)$/.test(column.name))
  );
}

async function rangeOf(session: Session, value: string): Promise<ColumnProfile["range"]> {
  const row = await session.alone(() =>
    session.row(
      `SELECT min(v) AS min, median(v) AS median, avg(v) AS mean, max(v) AS max FROM (SELECT ${value} AS v FROM ${TYPED})`,
    ),
  );
  return {
    min: Number(row["min"]),
    median: Number(row["median"]),
    mean: Number(row["mean"]),
    max: Number(row["max"]),
  };
}

async function histogramOf(session: Session, value: string, min: number, max: number): Promise<number[]> {
  const bins = new Array<number>(BINS).fill(0);
  // A range too wide for its own width: every row falls into the first bin.
  const width = max - min;
  const place =
    width > 0 && Number.isFinite(width)
      ? `least(${BINS - 1}, floor((v - ${double(min)}) / ${double(width)} * ${BINS}))`
      : "0";
  const rows = await session.rows(
    `SELECT (${place})::INTEGER AS bin, count(*) AS n FROM (SELECT ${value} AS v FROM ${TYPED}) WHERE v IS NOT NULL GROUP BY bin`,
  );
  for (const row of rows) bins[Number(row["bin"])] = Number(row["n"]);
  return bins;
}

async function topOf(session: Session, stored: string): Promise<ColumnProfile["top"]> {
  const rows = await session.rows(
    `SELECT ${stored} AS value, count(*) AS n FROM ${TYPED} WHERE ${stored} IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT ${TOP}`,
  );
  return rows.map((row) => ({ value: String(row["value"]), rows: Number(row["n"]) }));
}
