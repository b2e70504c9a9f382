/** From a raw cell to a value of the declared type, and the rules that it must keep, in SQL. */
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import type { RawColumn } from "./raw.ts";
import { double, text } from "./sql.ts";

export interface Cast {
  /** The cell with every spelling of "missing" as NULL. */
  readonly present: string;
  /** The typed value; NULL when missing or not of the type. */
  readonly value: string;
  /** 0 when the cell is sound, else 1 + the index of the first of `rules` that it breaks. */
  readonly code: string;
  /** What each rule asks, for people: "a whole number". */
  readonly rules: readonly string[];
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

/** @param missing Spellings that mean a missing value, beside the empty one. */
export function castColumn(column: ColumnSchema, raw: RawColumn, missing: readonly string[]): Cast {
  const present = presentSql(raw, missing);
  const value = valueSql(column, raw.type, present);
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
  return { present, value, code: `(CASE ${cases} ELSE 0 END)`, rules: broken.map(({ rule }) => rule) };
}

function presentSql(raw: RawColumn, missing: readonly string[]): string {
  const cell = raw.alias;
  if (raw.type === "DOUBLE" || raw.type === "FLOAT") return `(CASE WHEN NOT isnan(${cell}) THEN ${cell} END)`;
  if (raw.type !== "VARCHAR") return cell;
  const spellings = ["", ...missing].map(text).join(", ");
  return `(CASE WHEN ${cell} NOT IN (${spellings}) THEN ${cell} END)`;
}

const INTEGERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
const FLOATS = /^(DOUBLE|FLOAT|DECIMAL.*)$/;
const TIMESTAMPS = /^TIMESTAMP(_S|_MS|_NS)?$/;

function valueSql(column: ColumnSchema, rawType: string, present: string): string {
  const whole = INTEGERS.test(rawType);
  const fraction = FLOATS.test(rawType);
  const asText = rawType === "VARCHAR" ? present : `${present}::VARCHAR`;
  const trimmed = `trim(${asText})`;
  switch (column.type) {
    case "int":
      if (whole) return `TRY_CAST(${present} AS BIGINT)`;
      if (fraction)
        return `(CASE WHEN ${present} = trunc(${present}) THEN TRY_CAST(${present} AS BIGINT) END)`;
      // `12.0` is how programs without an integer type write 12.
      return `(CASE WHEN regexp_full_match(${trimmed}, '[+-]?[0-9]+(\\.0*)?') THEN TRY_CAST(${trimmed} AS BIGINT) END)`;
    case "float": {
      const number =
        whole || fraction ? present : `(CASE WHEN NOT contains(${trimmed}, '_') THEN ${trimmed} END)`;
      const value = `TRY_CAST(${number} AS DOUBLE)`;
      return `(CASE WHEN isfinite(${value}) THEN ${value} END)`;
    }
    case "boolean":
      if (rawType === "BOOLEAN") return present;
      return `(CASE WHEN lower(${trimmed}) IN ('true', 'yes', 't', 'y', '1', '1.0') THEN TRUE WHEN lower(${trimmed}) IN ('false', 'no', 'f', 'n', '0', '0.0') THEN FALSE END)`;
    case "date":
      if (rawType === "DATE") return present;
      if (TIMESTAMPS.test(rawType))
        return `(CASE WHEN ${present} = date_trunc('day', ${present}) THEN ${present}::DATE END)`;
      if (column.format !== null) return `TRY_CAST(try_strptime(${trimmed}, ${text(column.format)}) AS DATE)`;
      return `(CASE WHEN regexp_full_match(${trimmed}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(${trimmed} AS DATE) END)`;
    case "timestamp":
      if (TIMESTAMPS.test(rawType) || rawType === "DATE") return `${present}::TIMESTAMP`;
      if (rawType.startsWith("TIMESTAMP")) return `(${present} AT TIME ZONE 'UTC')`;
      if (column.format !== null)
        return `TRY_CAST(try_strptime(${trimmed}, ${text(column.format)}) AS TIMESTAMP)`;
      return `(CASE WHEN regexp_full_match(${trimmed}, ${text(ISO_TIMESTAMP)}) THEN TRY_CAST(${trimmed} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END)`;
    default:
      return asText;
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
