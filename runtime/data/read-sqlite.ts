/** A table or a query of a SQLite database, through Node's own SQLite. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { appendTexts } from "./append.ts";
import { closest } from "./closest.ts";
import { existingPaths, shown } from "./paths.ts";
import { dataFailure, matchColumns, NO_DAMAGE, RAW, type RawRows, type ReadContext } from "./raw.ts";
import { identifier } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

/**
 * Rows come in the query's order; a table's in the order of its key (rowid), which a file keeps.
 * @throws StepFailure ML4001, ML4002, ML4006 (no SQLite database), ML4007 (a query that SQLite refuses), ML4012
 */
export async function readSqlite(context: ReadContext): Promise<RawRows> {
  const [file] = existingPaths(context) as [string, ...string[]];
  const name = shown(context, file);
  const { table, query } = context.props;
  if ((typeof table === "string") === (typeof query === "string")) {
    throw dataFailure(
      context,
      "ML4012",
      { problem: "give `table` or `query`, one of the two" },
      { pointer: "/path" },
    );
  }
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const statement = prepare(context, database, name);
    // Integers beyond 2^53 stay whole, and arrays keep columns of one name apart.
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const matched = matchColumns(
      context,
      name,
      statement.columns().map((column) => column.name),
    );
    const columns = matched.map((column, i) => ({ name: column.name, alias: `r${i}`, type: "VARCHAR" }));
    await context.session.run(
      `CREATE TABLE ${RAW} (${[`${ROW_COLUMN} BIGINT`, ...columns.map((column) => `${column.alias} VARCHAR`)].join(", ")})`,
    );
    const rows = await appendTexts(context.session, RAW, columns.length, function* () {
      for (const row of statement.iterate() as Iterable<unknown>) {
        const cells = row as readonly unknown[];
        yield matched.map(({ index }) => textOf(cells[index]));
      }
    });
    const source = typeof table === "string" ? `${name}: ${table}` : `${name}: query`;
    return {
      columns,
      rows,
      typed: false,
      nulls: true,
      damaged: NO_DAMAGE,
      locate: async (cells) => cells.map((cell) => `${source}, row ${cell.row + 1}, ${cell.column}`),
    };
  } finally {
    database.close();
  }
}

function prepare(context: ReadContext, database: DatabaseSync, file: string): StatementSync {
  const { table, query } = context.props;
  let tables: string[];
  try {
    const found = database
      .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")
      .all();
    tables = found.map((row) => String(row["name"]));
  } catch (error) {
    throw dataFailure(context, "ML4006", { file, problem: messageOf(error) }, { pointer: "/path" });
  }
  if (typeof table === "string") {
    if (tables.includes(table)) return database.prepare(`SELECT * FROM ${identifier(table)}`);
    const near = closest(table, tables);
    throw dataFailure(
      context,
      "ML4007",
      { problem: `no table ${table}${near ? `; did you mean ${near}?` : ""}` },
      { pointer: "/table", details: [`${file} has: ${tables.join(", ")}`] },
    );
  }
  try {
    return database.prepare(String(query));
  } catch (error) {
    throw dataFailure(context, "ML4007", { problem: messageOf(error) }, { pointer: "/query" });
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return String(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
