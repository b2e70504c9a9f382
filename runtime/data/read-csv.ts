/** CSV: our own scan decides what a record is and where it stands; DuckDB then reads the values. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { type CsvShape, readRecords, splitRecord } from "./csv-records.ts";
import { existingPaths, shown, sourceName } from "./paths.ts";
import {
  type CellPlace,
  type Damage,
  dataFailure,
  matchColumns,
  RAW,
  type RawColumn,
  type RawRows,
  type ReadContext,
  SHOWN,
} from "./raw.ts";
import { identifier, text } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

interface CsvFile {
  readonly path: string;
  /** As shown to people. */
  readonly name: string;
  readonly delimiter: string;
  readonly header: boolean;
  readonly names: readonly string[];
  /** Sound records, the header not counted. */
  readonly rows: number;
  readonly damage: Damage;
  readonly shape: CsvShape;
}

/** @throws StepFailure ML4001, ML4002, ML4003 (records that cannot be read, unless dropped), ML4005, ML4006 */
export async function readCsv(context: ReadContext): Promise<RawRows> {
  const files = existingPaths(context).map((path) => scanFile(context, path));
  const damaged: Damage = {
    count: files.reduce((sum, file) => sum + file.damage.count, 0),
    examples: files.flatMap((file) => file.damage.examples).slice(0, SHOWN),
  };
  if (damaged.count > 0 && context.onBadRow === "fail") {
    throw dataFailure(
      context,
      "ML4003",
      { count: String(damaged.count), first: damaged.examples[0]! },
      { pointer: "/path", details: damaged.examples },
    );
  }
  const matched = files.map((file) => matchColumns(context, file.name, file.names));
  const columns = matched[0]!.map(({ name }, i): RawColumn => ({ name, alias: `r${i}`, type: "VARCHAR" }));
  await context.session.run(
    `CREATE TABLE ${RAW} (${[`${ROW_COLUMN} BIGINT`, ...columns.map((column) => `${column.alias} VARCHAR`)].join(", ")})`,
  );
  let rows = 0;
  for (const [i, file] of files.entries()) {
    context.signal.throwIfAborted();
    await insertFile(
      context,
      file,
      matched[i]!.map(({ index }) => index),
      rows,
    );
    rows += file.rows;
  }
  return { columns, rows, typed: false, damaged, locate: async (cells) => locate(files, matched, cells) };
}

function scanFile(context: ReadContext, path: string): CsvFile {
  const name = shown(context, path);
  const header = context.props["header"] !== false;
  const given = context.props["delimiter"];
  const delimiter = typeof given === "string" && given.length > 0 ? given : sniffDelimiter(path);
  let names: string[] | null = null;
  let rows = 0;
  let damaged = 0;
  const examples: string[] = [];
  const shape = readRecords(path, delimiter, (record) => {
    if (names === null) {
      const fields = splitRecord(record.bytes, delimiter);
      names = header ? fields.map((field) => field.value.trim()) : unnamed(context, fields.length);
      if (header) return;
    }
    const expected = names.length;
    const problem =
      record.problem ?? (record.fields === expected ? null : fieldCount(record.fields, expected));
    if (problem === null) rows += 1;
    else {
      damaged += 1;
      if (examples.length < SHOWN) examples.push(`${name}:${record.line}: ${problem}`);
    }
  });
  if (names === null)
    throw dataFailure(context, "ML4006", { file: name, problem: "it is empty" }, { pointer: "/path" });
  return { path, name, delimiter, header, names, rows, damage: { count: damaged, examples }, shape };
}

function fieldCount(found: number, expected: number): string {
  return `${found} field${found === 1 ? "" : "s"} instead of ${expected}`;
}

function unnamed(context: ReadContext, count: number): string[] {
  if (context.schema?.length === count) return context.schema.map((column) => column.name);
  if (context.schema) {
    throw dataFailure(context, "ML4006", {
      file: sourceName(context),
      problem: `it has ${count} columns and no header, but the schema names ${context.schema.length}`,
    });
  }
  return Array.from({ length: count }, (_, i) => `column${i + 1}`);
}

/** Of `,` `;` tab and `|` the one that cuts the first records into equally many fields, the most. */
export function sniffDelimiter(path: string): string {
  let best = ",";
  let most = 1;
  for (const delimiter of [",", ";", "\t", "|"]) {
    let expected = 0;
    let equal = true;
    let seen = 0;
    readRecords(path, delimiter, (record) => {
      if (seen === 0) expected = record.fields;
      else if (record.fields !== expected) equal = false;
      seen += 1;
      return seen < 50;
    });
    const score = equal ? expected : 1 + (expected - 1) / 1000;
    if (score > most) {
      best = delimiter;
      most = score;
    }
  }
  return best;
}

async function insertFile(
  context: ReadContext,
  file: CsvFile,
  wanted: readonly number[],
  base: number,
): Promise<void> {
  const plain =
    file.damage.count === 0 &&
    !file.shape.irregular &&
    file.shape.newlines.size <= 1 &&
    !file.shape.newlines.has("\r");
  if (plain && (await insert(context, file, file.path, wanted, base))) return;
  // What DuckDB reads differently is written out once more, quoted so that there is one way to read it.
  const copy = context.temporary(".csv");
  try {
    writeSound(file, copy);
    if (await insert(context, file, copy, wanted, base)) return;
  } finally {
    rmSync(copy, { force: true });
  }
  throw new Error(`${file.name}: DuckDB does not read the ${file.rows} records that the scan found`);
}

/** Adds the file's records to `raw`; false, and nothing added, when DuckDB sees others than the scan. */
async function insert(
  context: ReadContext,
  file: CsvFile,
  path: string,
  wanted: readonly number[],
  base: number,
): Promise<boolean> {
  const types = file.names.map((_, i) => `'f${i}': 'VARCHAR'`).join(", ");
  const options = [
    "auto_detect = false",
    `header = ${file.header}`,
    `delim = ${text(file.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    "nullstr = ''",
    "max_line_size = 67108864",
    `columns = {${types}}`,
  ];
  const selected = [`row_number() OVER () - 1 + ${base}`, ...wanted.map((index) => identifier(`f${index}`))];
  try {
    await context.session.run(
      `INSERT INTO ${RAW} SELECT ${selected.join(", ")} FROM read_csv(${text(path)}, ${options.join(", ")})`,
    );
  } catch (error) {
    if (!/CSV|Invalid unicode/i.test(String(error))) throw error;
    return false;
  }
  const { n } = await context.session.row(`SELECT count(*) AS n FROM ${RAW} WHERE ${ROW_COLUMN} >= ${base}`);
  if (n === file.rows) return true;
  await context.session.run(`DELETE FROM ${RAW} WHERE ${ROW_COLUMN} >= ${base}`);
  return false;
}

function writeSound(file: CsvFile, copy: string): void {
  const out = openSync(copy, "w");
  try {
    let first = true;
    let buffer = "";
    readRecords(file.path, file.delimiter, (record) => {
      const isHeader = first && file.header;
      first = false;
      if (!isHeader && (record.problem !== null || record.fields !== file.names.length)) return;
      const fields = splitRecord(record.bytes, file.delimiter).map(
        ({ value }) => `"${value.replaceAll('"', '""')}"`,
      );
      buffer += `${fields.join(file.delimiter)}\n`;
      if (buffer.length > 1_000_000) {
        writeSync(out, buffer);
        buffer = "";
      }
    });
    writeSync(out, buffer);
  } finally {
    closeSync(out);
  }
}

/** Reads the files again, only now that somebody asks where a row stands. */
function locate(
  files: readonly CsvFile[],
  matched: readonly (readonly { name: string; index: number }[])[],
  cells: readonly CellPlace[],
): string[] {
  const wanted = Map.groupBy(cells, (cell) => cell.row);
  const places = new Map<CellPlace, string>();
  const last = Math.max(...wanted.keys());
  let row = 0;
  for (const [i, file] of files.entries()) {
    if (row > last) break;
    let first = true;
    readRecords(file.path, file.delimiter, (record) => {
      const isHeader = first && file.header;
      first = false;
      if (isHeader || record.problem !== null || record.fields !== file.names.length) return;
      const here = wanted.get(row++);
      if (here) {
        const fields = splitRecord(record.bytes, file.delimiter);
        for (const cell of here) {
          const index = matched[i]!.find(({ name }) => name === cell.column)?.index ?? 0;
          const field = fields[index]!;
          places.set(cell, `${file.name}:${record.line + field.line}:${field.column}`);
        }
      }
      return row <= last;
    });
  }
  return cells.map((cell) => places.get(cell)!);
}
