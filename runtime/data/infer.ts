/** A schema for rows that have none declared. */
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import { castColumn, castQuery } from "./cast.ts";
import { RAW, type RawColumn } from "./raw.ts";
import type { Session } from "./session.ts";

export function plainColumn(name: string, type: ColumnType, nullable: boolean): ColumnSchema {
  return {
    name,
    type,
    nullable,
    role: null,
    positive: null,
    min: null,
    max: null,
    values: null,
    unique: false,
    pattern: null,
    format: null,
    redacted: false,
    doc: null,
  };
}

/** Types that text may turn out to hold, the narrowest first. No, NO and N are words (and Norway) unless declared. */
const NARROW: readonly ColumnType[] = ["int", "float", "date", "timestamp", "boolean"];

/** At most this many values make a category, and no more than half of the rows. */
const MOST_CATEGORIES = 50;

/**
 * @param typed The source has types of its own: its text is text.
 * Each column's type: the narrowest that every present cell has; of other text, `category` when few values repeat,
 * `text` when cells hold several words, else `string`. Nullable when a cell is missing.
 */
export async function inferSchema(
  session: Session,
  columns: readonly RawColumn[],
  missing: readonly string[],
  typed: boolean,
): Promise<ColumnSchema[]> {
  const inferred: ColumnSchema[] = [];
  for (const raw of columns) {
    const casts = NARROW.map((type, i) => castColumn(plainColumn(raw.name, type, true), raw, missing, i));
    const { present } = casts[0]!;
    const facts = await session.row(
      `SELECT count(*) AS rows, count(${present}) AS present, approx_count_distinct(${present}) AS many,
        avg(len(string_split(trim(${present}::VARCHAR), ' '))) AS words
       FROM ${RAW}`,
    );
    const sound = NARROW.map(
      (type, i) => `count_if(v${i} IS NOT NULL AND ${plainSpelling(type, `p${i}`)}) AS n${i}`,
    );
    const narrowed = await session.row(`SELECT ${sound.join(", ")} FROM (${castQuery(casts, RAW)})`);
    const count = Number(facts["present"]);
    const narrow = count === 0 || typed ? undefined : NARROW.find((_, i) => narrowed[`n${i}`] === count);
    let type = nativeType(raw.type) ?? narrow;
    if (type === undefined) {
      const many = Number(facts["many"]);
      if (count === 0 || (many <= MOST_CATEGORIES && many * 2 <= count)) type = "category";
      else type = Number(facts["words"]) >= 3 ? "text" : "string";
    }
    inferred.push(plainColumn(raw.name, type, count < Number(facts["rows"])));
  }
  return inferred;
}

/** Whether a cell is spelled as only that type would be: 007 is a code, not a number. */
function plainSpelling(type: ColumnType, present: string): string {
  const cell = `trim(${present}::VARCHAR)`;
  if (type === "int") return `NOT regexp_full_match(${cell}, '[+-]?0[0-9]+(\\.0*)?')`;
  if (type === "float") return `NOT regexp_full_match(${cell}, '[+-]?0[0-9].*')`;
  if (type === "boolean") return `lower(${cell}) IN ('true', 'false')`;
  return "TRUE";
}

/** The type that a typed source already says; undefined for text. */
function nativeType(type: string): ColumnType | undefined {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return "int";
  if (/^(DOUBLE|FLOAT|DECIMAL)/.test(type)) return "float";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DATE") return "date";
  if (type.startsWith("TIMESTAMP")) return "timestamp";
  if (type.startsWith("ENUM")) return "category";
  return undefined;
}
