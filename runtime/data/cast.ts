/** From a raw cell to a value of the declared type, and the rules that it must keep, in SQL. */
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import type { RawColumn } from "./raw.ts";
import { double, text } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

/**
 * The pieces of one column's cast. Each names the results of the pieces before it, `p0`, `w0`, `v0` and `k0` for
 * column 0, because `castQuery` lays them over each other: an expression written twice would be computed twice.
 */
export interface Cast {
  /** The cell with every spelling of "missing" as NULL. */
  readonly present: string;
  /** The cell read as the type, before what SQL reads too generously is taken out again. */
  readonly parsed: string;
  /** The typed value; NULL when missing or not of the type. */
  readonly value: string;
  /** 0 when the cell is sound, else 1 + the index of the first of `rules` that it breaks. */
  readonly code: string;
  /** What each rule asks, for people: "a whole number". */
  readonly rules: readonly string[];
}

/** A query over `from` (the table `raw`) with `__row`, each column's value `v0`, `v1`, … and code `k0`, `k1`, …, and cell `p0`, `p1`, …. */
export function castQuery(casts: readonly Cast[], from: string): string {
  const each = (piece: keyof Omit<Cast, "rules">, name: string) =>
    casts.map((cast, i) => `${cast[piece]} AS ${name}${i}`).join(", ");
  const present = `SELECT ${ROW_COLUMN}, ${each("present", "p")} FROM ${from}`;
  const parsed = `SELECT *, ${each("parsed", "w")} FROM (${present})`;
  const value = `SELECT *, ${each("value", "v")} FROM (${parsed})`;
  const values = casts.map((_, i) => `p${i}, v${i}`).join(", ");
  return `SELECT ${ROW_COLUMN}, ${values}, ${each("code", "k")} FROM (${value})`;
}

/** DuckDB's type of each column type, as the Parquet file holds it. */
export const STORED: Readonly<Record<ColumnType, string>> = {
  int: "BIGINT",
  float: "DOUBLE",
  boolean: "BOOLEAN",
  category: "VARCHAR",
  string: "VARCHAR",
  text: "VARCHAR",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/**
 * @param index The column's place in `castQuery`.
 * @param missing Spellings that mean a missing value, beside the empty one.
 * @param nulls The source has a `null`: in a column of texts that may not be missing, the empty one is a text.
 */
export function castColumn(
  column: ColumnSchema,
  raw: RawColumn,
  missing: readonly string[],
  index: number,
  nulls = false,
): Cast {
  const [present, parsed, value] = [`p${index}`, `w${index}`, `v${index}`];
  const broken: { readonly rule: string; readonly when: string }[] = [
    { rule: typeRule(column), when: `${present} IS NOT NULL AND ${value} IS NULL` },
  ];
  if (!column.nullable) broken.push({ rule: "a value (it is missing)", when: `${present} IS NULL` });
  if (column.min !== null)
    broken.push({ rule: `at least ${column.min}`, when: `${value} < ${double(column.min)}` });
  if (column.max !== null)
    broken.push({ rule: `at most ${column.max}`, when: `${value} > ${double(column.max)}` });
  if (column.values !== null) {
    const numeric = column.type === "int" || column.type === "float";
    const among = column.values.map((item) => (numeric ? double(Number(item)) : text(String(item))));
    broken.push({
      rule: `one of ${column.values.join(", ")}`,
      when: `${value} NOT IN (${among.join(", ")})`,
    });
  }
  if (column.pattern !== null) {
    broken.push({
      rule: `text that matches ${column.pattern}`,
      when: `NOT regexp_full_match(${value}, ${text(column.pattern)})`,
    });
  }
  const cases = broken.map(({ when }, i) => `WHEN ${when} THEN ${i + 1}`).join(" ");
  return {
    present: presentSql(
      raw,
      nulls && column.type === "text" && !column.nullable ? missing : ["", ...missing],
    ),
    parsed: parsedSql(column, raw.type, present),
    value: soundSql(column, raw.type, present, parsed),
    code: `(CASE ${cases} ELSE 0 END)::UTINYINT`,
    rules: broken.map(({ rule }) => rule),
  };
}

function presentSql(raw: RawColumn, spellings: readonly string[]): string {
  const cell = raw.alias;
  if (raw.type === "DOUBLE" || raw.type === "FLOAT") return `(CASE WHEN NOT isnan(${cell}) THEN ${cell} END)`;
  if (raw.type !== "VARCHAR") return cell;
  if (spellings.length === 0) return cell;
  return `(CASE WHEN ${cell} NOT IN (${spellings.map(text).join(", ")}) THEN ${cell} END)`;
}

const INTEGERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
const FLOATS = /^(DOUBLE|FLOAT|DECIMAL.*)$/;
const TIMESTAMPS = /^TIMESTAMP(_S|_MS|_NS)?$/;

function parsedSql(column: ColumnSchema, rawType: string, present: string): string {
  const asText = rawType === "VARCHAR" ? present : `${present}::VARCHAR`;
  const format = column.format === null ? null : text(column.format);
  switch (column.type) {
    case "int":
      return `TRY_CAST(${INTEGERS.test(rawType) || FLOATS.test(rawType) ? present : `trim(${asText})`} AS BIGINT)`;
    case "float":
      return `TRY_CAST(${present} AS DOUBLE)`;
    case "boolean":
      if (rawType === "BOOLEAN") return present;
      return `(CASE WHEN lower(trim(${asText})) IN ('true', 'yes', 't', 'y', '1', '1.0') THEN TRUE WHEN lower(trim(${asText})) IN ('false', 'no', 'f', 'n', '0', '0.0') THEN FALSE END)`;
    case "date":
      if (rawType === "DATE" || TIMESTAMPS.test(rawType)) return `${present}::DATE`;
      return `TRY_CAST(${format === null ? `trim(${asText})` : `try_strptime(trim(${asText}), ${format})`} AS DATE)`;
    case "timestamp":
      if (TIMESTAMPS.test(rawType) || rawType === "DATE") return `${present}::TIMESTAMP`;
      if (rawType.startsWith("TIMESTAMP")) return `(${present} AT TIME ZONE 'UTC')`;
      if (format !== null) return `TRY_CAST(try_strptime(trim(${asText}), ${format}) AS TIMESTAMP)`;
      return `(TRY_CAST(trim(${asText}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
    default:
      return asText;
  }
}

/** Takes out what SQL reads more generously than a schema means: 1.5 as a whole number, 1_000, infinity. */
function soundSql(column: ColumnSchema, rawType: string, present: string, parsed: string): string {
  const native = rawType !== "VARCHAR";
  const like = (pattern: string) =>
    `(CASE WHEN regexp_full_match(trim(${present}), ${text(pattern)}) THEN ${parsed} END)`;
  switch (column.type) {
    case "int":
      if (INTEGERS.test(rawType)) return parsed;
      if (FLOATS.test(rawType)) return `(CASE WHEN ${present} = ${parsed} THEN ${parsed} END)`;
      // `12.0` is how programs without an integer type write 12.
      return native ? parsed : like("[+-]?[0-9]+(\\.0*)?");
    case "float":
      return native
        ? `(CASE WHEN isfinite(${parsed}) THEN ${parsed} END)`
        : `(CASE WHEN isfinite(${parsed}) AND NOT contains(${present}, '_') THEN ${parsed} END)`;
    case "date":
      if (TIMESTAMPS.test(rawType)) return `(CASE WHEN ${parsed}::TIMESTAMP = ${present} THEN ${parsed} END)`;
      return native || column.format !== null ? parsed : like("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    case "timestamp":
      return native || column.format !== null ? parsed : like(ISO_TIMESTAMP);
    default:
      return parsed;
  }
}

/** ISO 8601 as RFC 3339 narrows it, seconds and offset optional. */
const ISO_TIMESTAMP =
  "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?";

function typeRule(column: ColumnSchema): string {
  const format = column.format === null ? "ISO 8601, 2024-12-31" : column.format;
  switch (column.type) {
    case "int":
      return "a whole number of 64 bits";
    case "float":
      return "a finite number";
    case "boolean":
      return "true or false (yes, no, 1, 0)";
    case "date":
      return `a date (${format})`;
    case "timestamp":
      return `a moment (${column.format === null ? "ISO 8601, 2024-12-31T23:59:00Z" : format})`;
    default:
      return "text";
  }
}
