/** Which reader fills `raw` for each variant of `dataset`. */
import type { StepContext } from "../execute/step.ts";
import type { RawRows, ReadContext } from "./raw.ts";
import { readCsv } from "./read-csv.ts";
import { readEncoded } from "./read-encoded.ts";
import { readJson, readJsonLines } from "./read-json.ts";
import { readParquet } from "./read-parquet.ts";
import { readSql } from "./read-sql.ts";
import { readSqlite } from "./read-sqlite.ts";
import { readText } from "./read-text.ts";

export type Reader = (context: ReadContext, step: StepContext) => Promise<RawRows>;

export const READERS: Readonly<Record<string, Reader>> = {
  csv: readCsv,
  json: readJson,
  jsonl: readJsonLines,
  parquet: readParquet,
  text: readText,
  sqlite: readSqlite,
  sql: readSql,
  encoded: readEncoded,
};
