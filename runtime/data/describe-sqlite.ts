/** What SQLite says of a table or query before anything runs, where the database is on this machine. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Finding } from "../../language/diagnostics/report.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import { closest } from "./closest.ts";
import { matchColumns } from "./raw.ts";
import { identifier } from "./sql.ts";

/** Nothing for a database that is not there: another machine may have it. */
export function describeSqlite({ id, props }: Declaration, project: string): Finding[] {
  const { path, table, query } = props;
  const file = typeof path === "string" ? resolve(project, path) : null;
  if (file === null || !existsSync(file)) return [];
  const refuse = (problem: string, pointer: string): Finding[] => [
    { code: "ML4007", values: { problem }, declaration: id, pointer },
  ];
  const database = open(file);
  if (database === null) return [];
  try {
    const tables = namesIn(database, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
    if (typeof table === "string" && !tables.includes(table)) {
      const near = closest(table, tables);
      return refuse(
        `no table is called \`${table}\`${near === null ? "" : `; did you mean \`${near}\`?`}`,
        "/table",
      );
    }
    const statement = database.prepare(
      typeof table === "string" ? `SELECT * FROM ${identifier(table)}` : String(query),
    );
    const schema = (props["schema"] as readonly ColumnSchema[] | undefined) ?? null; // as the checker accepted it
    matchColumns(
      { declaration: id, schema },
      typeof table === "string" ? `The table ${table}` : "the query",
      statement.columns().map(({ name }) => name),
    );
    return [];
  } catch (error) {
    if (error instanceof StepFailure) return [error.diagnostic];
    const message = error instanceof Error ? error.message : String(error);
    return refuse(withSuggestion(message, database), typeof table === "string" ? "/table" : "/query");
  } finally {
    database.close();
  }
}

/** Null for a file that is no database: `run` says so when it reads it. */
function open(file: string): DatabaseSync | null {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.prepare("SELECT count(*) FROM sqlite_schema").all();
    return database;
  } catch {
    return null;
  }
}

const namesIn = (database: DatabaseSync, query: string): string[] =>
  database
    .prepare(query)
    .all()
    .map((row) => String(row["name"]));

function withSuggestion(message: string, database: DatabaseSync): string {
  const [, kind, written = ""] = /^no such (column|table): (.+)$/.exec(message) ?? [];
  if (kind === undefined) return message;
  const name = written.slice(written.lastIndexOf(".") + 1);
  const known = namesIn(
    database,
    kind === "table"
      ? "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
      : "SELECT DISTINCT c.name AS name FROM sqlite_schema s JOIN pragma_table_info(s.name) c WHERE s.type IN ('table', 'view')",
  );
  const near = closest(name, known);
  return `no ${kind} is called \`${name}\`${near === null ? "" : `; did you mean \`${near}\`?`}`;
}
