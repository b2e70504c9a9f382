/** Types and rules of the schema over all rows: bad rows are reported, dropped or kept with the bad values missing. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { RuntimeDiagnostic } from "../execute/step.ts";
import { type Cast, castColumn, castQuery } from "./cast.ts";
import {
  dataFailure,
  diagnosticOf,
  RAW,
  type RawColumn,
  type RawRows,
  type ReadContext,
  SHOWN,
} from "./raw.ts";
import type { Cell } from "./session.ts";
import { identifier } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

/** The session's view of the sound, typed rows, under the schema's own names. */
export const TYPED = "typed";
/** All rows, cast, with what is wrong with each cell. */
const CHECKED = "checked";

export interface CheckedRows {
  readonly rows: number;
  /** Rows that broke a rule or could not be read. */
  readonly badRows: number;
  readonly dropped: number;
  /** Bad cells by column. */
  readonly byColumn: Readonly<Record<string, number>>;
  readonly diagnostics: readonly RuntimeDiagnostic[];
  readonly notes: readonly string[];
}

interface Checked {
  readonly column: ColumnSchema;
  readonly raw: RawColumn;
  readonly cast: Cast;
}

/** Columns that must not repeat: those marked `unique`, and the key columns together. */
export function uniqueGroups(columns: readonly ColumnSchema[]): ColumnSchema[][] {
  const keys = columns.filter((column) => column.role === "key");
  const single = columns.filter((column) => column.unique && !(keys.length === 1 && keys[0] === column));
  return [...(keys.length > 0 ? [keys] : []), ...single.map((column) => [column])];
}

/**
 * Makes `typed` from `raw`.
 * @throws StepFailure ML4004 with every kind of bad row counted and the first shown, under `on_bad_row = fail`.
 */
export async function checkRows(
  context: ReadContext,
  raw: RawRows,
  columns: readonly ColumnSchema[],
): Promise<CheckedRows> {
  const { session } = context;
  const missing = (context.props["missing"] as readonly string[] | undefined) ?? [];
  const checked = columns.map((column, i): Checked => {
    const source = raw.columns.find((candidate) => candidate.name === column.name)!;
    return { column, raw: source, cast: castColumn(column, source, missing, i, raw.nulls === true) };
  });
  await session.run(
    `CREATE TABLE ${CHECKED} AS SELECT ${[ROW_COLUMN, ...checked.map((_, i) => `v${i}, k${i}`)].join(", ")} FROM (${castQuery(
      checked.map(({ cast }) => cast),
      RAW,
    )})`,
  );
  const anyBad = anyOf(checked.length);
  const counts = await session.row(
    `SELECT count_if(${anyBad}) AS bad, ${checked.map((_, i) => `count_if(k${i} > 0) AS b${i}`).join(", ")} FROM ${CHECKED}`,
  );
  const keep = context.onBadRow === "keep";
  const drop = context.onBadRow === "drop";
  const bad = Number(counts["bad"]);
  const values = checked.map(({ column }, i) => {
    const value = keep && bad > 0 ? `CASE WHEN k${i} = 0 THEN v${i} END` : `v${i}`;
    return `${value} AS ${identifier(column.name)}`;
  });
  const sound = drop && bad > 0 ? ` WHERE NOT (${anyBad})` : "";
  await session.run(
    `CREATE VIEW ${TYPED} AS SELECT ${ROW_COLUMN}, ${values.join(", ")} FROM ${CHECKED}${sound}`,
  );
  const repeated = await findRepeated(context, columns);
  const byColumn: Record<string, number> = {};
  checked.forEach(({ column }, i) => {
    const count = Number(counts[`b${i}`]) + (repeated.byColumn.get(column.name) ?? 0);
    if (count > 0) byColumn[column.name] = count;
  });
  const badRows = bad + repeated.rows + raw.damaged.count;
  if (badRows === 0) return { rows: raw.rows, badRows: 0, dropped: 0, byColumn, diagnostics: [], notes: [] };

  const details = [
    ...raw.damaged.examples,
    ...(await describeBad(context, raw, checked)),
    ...(await describeRepeated(context, raw, repeated.examples)),
  ].slice(0, SHOWN);
  const total = raw.rows + raw.damaged.count;
  const where = Object.entries(byColumn).map(([name, count]) => `${name} ${count}`);
  if (raw.damaged.count > 0) where.unshift(`unreadable ${raw.damaged.count}`);
  const said = { count: String(badRows), total: String(total), columns: where.join(", ") };
  if (context.onBadRow === "fail") {
    const [first] = Object.keys(byColumn);
    const at = columns.findIndex((column) => column.name === first);
    // The column's own line, where one is declared and what is wrong is a value.
    const pointer = at < 0 ? "/schema" : `/schema/${at}`;
    throw dataFailure(context, "ML4004", { ...said, first: details[0]! }, { pointer, details });
  }
  if (drop && repeated.rows > 0) {
    const first = `SELECT * FROM ${TYPED} WHERE ${ROW_COLUMN} NOT IN (SELECT ${ROW_COLUMN} FROM repeated)`;
    await session.run(`CREATE TABLE first_rows AS ${first} ORDER BY ${ROW_COLUMN}`);
    await session.run(`CREATE OR REPLACE VIEW ${TYPED} AS SELECT * FROM first_rows`);
  }
  const { n } = await session.row(`SELECT count(*) AS n FROM ${TYPED}`);
  const dropped = total - Number(n);
  const done = drop ? `left out ${dropped}` : `kept ${badRows - raw.damaged.count}, bad values missing`;
  return {
    rows: Number(n),
    badRows,
    dropped,
    byColumn,
    diagnostics: [diagnosticOf(context, "ML4011", { ...said, done }, { pointer: "/on_bad_row", details })],
    notes: [`${badRows} of ${total} rows were bad (${said.columns}); ${done}`, ...details],
  };
}

/** Some column's value is bad. One call, for a chain of `OR`s over the pixels of an image is too deep for DuckDB. */
const anyOf = (columns: number): string =>
  `greatest(${Array.from({ length: columns }, (_, i) => `k${i}`).join(", ")}) > 0`;

interface Repeated {
  readonly rows: number;
  readonly byColumn: ReadonlyMap<string, number>;
  readonly examples: readonly { row: number; first: number; columns: readonly ColumnSchema[] }[];
}

/** Rows whose key or unique value an earlier row has; their places go to the session's table `repeated`. */
async function findRepeated(context: ReadContext, columns: readonly ColumnSchema[]): Promise<Repeated> {
  const { session } = context;
  const byColumn = new Map<string, number>();
  const examples: Repeated["examples"][number][] = [];
  const groups = uniqueGroups(columns);
  let any = false;
  for (const group of groups) {
    const names = group.map((column) => identifier(column.name)).join(", ");
    const present = group.map((column) => `${identifier(column.name)} IS NOT NULL`).join(" AND ");
    const { repeats } = await session.row(
      `SELECT count(*) - count(DISTINCT (${names})) AS repeats FROM ${TYPED} WHERE ${present}`,
    );
    if (Number(repeats) === 0) continue;
    if (!any) await session.run(`CREATE TABLE repeated (${ROW_COLUMN} BIGINT)`);
    any = true;
    byColumn.set(group[0]!.name, Number(repeats));
    const ranked = `SELECT ${ROW_COLUMN}, min(${ROW_COLUMN}) OVER (PARTITION BY ${names}) AS first FROM ${TYPED} WHERE ${present}`;
    await session.run(
      `INSERT INTO repeated SELECT ${ROW_COLUMN} FROM (${ranked}) WHERE first < ${ROW_COLUMN}`,
    );
    const shown = await session.rows(
      `SELECT ${ROW_COLUMN} AS row, first FROM (${ranked}) WHERE first < ${ROW_COLUMN} ORDER BY row LIMIT ${SHOWN}`,
    );
    examples.push(
      ...shown.map((row) => ({ row: Number(row["row"]), first: Number(row["first"]), columns: group })),
    );
  }
  const rows = any
    ? Number((await session.row(`SELECT count(DISTINCT ${ROW_COLUMN}) AS n FROM repeated`))["n"])
    : 0;
  return { rows, byColumn, examples };
}

async function describeBad(
  context: ReadContext,
  raw: RawRows,
  checked: readonly Checked[],
): Promise<string[]> {
  const cells = checked.flatMap(({ raw: source }, i) => [
    `k${i} AS code${i}`,
    `${source.alias}::VARCHAR AS value${i}`,
  ]);
  const bad = `SELECT * FROM ${CHECKED} WHERE ${anyOf(checked.length)} ORDER BY ${ROW_COLUMN} LIMIT ${SHOWN}`;
  const rows = await context.session.rows(
    `SELECT ${ROW_COLUMN} AS row, ${cells.join(", ")} FROM (${bad}) JOIN ${RAW} USING (${ROW_COLUMN}) ORDER BY row`,
  );
  const found = rows.flatMap((row) =>
    checked.flatMap(({ column, cast }, i) => {
      const code = Number(row[`code${i}`]);
      if (code === 0) return [];
      const said = `${column.name} ${sayValue(column, row[`value${i}`] ?? null)} is not ${cast.rules[code - 1]!}`;
      return [{ row: Number(row["row"]), column: column.name, said }];
    }),
  );
  if (found.length === 0) return [];
  const places = await raw.locate(found);
  return found.map(({ said }, i) => `${places[i]}: ${said}`);
}

async function describeRepeated(
  context: ReadContext,
  raw: RawRows,
  examples: Repeated["examples"],
): Promise<string[]> {
  if (examples.length === 0) return [];
  const cells = examples.flatMap(({ row, first, columns }) => [
    { row, column: columns[0]!.name },
    { row: first, column: columns[0]!.name },
  ]);
  const places = await raw.locate(cells);
  const values = await context.session.rows(
    `SELECT ${ROW_COLUMN} AS row, * FROM ${TYPED} WHERE ${ROW_COLUMN} IN (${examples.map(({ row }) => row).join(", ")})`,
  );
  return examples.map(({ row, columns }, i) => {
    const cell = values.find((candidate) => candidate["row"] === row);
    const said = columns
      .map((column) => `${column.name} ${sayValue(column, cell?.[column.name] ?? null)}`)
      .join(", ");
    return `${places[2 * i]}: ${said} is not unique (first at ${places[2 * i + 1]})`;
  });
}

function sayValue(column: ColumnSchema, value: Cell): string {
  if (value === null || value === "") return "(empty)";
  if (column.redacted) return "(redacted)";
  const said = JSON.stringify(String(value));
  return said.length > 80 ? `${said.slice(0, 77)}…"` : said;
}
