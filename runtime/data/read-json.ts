/** JSON arrays of objects, and JSON Lines. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { errorOffset, locateElements, placeAt } from "./json-elements.ts";
import { existingPaths, shown } from "./paths.ts";
import {
  type CellPlace,
  type Damage,
  dataFailure,
  matchColumns,
  NO_DAMAGE,
  RAW,
  type RawRows,
  type ReadContext,
  SHOWN,
} from "./raw.ts";
import { firstLine } from "./read-parquet.ts";
import { text } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

type Format = "array" | "newline_delimited";

/** @throws StepFailure ML4001, ML4002, ML4006 (no JSON array of objects) */
export function readJson(context: ReadContext): Promise<RawRows> {
  return readObjects(context, "array");
}

/** @throws StepFailure ML4001, ML4002, ML4003 (lines that are no JSON object, unless dropped) */
export function readJsonLines(context: ReadContext): Promise<RawRows> {
  return readObjects(context, "newline_delimited");
}

interface Loaded {
  /** What DuckDB reads: the file, or a copy without its damaged lines. */
  readonly path: string;
  readonly original: string;
  readonly damage: Damage;
  /** Rows before this file's. */
  readonly start: number;
}

async function readObjects(context: ReadContext, format: Format): Promise<RawRows> {
  const files = existingPaths(context);
  const copies: string[] = [];
  try {
    const sound: Omit<Loaded, "start">[] = [];
    for (const file of files) {
      const legible = await isLegible(context, file, format);
      const damage = legible ? NO_DAMAGE : damageOf(context, file, format);
      const path = legible ? file : withoutDamage(context, file);
      if (path !== file) copies.push(path);
      sound.push({ path, original: file, damage });
    }
    const damaged: Damage = {
      count: sound.reduce((sum, file) => sum + file.damage.count, 0),
      examples: sound.flatMap((file) => file.damage.examples).slice(0, SHOWN),
    };
    const names = context.schema?.map((column) => column.name) ?? (await keysOf(context, sound, format));
    matchColumns({ ...context, schema: null }, files.map((file) => shown(context, file)).join(", "), names);
    const columns = names.map((name, i) => ({ name, alias: `r${i}`, type: "VARCHAR" }));
    await context.session.run(
      `CREATE TABLE ${RAW} (${[`${ROW_COLUMN} BIGINT`, ...columns.map((column) => `${column.alias} VARCHAR`)].join(", ")})`,
    );
    const loaded: Loaded[] = [];
    let rows = 0;
    for (const file of sound) {
      context.signal.throwIfAborted();
      loaded.push({ ...file, start: rows });
      const types = names.map((name) => `${text(name)}: 'VARCHAR'`).join(", ");
      const selected = [`row_number() OVER () - 1 + ${rows}`, ...columns.map((_, i) => `c.c${i}`)];
      const aliases = columns.map((_, i) => `c${i}`).join(", ");
      await context.session.run(
        `INSERT INTO ${RAW} SELECT ${selected.join(", ")} FROM read_json(${text(file.path)}, format = '${format}', records = true, columns = {${types}}, ${LIMIT}) AS c(${aliases})`,
      );
      rows = Number((await context.session.row(`SELECT count(*) AS n FROM ${RAW}`))["n"]);
    }
    await refuseAbsent(context, sound, format, columns);
    return {
      columns,
      rows,
      typed: false,
      nulls: true,
      damaged,
      locate: async (cells) => locate(context, loaded, format, cells),
    };
  } finally {
    for (const copy of copies) rmSync(copy, { force: true });
  }
}

/** The largest object that is read. */
const LIMIT = "maximum_object_size = 134217728";

async function isLegible(context: ReadContext, file: string, format: Format): Promise<boolean> {
  try {
    const { odd } = await context.session.row(
      `SELECT count_if(json_type(json) <> 'OBJECT') AS odd FROM read_json_objects(${text(file)}, format = '${format}', ${LIMIT})`,
    );
    return odd === 0;
  } catch (error) {
    if (!/JSON|Invalid Input|unicode|UTF/i.test(firstLine(error))) throw error;
    return false;
  }
}

/** @throws StepFailure ML4006 for an array, which is broken as a whole; ML4003 for lines under `fail` */
function damageOf(context: ReadContext, file: string, format: Format): Damage {
  const name = shown(context, file);
  if (format === "array") {
    throw dataFailure(
      context,
      "ML4006",
      { file: name, problem: arrayProblem(readFileSync(file, "utf8")) },
      { pointer: "/path" },
    );
  }
  let count = 0;
  const examples: string[] = [];
  forEachLine(file, (line, number) => {
    const problem = lineProblem(line);
    if (problem === null) return;
    count += 1;
    if (examples.length < SHOWN) examples.push(`${name}:${number}: ${problem}`);
  });
  if (context.onBadRow === "fail") {
    throw dataFailure(
      context,
      "ML4003",
      { count: String(count), first: examples[0]! },
      { pointer: "/path", details: examples },
    );
  }
  return { count, examples };
}

function arrayProblem(content: string): string {
  try {
    const value: unknown = JSON.parse(content);
    if (!Array.isArray(value)) return "it holds no array; for one object a line use `jsonl`";
    const odd = value.findIndex(
      (element) => typeof element !== "object" || element === null || Array.isArray(element),
    );
    return odd >= 0 ? `element ${odd + 1} of its array is no object` : "it cannot be read";
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { line, column } = placeAt(content, errorOffset(content));
    return `line ${line}, column ${column}: ${message.replace(/,? (in JSON at position|\.\.\.|").*$/s, "")}`;
  }
}

function lineProblem(line: string): string | null {
  if (line.trim() === "") return null;
  if (line.includes("\ufffd")) return "bytes that are not UTF-8";
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "no JSON object";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function withoutDamage(context: ReadContext, file: string): string {
  const copy = context.temporary(".jsonl");
  const out = openSync(copy, "w");
  try {
    forEachLine(file, (line) => {
      if (lineProblem(line) === null) writeSync(out, `${line}\n`);
    });
  } finally {
    closeSync(out);
  }
  return copy;
}

/** Only for files that DuckDB refused, and to say where a row stands. */
function forEachLine(file: string, visit: (line: string, number: number) => void): void {
  const content = readFileSync(file, "utf8").replace(/^\ufeff/, "");
  content.split("\n").forEach((line, i) => {
    visit(line.endsWith("\r") ? line.slice(0, -1) : line, i + 1);
  });
}

/** Keys in the order of their first appearance. */
async function keysOf(
  context: ReadContext,
  files: readonly Omit<Loaded, "start">[],
  format: Format,
): Promise<string[]> {
  const keys = new Set<string>();
  for (const { path } of files) {
    const found = await context.session.rows(
      `SELECT key, min(row) AS first, arg_min(place, row) AS place FROM (
         SELECT row, unnest(json_keys(json)) AS key, generate_subscripts(json_keys(json), 1) AS place
         FROM (SELECT row_number() OVER () AS row, json FROM read_json_objects(${text(path)}, format = '${format}', ${LIMIT}))
       ) GROUP BY key ORDER BY first, place`,
    );
    for (const row of found) keys.add(String(row["key"]));
  }
  return [...keys];
}

/** A declared column without any value may be one that no object has. */
async function refuseAbsent(
  context: ReadContext,
  files: readonly Omit<Loaded, "start">[],
  format: Format,
  columns: readonly { name: string; alias: string }[],
): Promise<void> {
  if (!context.schema || columns.length === 0) return;
  const counts = await context.session.row(
    `SELECT ${columns.map(({ alias }) => `count(${alias}) AS ${alias}`).join(", ")} FROM ${RAW}`,
  );
  if (columns.every(({ alias }) => Number(counts[alias]) > 0)) return;
  const names = files.map(({ original }) => shown(context, original)).join(", ");
  const keys = await keysOf(context, files, format);
  if (keys.length > 0) matchColumns(context, names, keys);
}

function locate(
  context: ReadContext,
  files: readonly Loaded[],
  format: Format,
  cells: readonly CellPlace[],
): string[] {
  const places = new Map<CellPlace, string>();
  const byFile = Map.groupBy(cells, (cell) => files.findLast((file) => file.start <= cell.row)!);
  for (const [file, here] of byFile) {
    const name = shown(context, file.original);
    const content = readFileSync(file.original, "utf8");
    if (format === "array") {
      const found = locateElements(
        content,
        here.map((cell) => ({ row: cell.row - file.start, column: cell.column })),
      );
      here.forEach((cell, i) => {
        places.set(cell, `${name}:${found[i]!.line}:${found[i]!.column}`);
      });
      continue;
    }
    const wanted = Map.groupBy(here, (cell) => cell.row - file.start);
    let row = 0;
    forEachLine(file.original, (line, number) => {
      if (line.trim() === "" || (file.damage.count > 0 && lineProblem(line) !== null)) return;
      for (const cell of wanted.get(row) ?? []) {
        places.set(cell, `${name}:${number}:${Math.max(0, line.indexOf(JSON.stringify(cell.column))) + 1}`);
      }
      row += 1;
    });
  }
  return cells.map((cell) => places.get(cell)!);
}
